// The last rung: the chat is a page of its own (`/chat/SHOP/` of the relay), which needs no script. The panel says so and takes the first
// words: they are sent by a form, with which this device hands over who it is, so that it is the same conversation wherever it goes on.
//
// Nothing is asked or kept before the panel was opened. Where the shop's policy forbids the form, what was written stays and a link leads
// there.

import { follow } from "./__PHONE_JS__";

// Filled in when the site is put together: what is said, by language.
const WORDS = "__LEAD__";

// Milliseconds for which every browser lets a tap open a page.
const TAPPED = 900;

// Its own `id` is hidden by the field of that name.
const FORM = "lead";

const CSS = `
.root{color:CanvasText;line-height:1.45}
.panel{border-radius:20px;overflow:hidden;max-height:calc(100vh - 76px - var(--y))}
@media (max-width:479px),(max-height:479px){.root .panel{inset:auto 0;top:var(--top,0);width:auto;height:var(--height,100dvh);max-height:none;margin:0;border-radius:0}}
main{padding:24px 20px;overflow:auto;font-size:inherit}
.composer{align-items:flex-end;gap:4px;margin:4px 12px 12px;padding:4px;border:1px solid #8c837b;border-radius:24px}
textarea{min-width:0;max-height:40vh;padding:10px 12px;white-space:pre-wrap;overflow-wrap:anywhere;unicode-bidi:plaintext;box-sizing:border-box}
textarea:placeholder-shown{unicode-bidi:normal}
button{place-items:center;cursor:pointer;min-width:44px;min-height:44px;box-sizing:border-box}
form{display:grid;justify-items:start;gap:16px}
form p{margin:0}
form button,form a{padding:10px 20px;border-radius:22px;background:var(--fill);color:var(--on);font-weight:600;text-decoration:none}
header{align-items:center;justify-content:space-between;min-height:40px;font-weight:600;overflow-wrap:anywhere}
:focus-visible{outline:2px solid;outline-offset:2px}
textarea:focus-visible{outline:0}
.composer:focus-within{box-shadow:0 0 0 2px}
@media (forced-colors:active){button,.composer,form a{border:1px solid}textarea:focus-visible{outline:2px solid}}
`;

export default ({ settings, shadow, panel }) => {
  const { base, shop } = settings;
  const [lead, open, close, write, send, sent] = speak(settings, shadow.querySelector(".root"));
  const find = (selector) => panel.querySelector(selector);
  const field = find("textarea");
  const store = memory(`commesso:${shop}:`);
  const make = (name, attributes, ...children) => {
    const element = document.createElement(name);
    for (const key in attributes) element.setAttribute(key, attributes[key]);
    element.append(...children);
    return element;
  };
  const hidden = (name) => make("input", { type: "hidden", name });
  const [renewal, conversation, id, lang] = ["renewal", "conversation", "id", "lang"].map(hidden);
  const address = `${base}/chat/${shop}/`;
  const form = make("form", { id: FORM, method: "post", action: address + "in", target: "_blank", rel: "noopener" },
    make("p", { role: "status" }, lead), renewal, conversation, id, lang, make("button", {}, open));
  lang.value = shadow.querySelector(".root").lang;
  dress(shadow, settings.nonce);
  find("main").replaceChildren(form);
  find(".close").setAttribute("aria-label", close);
  const button = find(".send");
  for (const [element, name] of [[field, write], [button, send]]) {
    element.setAttribute("aria-label", name);
    element.setAttribute("form", FORM);
  }
  field.name = "text";
  field.placeholder = write;

  let left = "";
  // The pass, while it is asked for.
  let asked, waits;
  const fill = () => {
    const { renewal: kept = "", shop: front } = JSON.parse(store.get("pass") || "{}");
    renewal.value = kept;
    // For the loader on the next page, which could only guess.
    if (front) {
      store.set("color", front.color + ";--on:" + readable(front.color));
      find("header div").textContent = front.name;
      if (!settings.color) shadow.host.style.setProperty("--fill", front.color);
      contrast(shadow.host);
    }
    conversation.value = store.get("conversation") || "";
    id.value = mint();
  };
  form.addEventListener("submit", (event) => {
    // Without it the page could not send the words itself.
    if (asked) {
      event.preventDefault();
      // Pressed again it is the same press.
      waits ||= asked.then(() => form.requestSubmit(void (waits = 0)));
      return;
    }
    left = field.value;
    // Once the form has been read.
    setTimeout(() => {
      field.value = "";
      if (left) find("p").textContent = sent;
      fill();
    });
  });
  document.addEventListener("securitypolicyviolation", (event) => {
    if (event.effectiveDirective != "form-action" || !form.isConnected) return;
    field.value = left || field.value;
    find("p").textContent = lead;
    form.querySelector("button, a").replaceWith(make("a", { href: address, target: "_blank", rel: "noopener" }, open));
  });
  panel.addEventListener("keydown", (event) => {
    if (event.key == "Escape") find(".close").click();
    if (event.key != "Enter" || event.target != field || event.shiftKey || event.isComposing) return;
    event.preventDefault();
    if (field.value.trim()) form.requestSubmit();
  });

  // Where it covers the page.
  const small = matchMedia("(max-width: 479px), (max-height: 479px)");
  let last = panel.hidden ? "close" : "open";
  const cover = (small.onchange = () => follow(shadow, last == "open" && small.matches));
  contrast(shadow.host);
  const hear = async (word) => {
    if (/open|close|destroy/.test(word)) cover((last = word));
    if (word == "destroy") small.onchange = null;
    if (word == "set") contrast(shadow.host);
    if (word != "open") return;
    store.has("conversation") || store.set("conversation", mint());
    fill();
    if (store.has("pass") || asked) return;
    const late = new Promise((done) => setTimeout(done, TAPPED));
    await (asked = Promise.race([pass().catch(() => {}), late]));
    asked = 0;
  };
  const pass = async () => {
    const how = { method: "POST", credentials: "omit", headers: { "content-type": "application/json" }, body: JSON.stringify({ shop }) };
    const answer = await fetch(base + "/v1/visitors", how);
    if (answer.ok) {
      const text = await answer.text();
      store.has("pass") || store.set("pass", text);
    }
    fill();
  };
  if (last == "open") hear(last);
  return hear;
};

