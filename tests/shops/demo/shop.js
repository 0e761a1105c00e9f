// The demo shop's own script: products, a page for each, and a cart. It knows nothing of any chat.
"use strict";

const products = [
  { id: "moka", kind: "macchine", price: 32, sizes: ["1", "3", "6"],
    it: ["Moka Mercanti", "Alluminio spazzolato, tre tazze", "La moka di tutti i giorni, con una valvola che si smonta e si pulisce. Il manico resta fresco, la guarnizione si cambia in un minuto.", "tazze"],
    en: ["Moka Mercanti", "Brushed aluminium, three cups", "The everyday moka, with a valve that comes apart for cleaning. The handle stays cool, and the seal is changed in a minute.", "cups"] },
  { id: "macchina", kind: "macchine", price: 549, sizes: ["rossa", "verde"],
    it: ["Macchina Regina", "Espresso a leva, 15 bar", "Una caldaia in ottone, un manometro che dice la verità e una leva che si impara in tre caffè. Si scalda in otto minuti.", "colore"],
    en: ["Regina machine", "Lever espresso, 15 bar", "A brass boiler, a gauge that tells the truth, and a lever you learn in three coffees. Hot in eight minutes.", "colour"] },
  { id: "macinino", kind: "macchine", price: 64, sizes: ["noce"],
    it: ["Macinino Nonna", "Noce e ottone, macine in acciaio", "Quindici giri per una moka. Le macine si regolano a scatti, dal turco alla caffettiera a filtro.", "legno"],
    en: ["Nonna grinder", "Walnut and brass, steel burrs", "Fifteen turns for a moka. The burrs click from Turkish to filter.", "wood"] },
  { id: "bollitore", kind: "macchine", price: 79, sizes: ["0,6 l", "0,9 l"],
    it: ["Bollitore Cigno", "Becco lungo, termometro sul fianco", "Versa piano e dove vuoi. Il manico di faggio non scotta, il termometro si legge da lontano.", "misura"],
    en: ["Swan kettle", "Long spout, thermometer on its side", "Pours slowly and where you want. The beech handle stays cool and the thermometer reads from afar.", "size"] },
  { id: "tazzine", kind: "tazze", price: 28, sizes: ["2", "6"],
    it: ["Tazzine Duetto", "Porcellana spessa, 70 ml", "Il bordo è sottile, il fondo è pesante: l'espresso resta caldo fino all'ultimo sorso. In lavastoviglie senza pensieri.", "pezzi"],
    en: ["Duetto cups", "Thick porcelain, 70 ml", "A thin rim and a heavy base keep the espresso hot to the last sip. Safe in the dishwasher.", "pieces"] },
  { id: "domenica", kind: "tazze", price: 22, sizes: ["300 ml"],
    it: ["Tazza Domenica", "Terracotta smaltata, 300 ml", "Per il cappuccino che dura quanto il giornale. Ogni tazza è smaltata a mano a Vietri.", "misura"],
    en: ["Sunday cup", "Glazed terracotta, 300 ml", "For the cappuccino that lasts as long as the paper. Each is glazed by hand in Vietri.", "size"] },
  { id: "clessidra", kind: "macchine", price: 46, sizes: ["3", "6"],
    it: ["Caffettiera Clessidra", "Vetro borosilicato, collare di faggio", "Caffè filtro limpido, come un tè. Il collare si slega per lavarla.", "tazze"],
    en: ["Hourglass brewer", "Borosilicate glass, beech collar", "Filter coffee as clear as tea. The collar unties for washing.", "cups"] },
  { id: "portici", kind: "caffe", price: 11.5, sizes: ["250 g", "1 kg"],
    it: ["Caffè Portici", "Cacao e nocciola, in grani", "La nostra miscela dal 1964: arabica del Brasile e un poco di robusta indiana. Tostato il lunedì, spedito il martedì.", "peso"],
    en: ["Portici coffee", "Cocoa and hazelnut, whole beans", "Our blend since 1964: Brazilian arabica and a little Indian robusta. Roasted on Monday, shipped on Tuesday.", "weight"] },
];

