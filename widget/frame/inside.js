// The frame's side (SPEC, HO): the same panel, with the same extras, in a page of the relay's that a shop's page has framed. It takes one
// port from the page around it, and only if that page is of an origin that the shop has listed; then it begins with what that page keeps.
//
// Must stay true: which shop and which relay it is, this page's own address says, and nobody else. What is kept is kept by the page
// outside: here is a copy for as long as the frame lives, so that browsers which give frames no storage lose nothing.

const CSS = "__CSS__";
// The panel fills the frame, whose place and shape are the page's to give; the launcher is out there.
const FRAMED = `
.root.framed .panel{inset:0;top:0;width:auto;height:100%;margin:0;border-radius:0;animation:none;box-shadow:none}
.root.framed .launcher{display:none}
`;

const at = new URL(import.meta.url.replace(/inside\.js.*/, ""));
const [, base, shop] = /^(.*)\/frame\/([a-z0-9-]+)$/.exec(location.origin + location.pathname) || [];
const origins = (document.querySelector("meta[name=origins]")?.content || "").split(" ");
// Whoever logged out leaves nothing here either (extra/shelf.js); the page outside keeps the rest. Only a page of the shop's can say so: no
// other can frame this.
const isOver = parent != window && location.hash == "#forget";
if (isOver) indexedDB.deleteDatabase("commesso:" + shop);
const wasm = isOver || fetch(at + "wasm");
// Lets a style element be, in browsers that have no sheets to be made.
const { nonce } = document.querySelector("script");
let module;

const make = (name, attributes, ...children) => {
  const space = /svg|path/.test(name) ? "http://www.w3.org/2000/svg" : "http://www.w3.org/1999/xhtml";
  const element = document.createElementNS(space, name);
  for (const key in attributes) element.setAttribute(key, attributes[key]);
  element.append(...children);
  return element;
};
const button = (name, d) => make("button", { class: name }, make("svg", {}, make("path", { d })));

// A storage that tells what it keeps.
const storage = (kept, keep) => {
  const calls = {
    getItem: (key) => kept[key] ?? null,
    key: (at) => Object.keys(kept)[at] ?? null,
    setItem: (key, text) => {
      kept[key] = String(text);
      keep(key, kept[key]);
    },
    removeItem: (key) => {
      delete kept[key];
      keep(key, null);
    },
  };
  return new Proxy(kept, {
    get: (_, key) => (key == "length" ? Object.keys(kept).length : calls[key] || kept[key]),
    set: (_, key, text) => (calls.setItem(key, text), true),
    deleteProperty: (_, key) => (calls.removeItem(key), true),
  });
};

