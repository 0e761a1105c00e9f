// One socket for all tabs of a conversation. One tab leads: it holds the lock and the socket, and tells the others what
// comes down. They send by requests, as where there are no sockets. It is loaded when the chat has been open for a while.
//
// The tab that came into sight last leads, since browsers slow the others down. Whoever loses the lead, or gets it, closes what it
// has: the chat connects again and resumes, so nothing is lost and nothing is doubled whoever dies when.

import { run } from "./__EXCHANGE_JS__";

// What a tab may show that did not ask for it. A page of history or a refusal is the leader's own.
const FOR_ALL = /^{"type":"(entry|receipt|typing|presence)"/;

/** Shares `first`, the socket to `url` that the chat has now; what opens the next ones. */
export const share = (first, url) => {
  const name = "commesso " + url;
  const channel = new BroadcastChannel(name);
  let now = first;
  let leads, release, queued;

  const lead = (socket) => {
    socket.addEventListener("message", ({ data }) => channel.postMessage(data));
    return socket;
  };

  const follow = () => {
    const socket = new EventTarget();
    socket.up = [];
    // After the chat listens.
    queueMicrotask(() => socket.up && run(socket, url, true));
    socket.send = (text) => socket.up.push(text);
    socket.close = () => (socket.up = 0);
    return socket;
  };

  // What was so is over.
  const change = () => {
    const before = now;
    now = 0;
    if (!before) return;
    before.close();
    before.dispatchEvent(Object.assign(new Event("close"), { code: 1006 }));
  };

  const want = (steal) => {
    if (leads || (queued && !steal)) return;
    queued = !steal || queued;
    navigator.locks
      .request(name, steal ? { steal } : {}, () => {
        if (!steal) queued = 0;
        leads = 1;
        if (now instanceof WebSocket) lead(now);
        else change();
        return new Promise((done) => (release = done));
      })
      .catch(() => {
        // Stolen by a tab that came into sight.
        leads = 0;
        change();
        want();
      });
  };

  const seen = () => document.hidden || want(true);
  document.addEventListener("visibilitychange", seen);
  addEventListener("pageshow", seen);
  // A page that is kept for later must hold no lock.
  addEventListener("pagehide", () => {
    if (leads) release((leads = 0));
  });
  channel.onmessage = ({ data }) => {
    if (leads || !now || now instanceof WebSocket) return;
    if (FOR_ALL.test(data)) now.dispatchEvent(Object.assign(new Event("message"), { data }));
    // The leader was away for a while: what it missed, this tab missed too.
    else if (now.ask && data.startsWith('{"type":"welcome"')) now.ask();
  };
  if (document.hidden) want();
  else want(true);

  return (other) => {
    if (other != url) return new WebSocket(other);
    return (now = leads ? lead(new WebSocket(url)) : follow());
  };
};
