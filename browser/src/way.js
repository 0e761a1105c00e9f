// Ways around a socket that does not get through, in the fewest bytes: everybody loads this, hardly anybody needs the rest.

const address = (url) => {
  const at = new URL(url.replace(/^ws/, "http"));
  return `${at.origin}/v1/conversations/${at.searchParams.get("conversation")}/exchange`;
};

// Something that says and takes what a WebSocket does; what makes it work is fetched now.
export const exchange = (url) => {
  const socket = Object.assign(new EventTarget(), { up: [], send: (text) => socket.up.push(text), close: () => (socket.up = 0) });
  import("./__EXCHANGE_JS__").then(
    (module) => socket.up && module.run(socket, address(url)),
    () => socket.dispatchEvent(Object.assign(new Event("close"), { code: 1006 })),
  );
  return socket;
};

// A request that outlives its page. Its body is of no type that a browser would ask about before it sends it.
export const farewell = (url, body) => {
  fetch(address(url), { method: "POST", keepalive: true, credentials: "omit", body }).catch(() => {});
};
