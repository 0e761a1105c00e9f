// Objects that take no question as a request.

import relay, { ConversationObject as Conversation, ShopObject as Shop } from "entry.js";

const called = (Base) =>
  class extends Base {
    fetch(request) {
      return request.method == "POST" ? new Response("asked by a request", { status: 500 }) : super.fetch(request);
    }
  };

export class ConversationObject extends called(Conversation) {}
export class ShopObject extends called(Shop) {}

export default relay;
