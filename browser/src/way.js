// Ways around a socket that does not get through, in the fewest bytes: everybody loads this, hardly anybody needs the rest.

// When a socket has shown that it is a good one (LASTING), tabs begin to share.
let open = (url) => {
  const first = new WebSocket(url);
  open = (next) => new WebSocket(next);
  if (/shop=/.test(url) && navigator.locks)
    setTimeout(() => {
      import("./__TABS_JS__")
        .then(({ share }) => (open = share(first, url)))
        .catch(() => {});
    }, 11000);
  return first;
};
export const socket = (url) => open(url);

// Something that says and takes what a WebSocket does; what makes it work is fetched now. Should that fail, nothing opens in time.
export const exchange = (url) => {
  const socket = new EventTarget();
  socket.up = [];
  socket.send = (text) => socket.up.push(text);
  socket.close = () => (socket.up = 0);
  import("./__EXCHANGE_JS__").then(
    ({ run }) => socket.up && run(socket, url),
    () => {},
  );
  return socket;
};

// Frames that are said in one go, by one request that outlives the page: a beacon, which asks for no leave before it
// sends, where a browser has them. The token is in the first frame.
let parting;
export const farewell = (url, frame) => {
  if (!parting) {
    parting = [];
    queueMicrotask(() => {
      navigator.sendBeacon?.(url.replace("ws", "http"), `{"frames":[${parting}]}`);
      parting = 0;
    });
  }
  parting.push(frame);
};
