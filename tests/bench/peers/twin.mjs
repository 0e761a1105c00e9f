// The JavaScript twin of the conversation object: what a good engineer writes in an afternoon on the same runtime. It speaks
// the same frames, keeps the same promise for one message (stored under its id before anybody is told) and nothing else: no
// tokens, no inbox, no receipts, no presence. It is the floor that the relay is compared with.

const OPERATOR = { role: "operator", id: "01a20e90-848f-747a-9561-caa065159a90", name: "Giulia" };

export class Twin {
  constructor(context) {
    this.context = context;
    this.sql = context.storage.sql;
    this.sql.exec("CREATE TABLE IF NOT EXISTS entry (seq INTEGER PRIMARY KEY, id TEXT NOT NULL UNIQUE, author TEXT NOT NULL, body TEXT NOT NULL, at INTEGER NOT NULL)");
    this.head = this.sql.exec("SELECT coalesce(max(seq), 0) AS head FROM entry").one().head;
    context.setWebSocketAutoResponse(new WebSocketRequestResponsePair("ping", "pong"));
  }

  fetch() {
    const { 0: client, 1: server } = new WebSocketPair();
    this.context.acceptWebSocket(server);
    return new Response(null, { status: 101, webSocket: client });
  }

  webSocketMessage(socket, text) {
    const frame = JSON.parse(text);
    if (frame.type === "hello") return this.welcome(socket, frame);
    if (frame.type === "send") this.send(frame, socket.deserializeAttachment());
  }

  // A token makes a visitor, as far as the twin cares.
  welcome(socket, hello) {
    const author = hello.token ? { role: "visitor" } : OPERATOR;
    socket.serializeAttachment(author);
    const presence = { duty: [], visitor: true };
    socket.send(JSON.stringify({ type: "welcome", version: 1, epoch: 1, head: this.head, you: { role: "visitor" }, status: "open", receipts: [], presence }));
    socket.send(JSON.stringify({ type: "history", previous: 0, entries: [], more: false }));
  }

  send({ id, content }, author) {
    const at = Date.now();
    const seq = this.head + 1;
    this.sql.exec("INSERT INTO entry (seq, id, author, body, at) VALUES (?, ?, ?, ?, ?)", seq, id, author.role, JSON.stringify(content), at);
    this.head = seq;
    const text = JSON.stringify({ type: "entry", previous: seq - 1, entry: { seq, id, at, author, content } });
    for (const socket of this.context.getWebSockets()) socket.send(text);
  }

  webSocketClose() {}
}

export default {
  fetch(request, env) {
    const url = new URL(request.url);
    if (url.pathname === "/v1/health") return new Response("ok");
    const name = url.searchParams.get("conversation");
    return env.TWIN.get(env.TWIN.idFromName(name)).fetch(request);
  },
};
