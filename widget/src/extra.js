// What not every chat needs is loaded when it is needed, and works in a place that the panel gives it (widget/extra).
let chat;

/** Whom it asks for what: `chat(word, detail)` of the panel, the page's settings, and the shadow root. */
export const serve = (...those) => {
  chat = those;
};

/** Lets it do `name` in this place. A page that loses the network goes without. */
export const extra = (name, place, detail) => {
  import("./__EXTRA_JS__").then((extra) => extra[name](chat, place, detail)).catch(() => {});
};
