// $crisp, as an array that is pushed to. In Crisp's own snippet the shop is CRISP_WEBSITE_ID.

import { cannot, describe, embed, hear, know, tell } from "./embed.js";

const state = { "chat:opened": false, "chat:closed": true, "chat:visible": true, "chat:unread:count": 0 };
const own = {};
const fire = (name, detail) => (own[name] || []).map((heard) => heard(detail));

const does = {
  "chat:open": () => tell("open"),
  "chat:close": () => tell("close"),
  "chat:toggle": () => tell("toggle"),
  "chat:show": () => tell("show", (state["chat:visible"] = true)),
  "chat:hide": () => tell("hide", (state["chat:visible"] = false)),
  "session:reset": () => tell("logout"),
};
const sets = {
  "message:text": ([text]) => tell("prefill", text),
  "user:email": ([email]) => know({ email }),
  "user:nickname": ([name]) => know({ name }),
  "user:phone": ([phone]) => know({ phone }),
  // A pair, or a list of pairs.
  "session:data": ([data, value]) => describe(data.map ? Object.fromEntries(data) : { [data]: value }),
  // A name, one with details, or a list of such.
  "session:event": ([event, data]) => {
    const all = !event?.map ? [[event, data]] : event[0]?.map ? event : [event];
    for (const [name, details] of all) name && tell("track", { ...details, name });
  },
  "position:reverse": ([left]) => tell("set", { position: left ? "left" : "right" }),
};
const verbs = {
  do: (name) => (does[name] || cannot)(name),
  // A list, or where there is but one, that itself.
  set: (name, values) => (sets[name] ? sets[name]([values].flat()) : cannot(name)),
  config: (name, values) => verbs.set(name, values),
  on: (name, heard) => (own[name] ||= []).push(heard),
  off: (name) => delete own[name],
};
const push = (...calls) => {
  for (const [verb, ...details] of calls.filter(Boolean)) (verbs[verb] || (() => cannot("$crisp " + verb)))(...details);
  return 0;
};
const crisp = { push, is: (name) => !!state[name], get: (name) => state[name] ?? null };

hear("ready", () => {
  window.CRISP_READY_TRIGGER?.();
  fire("session:loaded");
});
hear("open", () => fire("chat:opened", (state["chat:opened"] = !(state["chat:closed"] = false))));
hear("close", () => fire("chat:closed", (state["chat:opened"] = !(state["chat:closed"] = true))));
hear("unread", (many) => (state["chat:unread:count"] = many));
hear("message", ({ from }) => fire(from == "visitor" ? "message:sent" : "message:received", {}));

const before = window.$crisp || [];
window.$crisp = crisp;
embed(window.CRISP_RUNTIME_CONFIG, window.CRISP_WEBSITE_ID);
push(...before);
