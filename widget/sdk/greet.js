// The shop speaks first: a few words at the launcher, which a shopper takes up, passes over or closes. Loaded only where the page
// has something to say (data-greeting, or commesso("greet", …)), and sends nothing.
//
// Must stay true: it is shown once in a visit, in whichever tab, and never again on this device once somebody has closed it; not while
// the chat is open, and not to who has a conversation already. That it was shown is written down when it is shown, and that it was
// closed when it is closed; before that nothing is stored. The focus is not taken.

const CSS = `
.greet{font-size:medium;position:fixed;bottom:calc(var(--y) + 72px);left:var(--left);right:var(--right);display:flex;align-items:flex-start;box-sizing:border-box;max-width:min(300px,100vw - 32px);border-radius:18px;background:Canvas;color:CanvasText;box-shadow:0 4px 16px #0003;border:1px solid #8883}
.greet.light{color-scheme:light}
.greet.dark{color-scheme:dark}
.greet:empty,.panel:not([hidden])~.greet,.launcher[hidden]~.greet:not(.own),.launcher[style*=hidden]~.greet{display:none}
.greet button{display:block;box-sizing:border-box;min-width:44px;min-height:44px;border-radius:18px}
.greet .words{padding-block:12px;padding-inline:16px 0;font-size:.9375em;line-height:1.45;overflow-wrap:anywhere;unicode-bidi:plaintext}
.greet .no{display:grid;flex:none;place-items:center}
.greet svg{width:18px;height:18px}
@media(prefers-reduced-motion:no-preference){.greet.in{animation:greet .16s ease-out}}
@keyframes greet{from{opacity:0;transform:translateY(8px)}}
`;

// How often it is looked whether the time has come: nobody sees the difference.
const LOOK = 1000;

// Seconds in sight before it speaks, where the page says nothing: who has come for something has found it by then.
const AFTER = 20;

// Longer than a screen reader takes to notice a place in which something is said.
const HEARD = 200;

// Milliseconds after which another tab is another visit: as those who count visits have it.
const VISIT = 30 * 60 * 1000;

// As much as is read in passing.
const LENGTH = 200;

let last;

/** Says `text` after so many seconds on pages whose path fits `on`, such as `/moka/*`. */
export default (shadow, settings, text, when) => {
  const { after = AFTER, on } = when || {};
  const wait = after >= 0 ? after : AFTER;
  const prefix = `commesso:${settings.shop}:`;
  const { commesso } = window;
  const launcher = shadow.querySelector(".launcher");
  const root = launcher.parentNode;
  const letters = [...String(text ?? "").trim()];
  const words = letters.length > LENGTH ? letters.slice(0, LENGTH - 1).join("").trimEnd() + "…" : letters.join("");
  // A second one takes the place of the first.
  if (last) last();
  if (!words) return;

  let seen = 0;
  const tick = setInterval(() => {
    // Who is in the chat already is not spoken to when they leave it.
    if (window.commesso !== commesso || isOpen(shadow)) return stop();
    if (!document.hidden && seen++ >= wait && mayShow(shadow, settings, prefix) && fits(on)) {
      clearInterval(tick);
      show();
    }
  }, LOOK);
  let place;
  const stop = (last = () => {
    clearInterval(tick);
    document.removeEventListener("commesso:open", opened);
    if (place) place.remove();
  });
  const opened = () => {
    stop();
    if (place) say("taken");
  };
  document.addEventListener("commesso:open", opened);

  const show = async () => {
    dress(shadow, settings);
    place = make("div", { class: `greet ${settings.theme || ""}${settings.launcher ? " own" : ""}`, role: "status" });
    // As the panel reads, or the page before there is one.
    place.dir = root.dir || getComputedStyle(document.documentElement).direction;
    root.append(place);
    store(prefix, Date.now());
    const [close] = await Promise.all([closeWord(settings), new Promise((done) => setTimeout(done, HEARD))]);
    const speak = make("button", { type: "button", class: "words" }, words);
    const no = make("button", { type: "button", class: "no", "aria-label": close }, cross());
    speak.onclick = () => commesso("open");
    no.onclick = () => {
      store(prefix, "closed");
      const inside = shadow.activeElement;
      stop();
      if (inside) launcher.focus();
      say("closed");
    };
    place.onkeydown = ({ key }) => key == "Escape" && no.click();
    place.append(speak, no);
    place.classList.add("in");
    say("shown");
  };
};

const say = (detail) => document.dispatchEvent(new CustomEvent("commesso:greet", { detail }));

const isOpen = (shadow) => Boolean(shadow.querySelector(".panel:not([hidden])"));

// Where nothing can be kept, nothing is known of before: rather not a second time.
const mayShow = (shadow, settings, prefix) => {
  const launcher = shadow.querySelector(".launcher");
  if (!shadow.host.isConnected || (launcher.hidden && !settings.launcher)) return false;
  try {
    const said = localStorage[prefix + "greeted"];
    // What is no time says that it was closed.
    const again = !said || (said > 1 && Date.now() - said > VISIT);
    return again && !sessionStorage[prefix + "greeted"] && !localStorage[prefix + "conversation"];
  } catch {
    return false;
  }
};

const store = (prefix, said) => {
  try {
    localStorage[prefix + "greeted"] = said;
    sessionStorage[prefix + "greeted"] = "1";
  } catch {}
};

const fits = (on) => {
  if (!on) return true;
  const pieces = String(on).split("*").map((piece) => piece.replace(/[.+?^${}()|[\]\\]/g, "\\$&"));
  return new RegExp(`^${pieces.join(".*")}$`).test(location.pathname);
};

// In the language that the panel would speak, as far as this page says which.
const closeWord = async ({ locale = "" }) => {
  const known = __LANGUAGES__;
  const codes = [locale, document.documentElement.lang, ...navigator.languages].map((tag) => tag.slice(0, 2).toLowerCase());
  const path = "./__WORDS__".replace("{}", codes.find((code) => known.includes(code)) || "en");
  try {
    return (await (await fetch(new URL(path, import.meta.url))).json()).close;
  } catch {
    return "Close";
  }
};

const make = (name, attributes, ...children) => {
  const element = document.createElement(name);
  for (const key in attributes) element.setAttribute(key, attributes[key]);
  element.append(...children);
  return element;
};

const cross = () => {
  const [svg, path] = ["svg", "path"].map((name) => document.createElementNS("http://www.w3.org/2000/svg", name));
  svg.setAttribute("viewBox", "0 0 24 24");
  svg.setAttribute("aria-hidden", "true");
  path.setAttribute("d", "m7 7 10 10M17 7 7 17");
  svg.append(path);
  return svg;
};

const dressed = new WeakSet();

const dress = (shadow, settings) => {
  if (dressed.has(shadow)) return;
  dressed.add(shadow);
  try {
    const sheet = new CSSStyleSheet();
    sheet.replaceSync(CSS);
    shadow.adoptedStyleSheets = [...shadow.adoptedStyleSheets, sheet];
  } catch {
    shadow.append(make("style", { nonce: settings.nonce || "" }, CSS));
  }
};
