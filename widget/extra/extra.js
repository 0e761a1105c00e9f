// What a chat may need beside words. This is small and loaded with the first thing it is asked to do; each part is loaded when there
// is something for it to do, and gets a desk: what it may ask the panel, and what it builds with.
//
// Nothing here parses markup: what people wrote becomes text nodes.

const desks = new WeakMap();

/** What a part works with. `ask(word, detail)` asks the panel (widget/src/chat/beside.rs). */
const desk = (chat) => {
  if (desks.has(chat)) return desks.get(chat);
  const [ask, settings, root] = chat;
  const dressed = new Set();
  const made = {
    ask,
    settings,
    root,
    /** The language that the panel speaks. */
    get locale() {
      return root.querySelector(".root").lang || "en";
    },

    /** The visitor's pass, as soon as there is a valid one. */
    async pass() {
      // A token is there within RENEW_WITHIN, or there is no network.
      for (let wait = 0; wait < 10000; wait += 250) {
        const pass = ask("pass");
        if (pass) return JSON.parse(pass);
        await new Promise((done) => setTimeout(done, 250));
      }
      throw new Error("no pass");
    },

    /** Asks the relay, as this visitor. */
    async fetch(path, options = {}) {
      const { token } = await made.pass();
      return fetch(settings.base + path, { ...options, headers: { ...options.headers, authorization: "Bearer " + token } });
    },

    /** An element with attributes, listeners (functions) and children. */
    make(name, attributes, ...children) {
      const space = /^(svg|path)$/.test(name) ? "http://www.w3.org/2000/svg" : "http://www.w3.org/1999/xhtml";
      const element = document.createElementNS(space, name);
      for (const [key, value] of Object.entries(attributes || {})) {
        if (typeof value == "function") element.addEventListener(key, value);
        else if (value != null && value !== false) element.setAttribute(key, value === true ? "" : value);
      }
      element.append(...children);
      return element;
    },

    /** An icon for the eye only, 24 by 24. */
    icon: (d) => made.make("svg", { viewBox: "0 0 24 24", "aria-hidden": "true" }, made.make("path", { d })),

    /** Brings rules in, once. */
    dress(css) {
      if (dressed.has(css)) return;
      dressed.add(css);
      try {
        const sheet = new CSSStyleSheet();
        sheet.replaceSync(css);
        root.adoptedStyleSheets = [...root.adoptedStyleSheets, sheet];
      } catch {
        root.append(made.make("style", { nonce: settings.nonce }, css));
      }
    },

    /** A table of words in the shopper's language, or in English. */
    async words(path, languages) {
      const code = made.locale.slice(0, 2).toLowerCase();
      const known = languages.includes(code) ? code : "en";
      return (await fetch(new URL(path.replace("{}", known), import.meta.url))).json();
    },
  };
  desks.set(chat, made);
  return made;
};

/** The panel was opened. */
export const open = (chat, panel) => {};

/** A message has these parts. */
export const parts = (chat, place, text) => {
  const all = JSON.parse(text);
  const of = (type) => all.filter((part) => part.type == type);
  const cards = of("card");
  const replies = of("reply");
  if (cards.length || replies.length) import("./__CARDS_JS__").then((part) => part.draw(desk(chat), place, cards, replies));
};

/** The shop says when it answers. */
export const outlook = (chat, place, text) =>
  import("./__OUTLOOK_JS__").then((part) => part.draw(desk(chat), place, JSON.parse(text)));

/** The conversation was closed here. */
export const resolved = (chat, mark) => {};
