// The parts of a chat that are loaded when they are needed, in the inbox: each conversation has a desk of its own, so that what is on its
// way goes on when another one is opened.
let asked, shop;
const chats = new Map();

const chat = (conversation) => {
  if (!chats.has(conversation)) {
    const settings = { base: "", shop, conversation, headers: { "x-commesso": "1" } };
    chats.set(conversation, [(word, detail = "") => asked(conversation, word, detail), settings, document]);
  }
  return chats.get(conversation);
};

export const serve = (ask, of) => {
  [asked, shop] = [ask, of];
  chats.clear();
};

export const attach = (conversation, place) => {
  import("./__EXTRA_JS__").then((extra) => extra.open(chat(conversation), place)).catch(() => {});
};

export const parts = (conversation, place, text) => {
  import("./__EXTRA_JS__").then((extra) => extra.parts(chat(conversation), place, text)).catch(() => {});
};
