// What the runtime starts. It lets an object's methods be called only where its class derives from its own, which those that
// worker-build makes do not.
import { DurableObject } from "cloudflare:workers";
import { ConversationObject, ShopObject } from "./build/index.js";

for (const object of [ConversationObject, ShopObject]) {
  Object.setPrototypeOf(object, DurableObject);
  Object.setPrototypeOf(object.prototype, DurableObject.prototype);
}

export { default, ConversationObject, ShopObject } from "./build/index.js";
