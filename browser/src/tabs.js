// One socket for all tabs of a conversation. One tab leads: it holds the lock and the socket, and tells the others what comes down.
// They send by requests, as where there are no sockets. This is loaded when the chat has been open for a while.
//
// The tab that came into sight last leads, since browsers slow the others down. Whoever loses the lead, or gets it, closes what it
// has: the chat connects again and resumes, so nothing is lost and nothing is doubled whoever dies when. Without a socket for a
// moment (the chat rests, or was taken off the page) a tab holds no lock and listens to nothing.

import { run } from "./__EXCHANGE_JS__";

// What a tab may show that did not ask for it. A page of history or a refusal is the leader's own.
const FOR_ALL = /^{"type":"(entry|receipt|typing|presence)"/;
// Milliseconds in sight until a tab takes the lead: who looks from one to the other and back changes nothing, and a socket that
// lived for so long was a good one (LASTING).
const STAY = 10000;
// Milliseconds without a socket until the lead is left to others: a chat that connects again does so sooner.
const REST = 5000;

/** Shares `first`, the socket to `url` that the chat has now; what opens the next ones. */
export const share = (first, url) => {
  const name = "commesso " + url;
  // Where a page may keep nothing, some browsers refuse it a channel.
  try {
    new BroadcastChannel(name).close();
  } catch {
    return (other) => new WebSocket(other);
  }
  let now, channel, life, leads, release, waits, resting, soon, alone, denied;

  const leave = () => {
    if (waits) waits = waits.abort();
    if (leads) leads = release();
  };
  const rest = () => {
    leave();
    clearTimeout(soon);
    life.abort();
    channel.close();
    life = now = 0;
  };
  const wake = () => {
    life = new AbortController();
    channel = new BroadcastChannel(name);
    channel.onmessage = heard;
    const listen = (target, event, told) => target.addEventListener(event, told, { signal: life.signal });
    listen(document, "visibilitychange", seen);
    listen(window, "pageshow", seen);
    // A page that is kept for later must hold no lock and wait for none.
    listen(window, "pagehide", leave);
    want(!document.hidden);
  };
  const seen = () => {
    clearTimeout(soon);
    if (!document.hidden) soon = setTimeout(() => life && want(true), STAY);
  };

  // Calls back when a socket is over.
  const watch = (socket) => {
    const close = socket.close.bind(socket);
    const over = () => {
      if (socket != now) return;
      // Where requests are not answered, a tab works alone.
      alone = socket.up && !socket.good;
      resting ||= setTimeout(rest, REST);
    };
    socket.close = (...words) => {
      close(...words);
      over();
    };
    socket.addEventListener("close", over);
    return socket;
  };
  const lead = (socket) => {
    socket.addEventListener("message", ({ data }) => life && channel.postMessage(data));
    return socket;
  };
  const follow = () => {
    const socket = new EventTarget();
    socket.up = [];
    socket.send = (text) => socket.up.push(text);
    socket.close = () => (socket.up = 0);
    // After the chat listens.
    queueMicrotask(() => {
      if (!socket.up) return;
      run(socket, url, true);
      watch(socket);
    });
    return socket;
  };

  // What was so is over: the chat connects again.
  const change = () => {
    if (!now) return;
    now.close();
    now.dispatchEvent(Object.assign(new Event("close"), { code: 1006 }));
  };

  const want = (steal) => {
    if (leads || (waits && !steal)) return;
    if (!steal) waits = new AbortController();
    let granted;
    navigator.locks
      .request(name, steal ? { steal } : { signal: waits.signal }, () => {
        // Granted to a chat that is not there any more.
        if (!life) return;
        granted = leads = 1;
        if (!steal) waits = 0;
        if (now instanceof WebSocket) lead(now);
        else change();
        return new Promise((done) => (release = done));
      })
      .catch((refused) => {
        // Some browsers have locks and refuse them, where a page may keep nothing: nobody leads there.
        denied ||= refused.name == "SecurityError";
        // A tab came into sight and took it; or this one does not wait any more.
        if (!granted) return;
        leads = 0;
        change();
        if (life) want();
      });
  };

  const heard = ({ data }) => {
    if (leads || !now || now instanceof WebSocket) return;
    if (FOR_ALL.test(data)) now.dispatchEvent(Object.assign(new Event("message"), { data }));
    // The leader was away for a while: what it missed, this tab missed too.
    else if (now.ask && data.startsWith('{"type":"welcome"')) now.ask();
  };

  const open = (other) => {
    if (other != url) return new WebSocket(other);
    resting = clearTimeout(resting);
    if (!life) wake();
    now = leads || alone || denied ? watch(leads ? lead(new WebSocket(url)) : new WebSocket(url)) : follow();
    return now;
  };
  if (first.readyState < 2) {
    now = watch(first);
    wake();
    // Out of sight it takes nothing from anybody: if another tab leads, it follows.
    if (document.hidden)
      navigator.locks
        .query()
        .then(({ held }) => leads || (held.some((lock) => lock.name == name) && change()))
        .catch(() => {});
  }
  return open;
};
