// The calls that hardly any page makes. Lies beside the glue and is loaded with the first of them; the calls themselves are
// described in commesso.d.ts.
//
// It works on what the loader hands it and keeps nothing of its own: the module outlives a chat that was taken off the page.

// What the chat itself looks at, and how it is written; everything else that a page sets is said of the shopper.
const LOOKS = "__LOOKS__";

const missing = new Set();

// Runs the file of this name that lies beside this one. What it throws is not the page's.
const files = {};
const beside = async (name, ...details) => {
  try {
    return (await (files[name] ||= import(import.meta.url.replace(/sdk(?=\.js)/, name)))).default(...details);
  } catch (error) {
    delete files[name];
    console.warn(`commesso: ${name}: ${error.message}`);
  }
};

// What the loader asks for itself.
const OWN = /^(greeting|ladder|receipt)$/;

export default ([name, ...details], settings, shadow, told, shell, end, begin, dress) => {
  const { host } = shadow;
  const commesso = window.commesso;

  const repaint = () => {
    if (host.isConnected) dress();
    told("set");
  };

  // Behind what the page says stands what was known of the shopper when it said so.
  const before = OWN.test(name) ? undefined : details.pop();
  // Of the shopper, for who answers.
  const know = (said) => beside("facts", settings, told, said, before);

  const complain = (said, what) => console.warn(`commesso: "${said}" is no ${what}. How it is written: ${settings.base}/docs/sdk`);

  const calls = {
    set(changes) {
      if (!changes || typeof changes != "object") return complain(changes, "set of names and values");
      const { locale, attributes: named, ...others } = changes;
      const attributes = named == null || typeof named == "object" ? { ...named } : { attributes: named };
      for (const key in others) {
        const said = others[key];
        if (!LOOKS.hasOwnProperty(key)) attributes[key] = said;
        // As in the tag, where a number is a text: 0 is one. Nothing is what the tag or the shop says.
        else if (said == null || new RegExp(LOOKS[key]).test(said)) settings[key] = said == null ? undefined : String(said);
        else complain(said, key);
      }
      repaint();
      if (Object.keys(attributes).length) know({ attributes });
      if (locale != null) calls.locale(locale);
    },

    theme: (theme) => calls.set({ theme }),

    // The words are chosen when the chat starts, so it starts again; what was being written is kept on the device.
    locale(locale) {
      // None is what the page, the browser and the shop say.
      if (locale != null && typeof locale != "string") return complain(locale, "locale");
      const panel = shadow.querySelector(".panel");
      const launcher = shadow.querySelector(".launcher");
      const { hidden } = launcher;
      settings.locale = locale ?? undefined;
      if (!panel) return;
      const wasDrawn = host.isConnected;
      const wasOpen = !panel.hidden;
      const held = document.activeElement;
      end();
      begin();
      if (wasDrawn && !host.isConnected) {
        commesso("show");
        launcher.hidden = hidden;
      }
      if (wasOpen) commesso("open");
      // Whoever types elsewhere goes on doing so.
      if (wasOpen && held && held != host) {
        if (shadow.activeElement) shadow.activeElement.blur();
        held.focus();
      }
    },

    // Of this address: a page that goes on without loading is another one.
    page(...page) {
      const here = () => location.href.replace(/#commesso=.*/, "");
      const at = here();
      Object.defineProperty(settings, "page", { get: () => (here() == at ? page : undefined), configurable: true, enumerable: true });
      told("set");
    },

    // Into the field and not on the device: the shopper has not written it. Words that wait there from before are theirs.
    prefill(words) {
      if (typeof words != "string") return complain(words, "text");
      shell();
      const field = shadow.querySelector(".composer textarea");
      const prefix = `commesso:${settings.shop}:`;
      let kept;
      try {
        // As widget/src/chat/compose.rs has it: of this tab, or of one that is gone.
        kept = sessionStorage[`${prefix}composer:${localStorage[prefix + "conversation"]}`] ?? localStorage[prefix + "composer"];
      } catch {}
      if (kept || field.value) return;
      // At the end of what is there before anybody hears it a new line is who sends it (panel.js).
      field.value = words.replace(/\n+$/, "");
      told("prefill");
    },

    // Opt-in: to look at every change of a page is a price that not everybody should pay.
    avoid: (selector) => beside("avoid", shadow, selector),

    cart: (cart) => know({ cart }),
    track: (event) => know({ event }),
    identify: (who) => beside("identity", settings, who, before),

    receipt: () => beside("receipt", settings.base),

    // Not a page's call: the loader could not bring the chat into the page. Answers with what stands for it.
    ladder: (tell) => beside("ladder", { settings, shadow, tell }),
    // Said by the page at once, by the tag after a while.
    greet: (text, when = { after: 0 }) => beside("greet", shadow, settings, text, when),
    greeting: () => beside("greet", shadow, settings, settings.greeting, { after: settings.greetingAfter, on: settings.greetingOn }),
  };

  if (calls.hasOwnProperty(name)) return calls[name](...details);
  if (missing.has(name)) return;
  missing.add(name);
  console.warn(`commesso: there is no call "${name}". What there is: ${settings.base}/docs/sdk`);
};