// What reads better on the shop's colour, as WCAG counts light; the loader only guesses, and nobody else is here who knows.
const contrast = (host) => {
  // Not as the element's style says it: there Chromium answers with what `all` would make of it.
  const fill = getComputedStyle(host).getPropertyValue("--fill").trim();
  if (/^#\w{6}$/.test(fill)) host.style.setProperty("--on", readable(fill));
};

const readable = (fill) => {
  const [r, g, b] = fill.match(/\w\w/g).map((hex) => parseInt(hex, 16) / 255).map((v) => (v > 0.04045 ? ((v + 0.055) / 1.055) ** 2.4 : v / 12.92));
  // Where black and white are equally far.
  return 0.2126 * r + 0.7152 * g + 0.0722 * b > 0.179 ? "#000" : "#fff";
};

const speak = ({ locale = "" }, root) => {
  const known = (tag) => WORDS[tag.toLowerCase().split(/[-_]/)[0]] && tag.slice(0, 2).toLowerCase();
  const code = [locale, document.documentElement.lang, ...navigator.languages].map(known).find(Boolean) || "en";
  root.lang = code;
  root.dir = code == "ar" ? "rtl" : "ltr";
  return WORDS[code];
};

const dress = (shadow, nonce) => {
  try {
    const sheet = new CSSStyleSheet();
    sheet.replaceSync(CSS);
    shadow.adoptedStyleSheets = [...shadow.adoptedStyleSheets, sheet];
  } catch {
    const style = document.createElement("style");
    style.nonce = nonce;
    style.append(CSS);
    shadow.append(style);
  }
};

// What the device keeps, as the widget does (browser/src/store.rs): what cannot be kept is remembered while the page lives.
const memory = (prefix) => {
  const all = {};
  const get = (name) => {
    try {
      return all[name] || localStorage[prefix + name];
    } catch {
      return all[name];
    }
  };
  return {
    get,
    has: (name) => Boolean(get(name)),
    set(name, text) {
      try {
        localStorage[prefix + name] = text;
      } catch {
        all[name] = text;
      }
    },
  };
};

// A UUIDv7 (RFC 9562): the time in milliseconds, and chance.
const mint = () => {
  const bytes = crypto.getRandomValues(new Uint8Array(16));
  let time = Date.now();
  for (let at = 5; at >= 0; at--, time = Math.floor(time / 256)) bytes[at] = time % 256;
  bytes[6] = (bytes[6] & 15) | 112;
  bytes[8] = (bytes[8] & 63) | 128;
  return [...bytes].map((byte) => byte.toString(16).padStart(2, "0")).join("").replace(/^(.{8})(.{4})(.{4})(.{4})/, "$1-$2-$3-$4-");
};
