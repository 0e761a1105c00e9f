// The script tag. It draws the launcher, takes what the page asks for, and fetches the chat when somebody is about to need
// it; until then it opens no socket, sends nothing and stores nothing. On a click the panel's shell is there in the same frame,
// with a composer that takes words already; the wasm then moves into that very shell, so not a letter is lost.
//
// It touches nothing of the page but its own element and one global, and throws nothing into it. No markup is ever parsed:
// pages may enforce Trusted Types. Every byte counts here (2,048 with the CSS, compressed): what can come later comes later.
(() => {
  const page = document;
  const tag = page.currentScript;
  const queued = window.commesso;
  // A page that runs its scripts again after it navigated has the chat already.
  if (!tag || queued && queued.ready) return;

  const settings = { ...tag.dataset, base: new URL(tag.src).origin };
  const { launcher: own, autostart } = settings;
  // Ends every listener at once.
  const life = new AbortController();
  let drawn, isOpen, panel, body, input, chat, loading, from, retry = "";

  // Close, composer, failure: the words of the shell that the chat cannot bring. All others are in text.rs.
  const table = {
    en: ["Close", "Write a message", "Not loaded. Close and retry."],
    it: ["Chiudi", "Scrivi un messaggio", "Non si apre. Chiudi e riprova."],
  };
  settings.locale ||= page.documentElement.lang || navigator.language;
  const words = table[settings.locale.slice(0, 2)] || table.en;

  const attempt = (f) => {
    try {
      return f();
    } catch {}
  };
  const kept = (name, area) => attempt(() => window[area || "localStorage"][`commesso:${settings.shop}:${name}`]);

  const make = (name, attributes, ...children) => {
    const element = page.createElementNS("http://www.w3.org/" + (/svg|path/.test(name) ? "2000/svg" : "1999/xhtml"), name);
    for (const key in attributes) element.setAttribute(key, attributes[key]);
    element.append(...children);
    return element;
  };
  const button = (name, label, d) =>
    make("button", { class: name, "aria-label": label }, make("svg", 0, make("path", { d })));
  const listen = (target, name, heard) => target.addEventListener(name, heard, { signal: life.signal });
  const say = (name, detail) => page.dispatchEvent(new CustomEvent("commesso:" + name, { detail }));

  const launcher = button("launcher", "Chat", "M4 5h16v11h-9l-4 4v-4H4z");
  const root = make("div", { class: "root" }, launcher);
  const host = make("commesso-chat");
  const shadow = host.attachShadow({ mode: "open" });

  // Pages that replace what is in them lose the host: it comes back.
  const attach = () => drawn && !host.isConnected && page.documentElement.append(host);
  const watch = new MutationObserver(attach);

  const draw = () => {
    if (!drawn) {
      drawn = 1;
      const css = "__CSS__";
      try {
        const sheet = new CSSStyleSheet();
        sheet.replaceSync(css);
        shadow.adoptedStyleSheets = [sheet];
      } catch {
        shadow.append(make("style", { nonce: settings.nonce }, css));
      }
      shadow.append(root);
      // A finger that comes down is over it first.
      listen(launcher, "pointerover", load);
      listen(launcher, "focus", load);
      listen(launcher, "click", () => turn(!isOpen));
      watch.observe(page.documentElement, { childList: true });
      dress();
    }
    attach();
  };

  // The colour that the page wants, or the shop's from the last visit. The text's is a guess from the green, which carries
  // most of the light; color.rs knows better.
  const dress = () => {
    const { color = /#\w{6}/.exec(kept("pass") + "#222222")[0], offset, position, zIndex } = settings;
    const [x, y = x] = (offset || "20").split(" ");
    host.style.cssText = `--z:${zIndex || 2e9};--${position || "right"}:${x}px;--y:${y}px;--fill:${color};--on:${"0x" + color.slice(3, 5) > 165 ? "#000" : "#fff"}`;
  };

  const shell = () => {
    if (panel) return;
    const close = button("close", words[0], "m7 7 10 10M17 7 7 17");
    body = make("main");
    input = make("textarea", { rows: 1, placeholder: words[1] });
    const send = button("send", "", "M12 19V5m-6 6 6-6 6 6");
    panel = make("div", { class: "panel", role: "dialog", "aria-label": "Chat", tabindex: -1 },
      make("header", 0, make("div"), close), body, make("div", { class: "composer" }, input, send));
    panel.hidden = true;
    root.append(panel);
    listen(close, "click", () => turn());
  };

  const load = () => loading ||= (async () => {
    try {
      shell();
      const at = settings.base + "__WIDGET__";
      const [module, wasm] = await Promise.race([
        Promise.all([import(at + "js" + retry), fetch(at + "wasm" + retry)]),
        // A network may swallow a request and say nothing.
        new Promise((_, fail) => setTimeout(fail, 2e4)),
      ]);
      await module.default({ module_or_path: wasm });
      if (drawn) {
        body.textContent = "";
        chat = module.start(shadow, settings, tell);
        chat(isOpen ? "open" : "close");
      }
    } catch {
      // A browser may remember a module that failed by its address.
      retry += "?";
      loading = 0;
      body.textContent = words[2];
    }
  })();

  // What the chat tells; `gone` when the relay does not know this shop or this page.
  const tell = (name, detail) => {
    if (name == "gone") {
      api.destroy();
      console.warn(detail);
    } else say(name, detail);
  };

  const turn = (open, quiet) => {
    if (open) {
      draw();
      shell();
      load();
    }
    if (!open == !isOpen) return;
    isOpen = open;
    const inside = shadow.activeElement;
    panel.hidden = !open;
    launcher.setAttribute("aria-expanded", !!open);
    const word = open ? "open" : "close";
    chat && chat(word);
    say(word);
    if (open) {
      from = inside || page.activeElement;
      // A keyboard that slides over the greeting is no welcome.
      if (!quiet) (innerWidth < 480 ? panel : input).focus();
    } else if (inside) from.focus();
  };

  const api = {
    open: () => turn(1),
    close: () => turn(),
    toggle: () => turn(!isOpen),
    show() {
      draw();
      launcher.hidden = false;
    },
    hide() {
      turn();
      launcher.hidden = true;
    },
    set(changes) {
      Object.assign(settings, changes);
      dress();
      chat && chat("set");
    },
    page: (url, title) => api.set({ page: [url, title] }),
    on(name, heard) {
      name = "commesso:" + name;
      const hear = (event) => heard(event.detail);
      listen(page, name, hear);
      return () => page.removeEventListener(name, hear);
    },
    destroy() {
      drawn = 0;
      watch.disconnect();
      life.abort();
      host.remove();
      delete window.commesso;
      chat && chat("destroy");
    },
  };

  const commesso = window.commesso = (name, ...details) => attempt(() => {
    attach();
    return api[name](...details);
  });
  commesso.ready = Promise.resolve(commesso);

  attempt(() => {
    if (autostart != "false") draw();
    if (own) {
      launcher.hidden = true;
      listen(page, "click", (event) => attempt(() => event.target.closest(own)) && turn(!isOpen));
    }
    for (const call of queued && queued.q || []) commesso(...call);
    if (drawn) {
      // The panel stays open from page to page, except where it would hide the page.
      if (kept("panel", "sessionStorage")) innerWidth < 480 || turn(1, 1);
      if (kept("conversation")) (window.requestIdleCallback || setTimeout)(load);
    }
    say("ready");
  });
})();
