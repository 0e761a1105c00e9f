// The relay as it is, with the runtime's own counters read beside it: every cursor's rowsWritten, every alarm that is set,
// everything that an object is asked. Nothing of the relay is changed; `/bench/counters` answers and begins anew.

import relay, { ConversationObject as Conversation, ShopObject as Shop } from "entry.js";

let counters = fresh();

function fresh() {
  return { rows: 0, alarms: 0, requests: 0, cursors: [] };
}

// The methods are the runtime's, shared by all objects: they are wrapped once.
let wrapped = false;

function wrap({ storage }) {
  if (wrapped) return;
  wrapped = true;
  const sql = Object.getPrototypeOf(storage.sql);
  const exec = sql.exec;
  sql.exec = function (...words) {
    const cursor = exec.apply(this, words);
    counters.cursors.push(cursor);
    return cursor;
  };
  let owner = storage;
  while (!Object.hasOwn(owner, "setAlarm")) owner = Object.getPrototypeOf(owner);
  const setAlarm = owner.setAlarm;
  owner.setAlarm = function (...words) {
    counters.alarms += 1;
    return setAlarm.apply(this, words);
  };
}

function counted(Base) {
  return class extends Base {
    constructor(context, env) {
      wrap(context);
      super(context, env);
    }

    fetch(request) {
      counters.requests += 1;
      return super.fetch(request);
    }

    ask(...words) {
      counters.requests += 1;
      return super.ask(...words);
    }
  };
}

export class ConversationObject extends counted(Conversation) {}
export class ShopObject extends counted(Shop) {}

function read() {
  const { rows, alarms, requests, cursors } = counters;
  counters = fresh();
  return { rows: cursors.reduce((sum, cursor) => sum + cursor.rowsWritten, rows), alarms, requests };
}

export default typeof relay === "function"
  ? class extends relay {
      fetch(request) {
        return new URL(request.url).pathname === "/bench/counters" ? Response.json(read()) : super.fetch(request);
      }
    }
  : {
      ...relay,
      fetch(request, ...rest) {
        return new URL(request.url).pathname === "/bench/counters" ? Response.json(read()) : relay.fetch(request, ...rest);
      },
    };
