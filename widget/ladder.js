// Where the chat cannot be in the shop's page, it gets another place (SPEC, HO and PP): a frame of the relay's, where the page's policy
// lets no WebAssembly be or nothing be asked; a page of its own, where the browser has no WebAssembly at all. A network that is gone is
// neither. Loaded when the loader has failed, by sdk.js, and lies beside it.

// The smallest module there is: its four letters and its version.
const NOTHING = Uint8Array.of(0, 97, 115, 109, 1, 0, 0, 0);

// As the relay takes it (ShopId).
const SHOP = /^[a-z0-9-]{1,40}$/;

/** Answers with what takes the loader's words, or with nothing where it is to be tried again. */
export default async ({ settings, shadow, tell }) => {
  // Nobody could be asked for it.
  if (!SHOP.test(settings.shop || "")) return tell("gone", `commesso: "${settings.shop}" is no shop's id: data-shop of the tag says which. How it is written: ${settings.base}/docs/sdk`);
  const panel = shadow.querySelector(".panel");
  const place = { settings, shadow, tell, panel };
  const rung = await where(settings.base + "/widget.js");
  let chat;
  if (rung == "frame") chat = await beside("frame", place).catch(() => {});
  if (rung && !chat) {
    // A frame would have asked itself.
    await handed(settings).catch(() => {});
    chat = await beside("page", place);
  }
  // Taken off the page meanwhile.
  if (!chat || !panel.parentNode) return;
  performance.mark("chat");
  tell("chat");
  return chat;
};

const handed = async (settings) => {
  const { locale = document.documentElement.lang || navigator.language } = settings;
  if (/#commesso=/.test(location)) await (await import("./__TAKE_JS__")).take(settings, locale.slice(0, 2).toLowerCase());
};

const beside = async (name, place) => (await import(import.meta.url.replace(/ladder(?=\.js)/, name))).default(place);

const where = async (address) => {
  if (!window.WebAssembly) return "page";
  try {
    // Under a policy of a `meta` Safari lets a module be compiled, and refuses the instance.
    await WebAssembly.instantiate(NOTHING);
  } catch {
    return "frame";
  }
  return (await isForbidden(address)) && "frame";
};

// Whether the page's policy lets nobody ask there. It says so by an event; the request itself fails as if there were no network.
const isForbidden = async (address) => {
  let forbidden;
  const hear = (event) => (forbidden ||= event.effectiveDirective == "connect-src");
  document.addEventListener("securitypolicyviolation", hear);
  await fetch(address, { method: "HEAD" }).catch(() => {});
  // The event is a task of its own.
  await new Promise((done) => setTimeout(done));
  document.removeEventListener("securitypolicyviolation", hear);
  return forbidden;
};
