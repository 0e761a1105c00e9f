// What a page says of its shopper (set, cart, track), as lines that an operator reads: what it is about, a name, words, and a time. The
// chat sends them with the page, as soon as there is a conversation and not before.
//
// Nobody has proved what a page says; the inbox says so. All of it hangs on `settings.facts`, so that who logs out takes it along.

// As many of each as somebody looks through; the relay keeps 40 in all (protocol/src/limits.rs).
const ATTRIBUTES = 15;
const CART = 14;
const EVENTS = 10;
// Characters; the relay cuts there too.
const LONGEST = 200;
// Milliseconds in which a page says several things at once.
const TOGETHER = 300;

let timer;

export default (settings, told, said) => {
  const before = settings.facts || {};
  const all = {
    attributes: { ...before.attributes, ...said.attributes },
    cart: "cart" in said ? said.cart : before.cart,
    events: [{ at: Date.now(), event: said.event }, ...(before.events || [])].filter(({ event }) => event != null).slice(0, EVENTS),
  };
  const attributes = Object.entries(all.attributes).filter(([, value]) => value != null).slice(0, ATTRIBUTES);
  const lines = [
    ...attributes.map(([name, value]) => ["visitor", name, words(value)]),
    ...cart(all.cart || {}),
    ...all.events.map(({ at, event }) => ["event", ...happened(event), at]),
  ];
  settings.facts = Object.assign(lines, all);
  clearTimeout(timer);
  timer = setTimeout(() => told("set"), TOGETHER);
};

// What is in it, and the sum, which has no name. What a shop's cart has beside is said as it is.
const cart = (cart) => {
  if (typeof cart != "object") return [["cart", words(cart), ""]];
  const { lines, total, currency, ...others } = cart;
  const line = ({ name, title, sku, quantity = 1, price }) => [
    "cart",
    words(name || title || sku || "?"),
    price == null ? `${quantity} ×` : `${quantity} × ${money(price, currency)}`,
  ];
  const items = Array.isArray(lines) ? lines.filter(Boolean).slice(0, CART).map(line) : [];
  const rest = Object.entries(others).filter(([, value]) => value != null).slice(0, CART - items.length);
  const sum = total == null ? [] : [["cart", "", money(total, currency)]];
  return [...items, ...rest.map(([name, value]) => ["cart", name, words(value)]), ...sum];
};

const happened = (event) => {
  if (typeof event != "object") return [words(event), ""];
  const { name = "?", ...details } = event;
  return [words(name), Object.entries(details).map(([key, value]) => `${key}: ${words(value)}`).join(", ").slice(0, LONGEST)];
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

const words = (value) => (typeof value == "object" ? JSON.stringify(value) : String(value)).slice(0, LONGEST);