const words = {
  it: { title: "Bottega Aroma — caffè, e quello che serve per farlo bene", other: "English", back: "Torna ai prodotti", add: "Aggiungi al carrello", added: "È nel carrello.",
    quantity: "Quantità", remove: "Togli", empty: "Il carrello è vuoto. La moka Mercanti è un buon inizio.", nothing: "È un negozio di prova: la cassa è chiusa.",
    facts: ["Disponibile, parte oggi", "Reso gratuito entro 30 giorni", "Garanzia di 3 anni"], items: (n) => `Carrello, ${n} ${n === 1 ? "articolo" : "articoli"}` },
  en: { title: "Bottega Aroma — coffee, and what makes it good", other: "Italiano", back: "Back to the products", add: "Add to cart", added: "It is in your cart.",
    quantity: "Quantity", remove: "Remove", empty: "Your cart is empty. The Mercanti moka is a good start.", nothing: "This is a demo shop: there is no checkout.",
    facts: ["In stock, ships today", "Free returns for 30 days", "3 years' warranty"], items: (n) => `Cart, ${n} ${n === 1 ? "item" : "items"}`,
    // What stands in the page itself is Italian; these take its place.
    page: { skip: "Go to the products", shipping: "Free shipping over €49 · delivered in 48 hours", all: "Everything", machines: "Machines", cups: "Cups", coffee: "Coffee", cart: "Cart",
      fast: "In 48 hours", fastly: "Leaves Turin the same day if you order by 2 pm.", back: "30 days to change your mind", backly: "Returns are free, even after the first coffee.",
      repair: "We repair", repairly: "Seals and spare parts for every moka we sell, for ever.", demo: "This is a demo shop: nothing is sold and nothing is shipped.",
      total: "Total", checkout: "Checkout", over: "Roasters since 1964", headline: "Good coffee begins with what is in your kitchen.",
      lead: "Mokas, machines and cups chosen one by one. And our own coffee, roasted on Mondays.", begin: "Begin with the moka" },
    labels: { nav: "Shop", why: "Why here", close: "Close" } },
};

const store = {
  read(key, otherwise) { try { return JSON.parse(localStorage.getItem(key)) ?? otherwise; } catch { return otherwise; } },
  write(key, value) { try { localStorage.setItem(key, JSON.stringify(value)); } catch { /* a private window: the cart lives as long as the page */ } },
};

const $ = (selector, from = document) => from.querySelector(selector);
const italian = new Map();
let language = store.read("bottega:language", "it");
let cart = store.read("bottega:cart", []);

function make(name, attributes = {}, ...children) {
  const element = document.createElement(name);
  for (const [key, value] of Object.entries(attributes)) element.setAttribute(key, value);
  element.append(...children);
  return element;
}
const price = (euro) => new Intl.NumberFormat(language, { style: "currency", currency: "EUR" }).format(euro);
const picture = (product) => make("img", { src: `/shop/pictures/${product.id}.svg`, width: 480, height: 480, alt: "" });
const find = (id) => products.find((product) => product.id === id);

/** Puts the page's own texts into the language. */
function translate(root) {
  for (const element of root.querySelectorAll("[data-text]")) {
    const key = element.dataset.text;
    if (!italian.has(key)) italian.set(key, element.textContent);
    element.textContent = key === "other" ? words[language].other : (words[language].page?.[key] ?? italian.get(key));
  }
  for (const element of root.querySelectorAll("[data-label]")) {
    const key = "label:" + element.dataset.label;
    if (!italian.has(key)) italian.set(key, element.getAttribute("aria-label"));
    element.setAttribute("aria-label", words[language].labels?.[element.dataset.label] ?? italian.get(key));
  }
}

function drawShelf(kind) {
  const items = products.filter((product) => !kind || product.kind === kind).map((product) => {
    const [name, line] = product[language];
    return make("li", {}, make("a", { href: `#/prodotto/${product.id}` }, picture(product), make("h3", {}, name), make("p", {}, line), make("p", { class: "price" }, price(product.price))));
  });
  const top = kind ? make("h1", { class: "title" }, $(`nav [data-kind="${kind}"]`).textContent) : $("#hero").content.cloneNode(true);
  document.title = words[language].title;
  return [top, make("ul", { class: "grid" }, ...items)];
}

