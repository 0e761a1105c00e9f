// Intercom(…) and intercomSettings. In Intercom's own snippet the shop is the `app_id`.

import { cannot, embed, hear, know, tell } from "./embed.js";

// What a page says there of the chat, by what it is called here.
const looks = ({ alignment, horizontal_padding: x, vertical_padding: y, ...settings }) => ({
  position: alignment,
  offset: x || y ? `${x || 20} ${y || 20}` : undefined,
  color: settings.action_color,
  locale: settings.language_override,
  theme: settings.theme_mode?.replace("system", "auto"),
  zIndex: settings.z_index,
});
const learn = ({ name, email, phone, custom_attributes, user_id, user_hash }) => {
  know({ name, email, phone, attributes: custom_attributes });
  if (user_id || user_hash) cannot("Intercom's identity (user_id, user_hash)");
};
const boot = (said) => {
  const settings = said || window.intercomSettings || {};
  embed({ ...looks(settings), launcher: settings.custom_launcher_selector }, settings.app_id);
  tell(settings.hide_default_launcher ? "hide" : "show");
  learn(settings);
};

const calls = {
  boot,
  update(said) {
    const settings = said || {};
    const { hide_default_launcher: hide } = settings;
    const changed = Object.entries(looks(settings)).filter(([, said]) => said !== undefined);
    if (changed.length) tell("set", Object.fromEntries(changed));
    if (settings.custom_launcher_selector) cannot("Intercom's custom_launcher_selector after the boot");
    learn(settings);
    if (hide != null) tell(hide ? "hide" : "show");
  },
  shutdown() {
    tell("logout");
    tell("hide");
  },
  show: () => tell("open"),
  hide: () => tell("close"),
  showMessages: () => tell("open"),
  showNewMessage(text) {
    if (text) tell("prefill", text);
    tell("open");
  },
  trackEvent: (name, data) => tell("track", { ...data, name }),
  onShow: (heard) => hear("open", heard),
  onHide: (heard) => hear("close", heard),
  onUnreadCountChange: (heard) => hear("unread", heard),
};

const { q } = window.Intercom || {};
window.Intercom = (name, ...details) => (calls.hasOwnProperty(name) ? calls[name](...details) : cannot(`Intercom("${name}")`));
boot();
for (const call of q || []) Intercom(...call);
