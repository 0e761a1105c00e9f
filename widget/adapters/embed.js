// What the adapters share: the widget's tag, made from what the adapter's own tag says, and the way to it.
//
// An adapter gives a page that was written for another chat the names it calls. It does what it can and says once what it cannot;
// nothing here pretends.

const own = document.currentScript;

const queue = (...call) => queue.q.push(call);
queue.q = [];
window.commesso ||= queue;

/** Calls the chat, now or as soon as it is there; nothing once it was taken off the page. */
export const tell = (...call) => window.commesso && commesso(...call);

/** Hears an event of the chat, also of one that comes after this one. */
export const hear = (name, heard) => document.addEventListener("commesso:" + name, (event) => heard(event.detail));

/** Says of the shopper what the page says of them: the operator sees it as what nobody has proved. */
export const know = (shopper) => {
  try {
    // What is not said takes nothing back.
    const known = JSON.parse(JSON.stringify(shopper));
    if (Object.keys(known).length) tell("set", known);
  } catch (error) {
    console.warn("commesso: " + error.message);
  }
};

/** Says what else the page says of the shopper, whatever it is called: nothing of it is a look. */
export const describe = (attributes) => tell("set", { attributes });

const said = {};

/** Says once that a call does nothing here. */
export const cannot = (name) => (said[name] ||= !console.warn(`commesso: ${name} does nothing here.`));

let embedded;

/** Adds the widget, once; then it changes what it looks like. What the adapter's tag says comes before the page's settings for the
 * other chat. Without a shop there is no chat yet: whoever starts it says which. */
export const embed = (settings, shop) => {
  // What is not said has no say.
  const said = JSON.parse(JSON.stringify(settings || {}));
  // Which element opens the chat is said to the tag alone.
  const { launcher, ...looks } = said;
  if (embedded) return tell("set", looks);
  const tag = document.createElement("script");
  Object.assign(tag.dataset, shop && { shop }, said, own.dataset);
  if (!tag.dataset.shop) return;
  embedded = true;
  tag.nonce = own.nonce;
  // Beside the folder of the adapters, wherever the relay lies.
  tag.src = new URL("../widget.js", own.src);
  document.head.append(tag);
};
