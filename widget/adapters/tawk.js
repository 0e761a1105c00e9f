// Tawk_API. Tawk's snippet has no name for the shop: it is in the adapter's own tag, as data-shop.

import { cannot, describe, embed, hear, know, tell } from "./embed.js";

const chat = (window.Tawk_API ||= {});
const { zIndex, visibility } = chat.customStyle || {};
const { position = "br", xOffset: x = 20, yOffset: y = 20 } = visibility?.desktop || {};
const { xOffset: mobileX = x, yOffset: mobileY = y } = visibility?.mobile || {};
let open = false;
let hidden = false;
// It proves nothing here, and is nobody else's to read.
const unproved = (hash) => hash && cannot("Tawk's identity (hash)");

Object.assign(chat, {
  maximize: () => tell("open"),
  minimize: () => tell("close"),
  toggle: () => tell("toggle"),
  showWidget: () => tell("show", (hidden = false)),
  hideWidget: () => tell("hide", (hidden = true)),
  toggleVisibility: () => (hidden ? chat.showWidget() : chat.hideWidget()),
  start: () => chat.showWidget(),
  shutdown: () => chat.hideWidget(),
  isChatMaximized: () => open,
  isChatMinimized: () => !open && !hidden,
  isChatHidden: () => hidden,
  setAttributes(said, then) {
    const { hash, ...attributes } = said || {};
    unproved(hash);
    describe(attributes);
    then?.();
  },
  addEvent(name, data, then) {
    tell("track", { ...data, name });
    // Where there are no details it comes second.
    [then, data].find((heard) => typeof heard == "function")?.();
  },
  logout(then) {
    tell("logout");
    then?.();
  },
});
// Nothing, so that who asks does not read a yes.
for (const name of "login popup endChat addTags removeTags switchWidget getStatus getWindowType isChatOngoing isVisitorEngaged".split(" "))
  chat[name] = () => void cannot("Tawk_API." + name);
if (chat.visitor) {
  know({ name: chat.visitor.name, email: chat.visitor.email });
  unproved(chat.visitor.hash);
}

// Pages set these at any time, so they are looked up when it happens.
const fire = (name, detail) => chat[name]?.(detail);
hear("ready", () => fire("onLoad"));
hear("open", () => fire("onChatMaximized", (open = true)));
hear("close", () => fire("onChatMinimized", (open = false)));
hear("unread", (many) => fire("onUnreadCountChanged", many));
hear("message", ({ from }) => fire(from == "visitor" ? "onChatMessageVisitor" : "onChatMessageAgent"));
if (chat.autoStart === false) chat.hideWidget();
embed({ zIndex, position: position[1] == "l" ? "left" : "right", offset: `${x} ${y}`, mobileOffset: `${mobileX} ${mobileY}` });
