// What goes for a socket where sockets do not get through: the same frames, by requests over HTTPS (SPEC, RL21 and CL20). It is
// loaded when it is needed. It looks into no frame but the first, for its token: `carried` is handed back as it came.

// As many, and as many bytes, as the relay takes in one request, with room for what goes with them.
const MOST = 90;
const BYTES = 48 * 1024;
// A page of what was missed: where there is as much, there may be more.
const PAGE = 60;
// Seconds that the relay may think about an answer when there is nothing to say: proxies give up after 30.
const WAIT = 25;

/** Makes `socket` work. With `fed` what comes down comes another way as well, and no request waits for it. */
export const run = (socket, url, fed) => {
  const up = socket.up;
  let carried, token, asking, ended, told;

  const tell = (name, fields) => ended || socket.dispatchEvent(Object.assign(new Event(name), fields));
  const end = (code) => {
    tell("close", { code });
    ended = 1;
  };

  const ask = async () => {
    if (asking || ended) return;
    if (fed && carried && !up.length && !told) return;
    told = 0;
    const begun = Date.now();
    const texts = [];
    for (let bytes = 0; up.length && texts.length < MOST; texts.push(up.shift())) {
      bytes += new Blob([up[0]]).size;
      if (texts.length && bytes > BYTES) break;
    }
    const frames = texts.filter((text) => text != "ping");
    if (!carried && frames[0]) token = JSON.parse(frames[0]).token;
    if (!carried && !token) return;
    asking = Object.assign(new AbortController(), { waits: !texts.length });
    try {
      const answer = await fetch(`${url.replace("ws", "http")}&wait=${texts.length || fed ? 0 : WAIT}`, {
        method: "POST",
        credentials: "omit",
        headers: { authorization: "Bearer " + token, "content-type": "application/json" },
        body: `{"frames":[${frames}],"carried":${JSON.stringify(carried) || null}}`,
        signal: asking.signal,
      });
      const said = await answer.json();
      // As a socket would be closed: with a new token, never, or after a while. Only the relay's own words end anything.
      if (!answer.ok) {
        // The relay has answered, if only that it is busy: requests get through (tabs.js).
        socket.good ||= said.type;
        return end({ "/problems/unauthorized": 4100, "/problems/not-found": 4201 }[said.type] || 1006);
      }
      // An entry may have been told to other sockets between the hello and its answer, or there may be another page.
      if (!carried || said.frames.length >= PAGE) told = 1;
      carried = socket.good = said.carried;
      for (const frame of said.frames) tell("message", { data: JSON.stringify(frame) });
      if (texts.length > frames.length) tell("message", { data: "pong" });
      if (said.close) end(said.close);
    } catch {
      // Called off for what is to go up now; otherwise nothing answered.
      if (!asking.off) end(1006);
    }
    asking = 0;
    // An answer that came at once and says nothing: too many wait already.
    if (!texts.length && !fed && Date.now() - begun < 1000) setTimeout(ask, 1000);
    else ask();
  };

  socket.send = (text) => {
    up.push(text);
    // Only a request that waits for nothing is called off: one that carries something must be answered.
    if (asking && asking.waits) asking.off = asking.abort() || 1;
    ask();
  };
  socket.ask = () => {
    told = 1;
    ask();
  };
  socket.close = () => {
    ended = 1;
    if (asking) asking.abort();
  };
  tell("open");
  ask();
};
