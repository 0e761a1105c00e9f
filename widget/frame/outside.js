// The page's side of a chat that lives in a frame of the relay's (SPEC, HO): the launcher, the panel's place and the calls stay here; the
// chat itself is in the frame, where the relay's policy counts and not the page's. What the device keeps is kept by the page, so that the
// conversation is the same as on pages that can hold the chat themselves.
//
// Must stay true: the frame gets one door, a port that is sent to the relay's origin and to nobody else; of what the page keeps, only what
// is this shop's chat goes through it, both ways.

import { follow as cover } from "./__PHONE_JS__";

// Milliseconds until the frame is given up: as the loader does with the chat itself.
const PATIENCE = 20000;
// Milliseconds that a frame has to clear its shelf: ten times what the slowest phone takes.
const CLEARED = 2000;
// As in widget/src/chat.rs: pages name themselves after they change their address.
const TITLE_WITHIN = 200;

// The place of the frame, over the shell, which stays underneath to take the focus; and what else is drawn out here.
const CSS = `
.launcher{cursor:pointer}
.panel>iframe{position:absolute;inset:0;width:100%;height:100%;border:0}
.badge{position:absolute;top:-4px;inset-inline-end:-4px;min-width:22px;padding:0 6px;box-sizing:border-box;border-radius:11px;background:#b3261e;box-shadow:0 0 0 2px #fff;color:#fff;font:600 12px/22px system-ui,sans-serif;text-align:center}
.badge:empty{display:none}
.aside{position:absolute;width:1px;height:1px;overflow:hidden;clip-path:inset(50%);white-space:pre}
.root .panel{border-radius:var(--radius,20px);overflow:hidden;max-height:calc(100vh - 76px - var(--y))}
@media (max-width:479px),(max-height:479px){.root .panel{inset:auto 0;top:var(--top,0);width:auto;height:var(--height,100dvh);max-height:none;margin:0;border-radius:0}.launcher[aria-expanded=true]{visibility:hidden}}
@media (forced-colors:active){.launcher,.panel,.badge{border:1px solid}}
.launcher[aria-expanded=true] path{d:path("m6 9 6 6 6-6")}
@media print{.root{display:none}}
`;

