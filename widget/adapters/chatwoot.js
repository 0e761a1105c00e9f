// $chatwoot, chatwootSDK.run and chatwootSettings. In Chatwoot's own snippet the shop is the `websiteToken`.

import { cannot, describe, embed, hear, know, tell } from "./embed.js";

const { position, locale, darkMode, hideMessageBubble } = window.chatwootSettings || {};
const start = (shop) => embed({ position, locale, theme: darkMode }, shop);
const event = (name, detail) => window.dispatchEvent(new CustomEvent("chatwoot:" + name, { detail }));

const chat = (window.$chatwoot = {
  hasLoaded: false,
  isOpen: false,
  toggle: (state = "toggle") => tell(state),
  toggleBubbleVisibility: (state) => tell(state),
  setLocale: (code) => tell("locale", code),
  setColorScheme: (scheme) => tell("theme", scheme),
  setUser(_, user) {
    // Made with another secret, of other claims.
    if (user?.identifier_hash) cannot("setUser's identifier_hash");
    know({ name: user?.name, email: user?.email, phone: user?.phone_number });
  },
  setCustomAttributes: describe,
  deleteCustomAttribute: (name) => describe({ [name]: undefined }),
  reset: () => tell("logout"),
});
for (const name of "setLabel removeLabel setConversationCustomAttributes deleteConversationCustomAttribute popoutChatWindow".split(" "))
  chat[name] = () => cannot("$chatwoot." + name);

window.chatwootSDK = { run: ({ websiteToken }) => start(websiteToken) };

hear("ready", () => {
  chat.hasLoaded = true;
  event("ready");
});
hear("open", () => {
  chat.isOpen = true;
  event("opened");
});
hear("close", () => {
  chat.isOpen = false;
  event("closed");
});
hear("message", (message) => event("on-message", message));
if (hideMessageBubble) tell("hide");
start();
