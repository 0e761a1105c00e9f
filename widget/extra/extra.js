// What a chat may need beside words. This is small and loaded with the first thing it is asked to do; each part is loaded when there
// is something for it to do, and gets a desk: what it may ask the panel, and what it builds with.
//
// Nothing here parses markup: what people wrote becomes text nodes.

const desks = new WeakMap();

const files = {
  cards: () => import("./__CARDS_JS__"),
  handover: () => import("./__HANDOVER_JS__"),
  form: () => import("./__FORM_JS__"),
  menu: () => import("./__MENU_JS__"),
  qr: () => import("./__QR_JS__"),
  rating: () => import("./__RATING_JS__"),
  transcript: () => import("./__TRANSCRIPT_JS__"),
};

/** What a part works with. `ask(word, detail)` asks the panel (widget/src/chat/beside.rs). */
const desk = (chat) => {
  if (desks.has(chat)) return desks.get(chat);
  const [ask, settings, root] = chat;
  const dressed = new Set();
  const memory = {};
  const place = (name) => `commesso:${settings.shop}:${name}`;
  const made = {
    ask,
    settings,
    root,
    /** The language that the panel speaks. */
    get locale() {
      return root.querySelector(".root").lang || "en";
    },

    /** Another part, loaded now. */
    part: (name) => files[name](),

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

    /** What the relay has of this conversation: the newest page, or all of it. */
    async entries(all) {
      const path = `/v1/conversations/${ask("conversation")}/entries`;
      const read = [];
      let page;
      do {
        const last = read[read.length - 1];
        const answer = await made.fetch(all ? `${path}?after=${last ? last.seq : 0}` : path);
        if (!answer.ok) throw new Error(answer.status);
        page = await answer.json();
        read.push(...page.entries);
      } while (all && page.more);
      return read;
    },

    /** What a part keeps on this device, while it lets us. */
    keep(name, value) {
      memory[name] = value;
      try {
        localStorage[place(name)] = JSON.stringify(value);
      } catch {}
    },
    kept(name) {
      try {
        return JSON.parse(localStorage[place(name)]);
      } catch {
        return memory[name];
      }
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
export const open = (chat, panel) => {
  const made = desk(chat);
  files.menu().then((part) => part.draw(made, panel));
  made.pass().then((pass) => pass.shop.form && files.form().then((part) => part.draw(made, panel, pass)), () => {});
};

/** A message has these parts. */
export const parts = (chat, place, text) => {
  const all = JSON.parse(text);
  const of = (type) => all.filter((part) => part.type == type);
  const cards = of("card");
  const replies = of("reply");
  if (cards.length || replies.length) files.cards().then((part) => part.draw(desk(chat), place, cards, replies));
};

/** The conversation was closed here. */
export const resolved = (chat, mark) => {
  files.rating().then((part) => part.draw(desk(chat), mark));
};