const begin = async (port, { settings, local, session, code }) => {
  const say = (...words) => port.postMessage(words);
  const areas = { local: local || {}, session: session || {} };
  // A page that keeps nothing says so, as a browser does.
  const refuse = () => {
    throw new Error("nothing is kept");
  };
  for (const name in areas) {
    const value = storage(areas[name], local ? (key, text) => say("keep", name, key, text) : refuse);
    Object.defineProperty(window, name + "Storage", { value, configurable: true });
  }
  // The one call that comes from in here: to begin anew, as who the device is now.
  addEventListener("commesso:again", () => say("again"));
  const ours = { base, shop, nonce };
  const wants = { ...settings, ...ours };
  const dress = () => {
    // The panel asks for the page's language, and for its letters where the shop wants those.
    document.documentElement.lang = wants.locale || wants.lang || "";
    document.body.style.fontFamily = wants.font || "";
  };
  dress();

  const launcher = button("launcher", "");
  const close = button("close", "m7 7 10 10M17 7 7 17");
  const field = make("textarea", { rows: 1 });
  const panel = make("div", { class: "panel", role: "group", tabindex: -1 }, make("header", {}, make("div"), close), make("main"),
    make("div", { class: "composer" }, field, button("send", "M12 19V5m-6 6 6-6 6 6")));
  const host = document.querySelector("commesso-chat");
  const shadow = host.attachShadow({ mode: "open" });
  try {
    const sheet = new CSSStyleSheet();
    sheet.replaceSync(CSS + FRAMED);
    shadow.adoptedStyleSheets = [sheet];
  } catch {
    shadow.append(make("style", { nonce }, CSS + FRAMED));
  }
  shadow.append(make("div", { class: "root framed" }, launcher, panel));
  host.style.cssText = "color-scheme:light dark;--fill:#222;--on:#fff";

  const look = () => {
    const style = Object.fromEntries(["--fill", "--on", "--radius"].map((name) => [name, host.style.getPropertyValue(name)]));
    say("look", { label: launcher.getAttribute("aria-label") || "Chat", title: panel.getAttribute("aria-label") || "Chat", style });
  };
  // Whatever the panel changes about its name, its colour or the launcher's name.
  new MutationObserver(look).observe(shadow, { subtree: true, attributeFilter: ["aria-label"] });
  new MutationObserver(look).observe(host, { attributeFilter: ["style"] });

  close.onclick = () => say("close");
  module ||= await import(at + "js");
  // A link from another device asks first, in here, and its question is to be seen.
  if (code) history.replaceState(0, "", code);
  const asks = () => {
    say("look", { label: "Chat", title: "Chat", style: {} });
    say("here");
  };
  await module.default({ wasm, settings: wants, asks });
  // It could not be asked: it stays good for another page or another try, where the shopper sees it.
  if (code && location.hash == code) say("left", code);
  const chat = module.start(shadow, wants, (name, detail) => {
    say("say", name, detail);
    // The extras in here listen for it as on a page.
    document.dispatchEvent(new CustomEvent("commesso:" + name, { detail }));
  });
  const heard = {
    told(word, changed, words) {
      if (changed) {
        for (const name in wants) if (!(name in changed || name in ours)) delete wants[name];
        Object.assign(wants, changed, ours);
        dress();
      }
      if (words != null && !field.value) field.value = words;
      // A picture that lies over it closes with it, as on a page (extra/lightbox.js).
      if (word == "open" || word == "close") panel.hidden = word == "close";
      chat(word);
      look();
    },
    words(typed) {
      field.value += typed;
      field.dispatchEvent(new InputEvent("input", { bubbles: true }));
      // As on a page (panel.js); the button hears of the words later.
      if (/\S\n$/.test(typed)) field.dispatchEvent(new KeyboardEvent("keydown", { key: "Enter", bubbles: true, cancelable: true }));
    },
    // Who is signed in out there (sdk/identity.js), where the page's policy lets nothing be asked of the relay.
    async prove(at, body) {
      const key = `commesso:${shop}:pass`;
      const headers = { "content-type": "application/json" };
      try {
        headers.authorization = "Bearer " + JSON.parse(areas.local[key] || areas.session[key]).token;
        const answer = await fetch(base + "/v1/visitors/current/identity", { method: "PUT", headers, body });
        say("proved", at, { status: answer.status, detail: (await answer.json()).detail });
      } catch ({ message }) {
        say("proved", at, { status: 0, detail: message });
      }
    },
    focus: (small) => (small ? panel : field).focus(),
    kept(name, key, text) {
      const area = areas[name];
      if (key == null) for (const one in area) delete area[one];
      else if (text == null) delete area[key];
      else area[key] = text;
      dispatchEvent(new StorageEvent("storage", { key, newValue: text }));
    },
  };
  port.onmessage = ({ data: [name, ...details] }) => heard.hasOwnProperty(name) && heard[name](...details);
  // A frame that is hidden is read to nobody.
  const aloud = shadow.getElementById("aloud");
  new MutationObserver(() => say("aloud", aloud.textContent)).observe(aloud, { childList: true, characterData: true, subtree: true });
  look();
  say("here");
};

addEventListener("message", function hear({ source, origin, data, ports: [port] }) {
  if (source != parent || parent == window || !port || !base || !origins.includes(origin)) return;
  removeEventListener("message", hear);
  begin(port, data);
});
