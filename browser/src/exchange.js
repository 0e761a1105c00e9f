// What goes for a socket where sockets do not get through: the same frames, by requests over HTTPS (SPEC, RL21 and CL20). It is
// loaded when it is needed. It looks into no frame but the first, for its token: `carried` is handed back as it came.

// As many as the relay takes in one request, with room for a hello.
const MOST = 90;
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
    const texts = up.splice(0, MOST);
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
      // As a socket would be closed: with a new token, never, or after a while.
      if (!answer.ok) return end({ 401: 4100, 403: 4201, 404: 4201 }[answer.status] || 1006);
      const said = await answer.json();
      carried = said.carried;
      for (const frame of said.frames) tell("message", { data: JSON.stringify(frame) });
      if (texts.length > frames.length) tell("message", { data: "pong" });
      if (said.close) end(said.close);
    } catch {
      // Called off for what is to go up now; otherwise nothing answered.
      if (!asking.off) end(1006);
    }
    asking = 0;
    ask();
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