function drawProduct(product) {
  const [name, line, text, what] = product[language];
  const { back, add, added, quantity, facts } = words[language];
  const option = (value) => make("option", { value }, String(value));
  const size = make("select", {}, ...product.sizes.map(option));
  const count = make("select", {}, ...[1, 2, 3, 4, 5].map(option));
  const button = make("button", { class: "primary", type: "button" }, add);
  const said = make("p", { class: "said", role: "status" });
  button.addEventListener("click", () => {
    put(product.id, size.value, Number(count.value));
    said.textContent = added;
  });
  document.title = `${name} — Bottega Aroma`;
  return [make("article", { class: "product" }, make("a", { href: "#/" }, `← ${back}`), picture(product),
    make("div", {}, make("h1", {}, name), make("p", { class: "line" }, line), make("p", { class: "price" }, price(product.price)), make("p", {}, text),
      make("div", { class: "choice" }, make("label", {}, what[0].toUpperCase() + what.slice(1), size), make("label", {}, quantity, count), button),
      said, make("ul", { class: "facts" }, ...facts.map((fact) => make("li", {}, fact)))))];
}

function put(id, size, count) {
  const line = cart.find((line) => line.id === id && line.size === size);
  if (line) line.count += count;
  else cart.push({ id, size, count });
  drawCart();
}

function drawCart() {
  cart = cart.filter((line) => find(line.id));
  store.write("bottega:cart", cart);
  const total = cart.reduce((sum, line) => sum + find(line.id).price * line.count, 0);
  const count = cart.reduce((sum, line) => sum + line.count, 0);
  $(".count").textContent = count;
  $(".count").hidden = !count;
  $(".cart-button").setAttribute("aria-label", words[language].items(count));
  $(".total strong").textContent = price(total);
  $(".cart-foot").hidden = !count;
  $(".cart-says").textContent = "";
  $(".cart-lines").replaceChildren(...(count ? cart.map(drawLine) : [make("p", {}, words[language].empty)]));
}

function drawLine(line) {
  const product = find(line.id);
  const [name, , , what] = product[language];
  const remove = make("button", { class: "plain", type: "button", "aria-label": `${words[language].remove}: ${name}` }, words[language].remove);
  remove.addEventListener("click", () => {
    cart = cart.filter((other) => other !== line);
    drawCart();
    $("[data-close]").focus();
  });
  return make("div", { class: "cart-line" }, picture(product),
    make("div", {}, make("strong", {}, name), make("small", {}, `${line.count} × ${price(product.price)} · ${what}: ${line.size}`), remove),
    make("span", { class: "price" }, price(product.price * line.count)));
}

/** Draws the place that the address names. */
function draw(moved) {
  const [, kind, id] = location.hash.split("/");
  const product = kind === "prodotto" && find(id);
  const shelf = kind === "tipo" && products.some((product) => product.kind === id) ? id : "";
  document.documentElement.lang = language;
  translate(document);
  $("#main").replaceChildren(...(product ? drawProduct(product) : drawShelf(shelf)));
  translate($("#main"));
  for (const link of document.querySelectorAll("nav a")) {
    link.toggleAttribute("aria-current", !product && link.dataset.kind === shelf);
  }
  $(".language").lang = language === "it" ? "en" : "it";
  drawCart();
  if (moved) {
    scrollTo(0, 0);
    $("#main").focus({ preventScroll: true });
  }
}

const dialog = $(".cart");
$(".cart-button").addEventListener("click", () => dialog.showModal());
$("[data-close]").addEventListener("click", () => dialog.close());
dialog.addEventListener("click", (event) => event.target === dialog && dialog.close());
$("[data-checkout]").addEventListener("click", () => ($(".cart-says").textContent = words[language].nothing));
$(".language").addEventListener("click", () => {
  language = language === "it" ? "en" : "it";
  store.write("bottega:language", language);
  draw();
});
addEventListener("hashchange", () => draw(true));
draw();
