// Finds what a person or a screen reader would: by role and words, through open shadow roots; never by class.
// Called with [role, "bubble" or "any"; words, exact, read]; answers with the elements in the order of the page, or with what stands in them.
const [wanted, words, exact, read] = arguments;

const OF_TAG = { BUTTON: "button", TEXTAREA: "textbox", A: "link", LI: "listitem", DIALOG: "dialog", H1: "heading", H2: "heading", H3: "heading", SELECT: "combobox", ARTICLE: "article", IMG: "img", UL: "list", NAV: "navigation", ASIDE: "complementary" };
const OF_INPUT = { checkbox: "checkbox", radio: "radio", button: "button", submit: "button", search: "searchbox" };

function role(element) {
  const said = element.getAttribute("role");
  if (said) return said;
  return element.tagName === "INPUT" ? OF_INPUT[element.type] ?? "textbox" : OF_TAG[element.tagName];
}

function name(element) {
  const root = element.getRootNode();
  const by = (element.getAttribute("aria-labelledby") ?? "").split(/\s+/).filter(Boolean);
  const said = element.getAttribute("aria-label") || by.map((id) => root.getElementById(id)?.textContent ?? "").join(" ");
  const label = [...(element.labels ?? [])].map((one) => one.textContent).join(" ");
  return plain(said || label || element.innerText || element.alt || element.placeholder || element.title || "");
}

function plain(text) {
  return text.replace(/\s+/g, " ").trim();
}

function* everything(root) {
  for (const element of root.querySelectorAll("*")) {
    yield element;
    if (element.shadowRoot) yield* everything(element.shadowRoot);
  }
}

function hidden(element) {
  // A checkbox or radio button may be drawn by its label.
  if (!element.checkVisibility({ visibilityProperty: true, opacityProperty: !element.labels?.length })) return true;
  for (let at = element; at; at = at.parentElement ?? at.getRootNode().host) {
    if (at.inert || at.getAttribute?.("aria-hidden") === "true") return true;
  }
  return false;
}

// A bubble is an article, or the whole line of a log around one text that somebody typed, in whatever direction they write.
function is(element) {
  if (wanted === "any" || role(element) === wanted) return true;
  if (wanted !== "bubble") return false;
  const around = element.parentElement;
  const line = around?.closest("[role=log]") && texts(element) === 1 && (role(around) === "log" || texts(around) > 1);
  return role(element) === "article" || Boolean(line);
}

function texts(element) {
  return element.querySelectorAll("[dir=auto]").length;
}

// What is read aloud of it: its words, and the names of its pictures.
function spoken(element) {
  const pictures = [element, ...element.querySelectorAll("[role=img]")].filter((one) => role(one) === "img");
  return plain([element.innerText, ...pictures.map(name)].join(" "));
}

function fits(element) {
  if (words === null) return true;
  return exact ? name(element) === words : name(element).toLowerCase().includes(words.toLowerCase());
}

const found = [...everything(document)].filter((element) => is(element) && fits(element) && !hidden(element));
return read ? found.map(spoken) : found;