export default async ({ settings, shadow, tell, panel }) => {
  const { base, shop } = settings;
  const prefix = `commesso:${shop}:`;
  const { port1: port, port2: theirs } = new MessageChannel();
  const life = new AbortController();
  const { signal } = life;
  const find = (selector) => shadow.querySelector(selector);
  const [field, launcher, host] = [find("textarea"), find(".launcher"), shadow.host];
  const small = matchMedia("(max-width: 479px), (max-height: 479px)");
  const badge = find(".badge") || document.createElement("span");
  const frame = document.createElement("iframe");
  const aloud = document.createElement("div");
  let ready, last;
  // Who waits for what becomes of a token that went in.
  const proving = [];

  const areas = () => {
    try {
      return { local: localStorage, session: sessionStorage };
    } catch {
      return {};
    }
  };
  const kept = (area) => Object.fromEntries(Object.keys(area || {}).flatMap((key) => (key.startsWith(prefix) ? [[key, area[key]]] : [])));
  // Functions and the like are nobody's business there.
  const wanted = () => JSON.parse(JSON.stringify({
    ...settings,
    page: settings.page || [location.href, document.title],
    lang: document.documentElement.lang,
    font: getComputedStyle(document.body || panel).fontFamily,
  }));
  const say = (...words) => port.postMessage(words);
  const set = () => say("told", "set", wanted());

  // What the frame says.
  const heard = {
    here: () => {},
    left: (code) => /^#commesso=\w+$/.test(code) && history.replaceState(history.state, "", location.pathname + location.search + code),
    keep(name, key, text) {
      const area = areas()[name];
      if (!area || !key.startsWith(prefix)) return;
      try {
        text == null ? area.removeItem(key) : (area[key] = text);
      } catch {}
    },
    look({ label, title, style }) {
      launcher.setAttribute("aria-label", label);
      frame.title = title;
      panel.setAttribute("aria-label", title);
      for (const name of ["--fill", "--on", "--radius"]) if (style[name]) host.style.setProperty(name, style[name]);
    },
    // While the frame is there to be read, it speaks for itself.
    aloud(words) {
      aloud.textContent = panel.hidden ? words : "";
    },
    close: () => find(".close").click(),
    proved: (at, answer) => proving[at] && proving[at](answer),
    // The one call that comes from inside: begin anew, as who the device is now.
    again: () => window.commesso("locale", settings.locale),
    say(name, detail) {
      if (name == "unread") badge.textContent = detail > 99 ? "99+" : detail || "";
      if (name == "gone") end();
      tell(name, detail);
    },
  };

  const end = () => {
    for (const done of proving) done({ status: 0, detail: "the chat has ended" });
    life.abort();
    small.onchange = null;
    port.close();
    frame.remove();
    badge.remove();
    aloud.remove();
  };

  // What was typed into the shell, before there was a frame or in the moment of its opening, goes in.
  const pour = () => {
    if (field.value) say("words", field.value);
    field.value = "";
  };
  // The shell is given the focus, which goes in as well.
  const hand = () => {
    if (!ready || last != "open") return;
    const typed = field.value;
    pour();
    frame.focus();
    // A keyboard that slides over the greeting is no welcome, as in the loader.
    say("focus", small.matches && !typed);
  };

  dress(shadow, settings.nonce);
  badge.className = "badge";
  badge.setAttribute("aria-hidden", true);
  launcher.append(badge);
  aloud.className = "aside";
  aloud.setAttribute("role", "status");
  find(".root").append(aloud);
  // Of a link from another device: asked about in there.
  const [code] = location.hash.match(/#commesso=.*/) || [];
  frame.src = `${base}/frame/${shop}`;
  frame.style.visibility = "hidden";
  frame.allow = "clipboard-write";
  const arrived = new Promise((done, fail) => {
    setTimeout(fail, PATIENCE);
    const refused = (event) => /^(frame|child|default)-src/.test(event.effectiveDirective) && fail();
    document.addEventListener("securitypolicyviolation", refused, { signal });
    frame.onload = () => {
      const first = { settings: wanted(), code, local: areas().local && kept(areas().local), session: areas().session && kept(areas().session) };
      frame.contentWindow.postMessage(first, new URL(base).origin, [theirs]);
      frame.onload = null;
    };
    port.onmessage = ({ data: [name, ...details] }) => {
      if (name == "here") done();
      if (heard.hasOwnProperty(name)) heard[name](...details);
    };
  });
  // What changes while the frame starts waits at its door.
  addEventListener("storage", ({ storageArea, key, newValue }) => {
    const name = storageArea == areas().local ? "local" : "session";
    if (key == null || key.startsWith(prefix)) say("kept", name, key, newValue);
  }, { signal });
  panel.append(frame);
  try {
    await arrived;
  } catch (error) {
    end();
    throw error;
  }
  // For nobody else who reads the address.
  if (code) history.replaceState(history.state, "", location.pathname + location.search);

  // Nothing of the shell is there for anybody but the frame.
  for (const part of panel.children) {
    if (part == frame) continue;
    part.setAttribute("aria-hidden", true);
    part.style.opacity = 0;
    for (const one of part.querySelectorAll("button,textarea")) one.tabIndex = -1;
  }
  panel.addEventListener("focusin", ({ target }) => target != frame && hand(), { signal });
  panel.addEventListener("keydown", ({ key }) => key == "Escape" && find(".close").click(), { signal });
  // Who is signed in out here, which only the relay can tell (sdk/identity.js).
  host.addEventListener("prove", (event) => {
    event.preventDefault();
    say("prove", proving.push(event.detail.done) - 1, event.detail.body);
  }, { signal });
  // A link from another device that was put into this very tab is asked about in another frame (extra/extra.js).
  addEventListener("hashchange", () => /#commesso=/.test(location) && heard.again(), { signal });
  // A page that goes on without loading names itself a moment later.
  if (window.navigation) navigation.addEventListener("currententrychange", () => setTimeout(set, TITLE_WITHIN), { signal });
  frame.style.visibility = "";
  const covers = () => cover(shadow, last == "open" && small.matches);
  small.onchange = covers;
  ready = true;
  // It may have been opened meanwhile, or closed.
  last = panel.hidden ? "close" : "open";

  const chat = (word) => {
    if (word == "destroy") {
      say("told", word);
      last = word;
      covers();
      const begun = () => kept(areas().local)[prefix + "conversation"];
      // Once the loader has forgotten what it is to forget.
      if (begun()) setTimeout(() => begun() || clear(`${base}/frame/${shop}`));
      return end();
    }
    if (word == "open" || word == "close") last = word;
    if (word == "open") aloud.textContent = "";
    if (word == "prefill") {
      say("told", word, wanted(), field.value);
      field.value = "";
    } else say("told", word, wanted());
    covers();
  };
  chat(last);
  pour();
  if (shadow.activeElement && shadow.activeElement != launcher) hand();
  return chat;
};

// Pictures that wait to be sent lie with the frame, which is gone with the panel.
const clear = (address) => {
  const frame = document.createElement("iframe");
  frame.style.cssText = "display:none!important";
  frame.src = address + "#forget";
  frame.onload = () => setTimeout(() => frame.remove(), CLEARED);
  // A network that is gone clears nothing, and not later what somebody else has kept.
  setTimeout(() => frame.remove(), PATIENCE);
  document.documentElement.append(frame);
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
