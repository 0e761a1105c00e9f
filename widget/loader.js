// The script tag. It draws the launcher, takes what the page asks for, and fetches the chat when somebody is about to need
// it; until then it opens no socket, sends nothing and stores nothing. On a click the panel's shell is there in the same frame,
// with a composer that takes words already; the wasm then moves into that very shell, so not a letter is lost.
//
// It touches nothing of the page but its own element and one global, and throws nothing into it. No markup is ever parsed:
// pages may enforce Trusted Types. Every byte counts here (2,048 with the CSS, compressed): what can come later comes later.
(() => {
  const page = document;
  const tag = page.currentScript;
  const queued = window.commesso || {};
  // A page that runs its scripts again after it navigated has the chat already.
  if (!tag || queued.ready) return;

  const settings = { consent: "g", ...tag.dataset, base: tag.src.replace(/.[^/]*$/, "") };
  const prefix = "commesso:" + settings.shop + ":";
  const at = settings.base + "__WIDGET__";
  // Ends every listener at once.
  const life = new AbortController();
  let chat, drawn, body, word = "close", loading, from, panel, sdk, input, retry = "";

  const attempt = (f) => {
    try {
      return f();
    } catch {}
  };
  const kept = (name) => attempt(() => localStorage[prefix + name] || sessionStorage[prefix + name]);

  const make = (name, attributes, ...children) => {
    // Of all that is made here, an svg and a path alone have these letters.
    const element = /g|p/.test(name) ? page.createElementNS("http://www.w3.org/2000/svg", name) : page.createElement(name);
    for (const key in attributes) element.setAttribute(key, attributes[key]);
    element.append(...children);
    return element;
  };
  const button = (name, d, label = name) =>
    make("button", { class: name, "aria-label": label }, make("svg", 0, make("path", { d })));
  const say = (name, detail) => page.dispatchEvent(new CustomEvent("commesso:" + name, { detail }));
  const told = (word) => chat && chat(word);
  const listen = (name, heard) => page.addEventListener(name, heard, life);
  // Where the panel covers the page.
  const isSmall = () => matchMedia("(max-width:479px),(max-height:479px)").matches;

  const launcher = button("launcher", "M4 5h16v11h-9l-4 4v-4H4z", "Chat");
  const root = make("div", { class: "root" }, launcher);
  const host = make("commesso-chat");
  const shadow = host.attachShadow({ mode: "open" });

  // Pages that replace what is in them lose the host: it comes back.
  const attach = () => {
    if (drawn && !host.isConnected) page.documentElement.append(host);
  };
  const watch = new MutationObserver(attach);
  watch.observe(page.documentElement, { childList: true });

  // Nothing is drawn, read, stored or sent where the shopper was to be asked and has not agreed.
  const draw = () => {
    drawn ||= /^[gt]/i.test(settings.consent) && !dress();
    attach();
  };

  // The colour that the page wants, or the shop's from the last visit, which brings the icon's along (front.rs). Else that is a guess
  // from the green, which carries most of the light: 99 of 100 colours give it 3:1, none less than 2.4:1.
  const dress = () => {
    const { mobileOffset, position, color = kept("color") || "#222", offset, zIndex } = settings;
    const [x, y = x] = (isSmall() && mobileOffset || offset || "20").split(" ");
    host.style.cssText = `all:initial!important;--${position || "right"}:${x}px;--y:calc(${y}px + env(safe-area-inset-bottom));position:fixed!important;z-index:${zIndex || 2e9}!important;--on:${color[3] > "6" ? "#000" : "#fff"};--fill:${color}`;
  };

  const shell = () => {
    if (panel) return;
    const close = button("close", "m7 7 10 10M17 7 7 17");
    body = make("main");
    input = make("textarea", { rows: 1, "aria-label": "Chat" });
    panel = make("div", { class: "panel", "aria-label": "Chat", tabindex: -1, role: "dialog", hidden: 1 },
      make("header", 0, make("div"), close), body, make("div", { class: "composer" }, input, button("send", "M12 19V5m-6 6 6-6 6 6")));
    root.append(panel);
    close.onclick = api.close;
    body.onclick = load;
  };

  const load = () => loading ||= drawn && (async () => {
    shell();
    body.textContent = "";
    const into = panel;
    try {
      const [module, wasm] = await new Promise((done, fail) => {
        // A network may swallow a request and say nothing.
        setTimeout(fail, 2e4);
        Promise.all([import(at + "js" + retry), fetch(at + "wasm" + retry)]).then(done, fail);
      });
      await module.default({ wasm, settings });
      if (into == panel) {
        chat = module.start(shadow, settings, tell);
        chat(word);
        say("chat");
      }
    } catch {
      // A browser may remember a module that failed by its address, and may wait for one for ever.
      sdk = !(retry += "?");
      // Where the chat cannot be in this page, it gets another place.
      (loading = chat = await more("ladder", tell)) || body.append(make("button", 0, "↻"));
    }
  })();

  // What the chat tells; `gone` when the relay does not know this shop or this page.
  const tell = (name, detail) => {
    if (name == "gone") api.destroy(console.warn(detail));
    else say(name, detail);
  };

  const turn = (open = word == "close", quiet) => {
    if (open) {
      draw();
      if (!drawn) return say("consent");
      load();
    }
    if (!open == (word == "close")) return;
    const inside = shadow.activeElement;
    panel.hidden = !open;
    launcher.setAttribute("aria-expanded", !!open);
    told((word = open ? "open" : "close"));
    say(word);
    if (open) {
      from = inside || page.activeElement;
      // A keyboard that slides over the greeting is no welcome.
      if (!quiet) (isSmall() ? panel : input).focus();
    } else if (inside) from.focus();
  };

  // The chat ends; the next one has a shell of its own.
  const end = () => {
    turn(0);
    told("destroy");
    if (panel) panel.remove();
    loading = chat = panel = drawn = 0;
    host.remove();
  };

  // The panel stays open from page to page, except where it would hide the page.
  const begin = () => {
    settings.autostart == "false" || draw();
    if (drawn) {
      if (settings.greeting) more("greeting");
      // A link from another device (panel.js); also on a phone.
      if (/#commesso/.test(location) || kept("panel") && !isSmall()) turn(1, 1);
      // Two seconds later: the page comes first.
      if (kept("conversation")) setTimeout(load, 2e3);
    }
  };

  const api = {
    on(name, heard) {
      name == "receipt" && more(name);
      const hear = (event) => heard(event.detail);
      listen((name = "commesso:" + name), hear);
      return () => page.removeEventListener(name, hear);
    },
    open: () => turn(1),
    toggle: () => turn(),
    hide: () => launcher.hidden = !turn(0),
    // (Drawing answers nothing.)
    show: () => launcher.hidden = draw(),
    logout() {
      end(settings.facts = []);
      attempt(() => {
        for (const area of [sessionStorage, localStorage]) for (const key in area) key.startsWith(prefix) && delete area[key];
      });
      begin();
    },
    destroy() {
      end();
      life.abort();
      watch.disconnect();
      delete window.commesso;
      settings.consent = "d";
    },
    close: () => turn(0),
    consent(state) {
      /^[gt]/i.test(settings.consent = state) ? begin() : api.logout();
    },
  };

  // What hardly any page asks for is in sdk.js. What is asked for first is done first.
  const more = (...call) =>
    (sdk ||= import(at + "sdk.js" + retry)).then((sdk) => sdk.default(call, settings, shadow, told, shell, end, begin, dress)).catch(() => (sdk = 0));

  const commesso = window.commesso = (name, ...details) =>
    attempt(() => {
      attach();
      // What is known of the shopper goes along: whoever logs out meanwhile has another list (sdk/facts.js).
      return api[name] ? api[name](...details) : more(name, ...details, settings.facts);
    });
  commesso.ready = Promise.resolve(commesso);

  attempt(() => {
    const css = "__CSS__";
    attempt(() => {
      const sheet = new CSSStyleSheet();
      sheet.replaceSync(css);
      return (shadow.adoptedStyleSheets = [sheet]);
    }) || shadow.append(make("style", { nonce: settings.nonce }, css));
    shadow.append(root);
    // A finger that comes down is over it first.
    launcher.hidden = settings.launcher;
    launcher.onclick = api.toggle;
    launcher.onfocus = launcher.onpointerover = load;
    listen("click", (event) => attempt(() => event.target.closest(settings.launcher) && turn()));
    begin();
    for (const call of queued.q || []) commesso(...call);
    say("ready");
  });
})();
