// What a page says of its shopper (set, cart, track), as lines that an operator reads: what it is about, a name, words, and a time. The
// chat sends them with the page, as soon as there is a conversation and not before.
//
// Nobody has proved what a page says; the inbox says so. All of it hangs on `settings.facts`, a list that the loader replaces when
// somebody logs out: what was said before goes with it, also what was still on its way here.

// As many of each as somebody looks through; the relay keeps 40 in all (protocol/src/limits.rs).
const ATTRIBUTES = 15;
const CART = 14;
const EVENTS = 10;
// Characters; the relay cuts there too.
const LONGEST = 200;
// Milliseconds in which a page says several things at once, and between two tellings.
const TOGETHER = 300;
const EVERY = 5000;

let timer = 0;
let last = 0;

/** `before` is the list that there was when the page said it; none before the first. */
export default (settings, told, said, before) => {
  const facts = settings.facts || Object.assign([], { first: true, attributes: {}, cart: [], events: [] });
  if (before ? before != facts : settings.facts && !facts.first) return;
  facts.attributes ||= {};
  // Words at once: the page's own objects may change.
  for (const [name, value] of Object.entries(said.attributes || {})) {
    if (value == null) delete facts.attributes[name];
    else facts.attributes[name] = words(value);
  }
  if ("cart" in said) facts.cart = cart(said.cart ?? {});
  if (said.event != null) facts.events = [["event", ...happened(said.event), Date.now()], ...(facts.events || [])].slice(0, EVENTS);
  const attributes = Object.entries(facts.attributes).slice(0, ATTRIBUTES);
  facts.splice(0, facts.length, ...attributes.map(([name, value]) => ["visitor", words(name), value]), ...(facts.cart || []), ...(facts.events || []));
  settings.facts = facts;
  timer ||= setTimeout(() => {
    timer = 0;
    last = Date.now();
    told("set");
  }, Math.max(TOGETHER, last + EVERY - Date.now()));
};

// What is in it, and the sum, which has no name. What a shop's cart has beside is said as it is.
const cart = (cart) => {
  if (typeof cart != "object") return [["cart", words(cart), ""]];
  const { lines, total, currency, ...others } = cart;
  const line = ({ name, title, sku, quantity = 1, price }) => [
    "cart",
    words(name || title || sku || "?"),
    words(price == null ? `${quantity} ×` : `${quantity} × ${money(price, currency)}`),
  ];
  const items = Array.isArray(lines) ? lines.filter(Boolean).slice(0, CART).map(line) : [];
  const rest = Object.entries(others).filter(([, value]) => value != null).slice(0, CART - items.length);
  const sum = total == null ? [] : [["cart", "", words(money(total, currency))]];
  return [...items, ...rest.map(([name, value]) => ["cart", words(name), words(value)]), ...sum];
};

const happened = (event) => {
  if (typeof event != "object") return [words(event), ""];
  const { name = "?", ...details } = event;
  return [words(name), words(Object.entries(details).map(([key, value]) => `${key}: ${words(value)}`).join(", "))];
};

// Amounts are in the currency's smallest unit: 4990 is €49.90, and ¥4,990.
const money = (amount, currency) => {
  try {
    const format = new Intl.NumberFormat(document.documentElement.lang || undefined, { style: "currency", currency });
    return format.format(amount / 10 ** format.resolvedOptions().maximumFractionDigits);
  } catch {
    return [amount, currency].filter((one) => one != null).map(words).join(" ");
  }
};

const words = (value) => String(typeof value == "object" ? JSON.stringify(value) : value).slice(0, LONGEST);
