// The JavaScript twin of the conversation object: what a good engineer writes in an afternoon on the same runtime. It speaks
// the same frames, keeps the same promise for one message (stored under its id before anybody is told) and nothing else: no
// tokens, no inbox, no receipts, no presence. It is the floor that the relay is compared with. Asked for an inbox, it also keeps a
// shop's list up to date as the relay does, one call at a time for each conversation, which tells what a list costs.

const OPERATOR = { role: "operator", id: "01a20e90-848f-747a-9561-caa065159a90", name: "Giulia" };

export class Twin {
  constructor(context, env) {
    this.context = context;
    this.env = env;
    this.sql = context.storage.sql;
    this.sql.exec("CREATE TABLE IF NOT EXISTS entry (seq INTEGER PRIMARY KEY, id TEXT NOT NULL UNIQUE, author TEXT NOT NULL, body TEXT NOT NULL, at INTEGER NOT NULL)");
    this.head = this.sql.exec("SELECT coalesce(max(seq), 0) AS head FROM entry").one().head;
    context.setWebSocketAutoResponse(new WebSocketRequestResponsePair("ping", "pong"));
  }

  fetch(request) {
    const { 0: client, 1: server } = new WebSocketPair();
    // The tag outlives a hibernation.
    const { searchParams } = new URL(request.url);
    this.context.acceptWebSocket(server, searchParams.has("inbox") ? ["listed", searchParams.get("conversation")] : []);
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
    const sockets = this.context.getWebSockets();
    for (const socket of sockets) socket.send(text);
    const [listed, conversation] = this.context.getTags(sockets[0]);
    if (listed) this.list({ id: conversation, head: seq, last: { author, text: content.text }, waiting_since: author.role === "visitor" ? at : null, updated_at: at });
  }

  // What changes while the shop is being told is told next, all at once.
  async list(summary) {
    this.summary = summary;
    if (this.telling) return;
    this.telling = true;
    const shop = this.env.SHOP.get(this.env.SHOP.idFromName("shop"));
    while (this.summary) {
      const body = JSON.stringify(this.summary);
      this.summary = null;
      await shop.fetch("http://shop/", { method: "POST", body });
    }
    this.telling = false;
  }

  webSocketClose() {}
}

export class Shop {
  constructor(context) {
    this.sql = context.storage.sql;
    this.sql.exec("CREATE TABLE IF NOT EXISTS conversation (id TEXT PRIMARY KEY, summary TEXT NOT NULL) WITHOUT ROWID");
  }

  async fetch(request) {
    const text = await request.text();
    this.sql.exec("INSERT OR REPLACE INTO conversation (id, summary) VALUES (?, ?)", JSON.parse(text).id, text);
    return new Response("{}");
  }
}

export default {
  fetch(request, env) {
    const url = new URL(request.url);
    if (url.pathname === "/v1/health") return new Response("ok");
    const name = url.searchParams.get("conversation");
    return env.TWIN.get(env.TWIN.idFromName(name)).fetch(request);
  },
};
