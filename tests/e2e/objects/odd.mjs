// Objects that take no question as a request; and a disk that fails once, at the words "a disk that fails".

import relay, { ConversationObject as Conversation, ShopObject as Shop } from "entry.js";

const called = (Base) =>
  class extends Base {
    fetch(request) {
      return request.method == "POST" ? new Response("asked by a request", { status: 500 }) : super.fetch(request);
    }
  };

let failed;
export class ConversationObject extends called(Conversation) {
  constructor(state, env) {
    super(state, env);
    const { sql } = state.storage;
    const exec = sql.exec;
    sql.exec = (...words) => {
      if (!failed && words.includes("a disk that fails")) {
        failed = true;
        throw new Error("the disk has failed");
      }
      return exec.apply(sql, words);
    };
  }
}
export class ShopObject extends called(Shop) {}

export default relay;
