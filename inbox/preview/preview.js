// The widget itself on a page of ours, for who chooses its looks in the inbox: what is not saved yet is shown too.
//
// The inbox says how the shop is to look, and this page answers the widget in the relay's place: with a pass of those looks, and
// with a conversation in which everything that is written is stored at once. So nothing that is tried here is a visitor, is sent,
// or is kept: no request leaves but for the widget's own files.
(() => {
  const query = new URLSearchParams(location.search);
  const theirs = parent;
  // A page of its own, or in somebody else's frame: there is nothing to show.
  if (theirs === window) return;

  const DAY = 86400000;
  // Milliseconds in which somebody who writes goes on: the chat does not begin anew with every letter.
  const PAUSE = 500;
  // Names in the form of the relay's. They lead nowhere.
  const name = () => `0199c82c-c000-7000-8000-${String(Math.random()).slice(2, 14).padEnd(12, "0")}`;
  const visitor = name();
  let front;

  const attempt = (f) => {
    try {
      return f();
    } catch {}
  };

  // What the device would keep. A real one of this origin may belong to a shopper of the demo shop.
  class Kept {
    getItem(key) {
      return Object.hasOwn(this, key) ? this[key] : null;
    }
    setItem(key, text) {
      this[key] = String(text);
    }
    removeItem(key) {
      delete this[key];
    }
    key(at) {
      return Object.keys(this)[at] ?? null;
    }
    get length() {
      return Object.keys(this).length;
    }
  }
  const replace = (owner, key, value) => Object.defineProperty(owner, key, { value, configurable: true });
  const kept = new Kept();
  replace(window, "localStorage", kept);
  replace(window, "sessionStorage", new Kept());
  // What covers a phone's page takes an entry in the history, which here is the inbox's: its back button would close the preview.
  replace(history, "pushState", () => {});
  replace(navigator, "locks", undefined);
  replace(window, "indexedDB", undefined);
  replace(navigator, "sendBeacon", undefined);

  const pass = () =>
    JSON.stringify({ visitor, token: "preview", expires_at: Date.now() + DAY, renewal: "preview", shop: front.shop, duty: front.duty });
  const fetched = window.fetch.bind(window);
  replace(window, "fetch", (address, ...more) =>
    String(address).endsWith("/v1/visitors") ? Promise.resolve(new Response(pass())) : fetched(address, ...more),
  );

  // The relay's end of a socket, for one visitor with nobody at the other end (protocol/SPEC.md).
  replace(
    window,
    "WebSocket",
    class extends EventTarget {
      seq = 0;
      readyState = 0;
      constructor() {
        super();
        setTimeout(() => {
          this.readyState = 1;
          this.dispatchEvent(new Event("open"));
        });
      }
      send(text) {
        if (text === "ping") return this.say("pong");
        const frame = JSON.parse(text);
        if (frame.type === "hello") {
          const presence = { duty: front.duty, visitor: true };
          this.tell({ type: "welcome", version: 1, epoch: 1, head: 0, you: { role: "visitor" }, status: "open", receipts: [], presence });
          this.tell({ type: "history", previous: 0, entries: [], more: false });
        }
        if (frame.type === "send") {
          const entry = { seq: this.seq + 1, id: frame.id, at: Date.now(), author: { role: "visitor" }, content: frame.content };
          this.tell({ type: "entry", previous: this.seq++, entry });
        }
      }
      close() {
        this.readyState = 3;
      }
      tell(frame) {
        this.say(JSON.stringify(frame));
      }
      say(data) {
        setTimeout(() => this.dispatchEvent(Object.assign(new Event("message"), { data })));
      }
    },
  );

  // A file that is handed over is taken, and goes nowhere.
  replace(
    window,
    "XMLHttpRequest",
    class {
      upload = {};
      open(method, address) {
        this.responseText = JSON.stringify({ id: new URL(address, location.href).searchParams.get("id") });
      }
      setRequestHeader() {}
      abort() {}
      send() {
        setTimeout(() => this.onloadend());
      }
    },
  );

  // Whether it is night on the shopper's device.
  const night = new EventTarget();
  night.matches = false;
  const media = window.matchMedia.bind(window);
  replace(window, "matchMedia", (asked) => (asked === "(prefers-color-scheme: dark)" ? night : media(asked)));

  // The chat takes the focus when it opens; here somebody is writing in the page around. Once they come in, it may.
  const { focus } = HTMLElement.prototype;
  const rest = () => (HTMLElement.prototype.focus = () => {});
  rest();
  for (const sign of ["pointerdown", "keydown"]) {
    addEventListener(sign, () => (HTMLElement.prototype.focus = focus), { capture: true });
  }

  const draw = () => {
    const tag = document.createElement("script");
    tag.src = "/widget.js";
    Object.assign(tag.dataset, { shop: front.shop.id, locale: query.get("lang") ?? "", position: front.shop.position });
    document.head.append(tag);
    window.commesso = (...call) => (window.commesso.q ||= []).push(call);
    window.commesso("open");
  };

  // What is asked beside the first words is drawn when the chat begins: it begins anew, with nothing filled in.
  let later;
  const again = () => {
    kept.removeItem(`commesso:${front.shop.id}:form`);
    rest();
    window.commesso("locale", query.get("lang") ?? "");
  };

  addEventListener("message", (event) => {
    if (event.source !== theirs || event.origin !== location.origin) return;
    const told = attempt(() => JSON.parse(event.data));
    // An extension or a tester of the page may speak to every frame.
    if (!told || !told.shop) return;
    const before = front;
    front = told;
    kept[`commesso:${front.shop.id}:pass`] = pass();
    document.documentElement.classList.toggle("night", front.night);
    if (night.matches !== front.night) {
      night.matches = front.night;
      night.dispatchEvent(new Event("change"));
    }
    if (!before) return draw();
    window.commesso("set", { position: front.shop.position });
    if (JSON.stringify(before.shop.form) === JSON.stringify(front.shop.form)) return;
    clearTimeout(later);
    later = setTimeout(again, PAUSE);
  });
  document.addEventListener("commesso:ready", () => theirs.postMessage("drawn", location.origin));
})();
