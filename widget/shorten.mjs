// Gives the functions that the glue and the wasm call each other by one- and two-letter names, on both sides. wasm-bindgen's
// carry a hash of 16 signs each, which no compressor can make smaller: together they are a twentieth of what a shopper loads.
// Blots out where in the source a panic happened: a panic ends the chat without a word, so nobody ever reads it.

const IMPORTS = 2;
const EXPORTS = 7;
const DATA = 11;
// The compiler's library, a crate of the registry, or one of ours; as xtask lets the compiler write them.
const SOURCE = /(?:\/rustc\/[0-9a-f]{40}|c\/[a-z][\w-]*-\d[\w.+-]*|protocol|browser|widget|inbox)\/(?:[\w-]+\/)*[\w-]+\.rs/g;
const KINDS = ["function", "table", "memory", "global", "tag"];

/** The same module and glue with short names. `js` is a text, `wasm` a Buffer. */
export function shorten(js, wasm) {
  const names = new Map();
  const short = (name) => {
    // What is not wasm-bindgen's own keeps its name: others may know it.
    if (!/^(__wb|wasm_bindgen__)\w+$/.test(name)) return name;
    if (!names.has(name)) names.set(name, letters(names.size));
    return names.get(name);
  };
  const sections = read(wasm).map(({ id, body }) => {
    if (id === IMPORTS) return { id, body: imports(body, short) };
    if (id === EXPORTS) return { id, body: exports(body, short) };
    if (id === DATA) return { id, body: blotted(body) };
    return { id, body };
  });
  const shortened = js.replace(/(?<![\w$])(?:__wb|wasm_bindgen__)\w+/g, (name) => names.get(name) ?? name);
  return { js: shortened, wasm: write(wasm.subarray(0, 8), sections) };
}

function letters(n) {
  const alphabet = "abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ";
  const rest = Math.floor(n / alphabet.length);
  // With `_`, no name is a word of the language.
  return "_" + (rest ? letters(rest - 1).slice(1) : "") + alphabet[n % alphabet.length];
}

// Every place keeps its length, since others point behind it.
function blotted(body) {
  return Buffer.from(body.toString("latin1").replace(SOURCE, (place) => "-".repeat(place.length)), "latin1");
}

function imports(body, short) {
  const from = new Cursor(body);
  const count = from.number();
  const parts = [number(count)];
  for (let i = 0; i < count; i++) {
    parts.push(text(from.text()), text(short(from.text())));
    const start = from.at;
    skipType(from);
    parts.push(body.subarray(start, from.at));
  }
  return Buffer.concat(parts);
}

function skipType(from) {
  const kind = KINDS[from.byte()];
  if (kind === "function") from.number();
  else if (kind === "global") from.at += 2;
  else if (kind === "tag") from.at += 1, from.number();
  else {
    if (kind === "table") from.byte();
    const limited = from.number() & 1;
    from.number();
    if (limited) from.number();
  }
}

function exports(body, short) {
  const from = new Cursor(body);
  const count = from.number();
  const parts = [number(count)];
  for (let i = 0; i < count; i++) {
    parts.push(text(short(from.text())), Buffer.of(from.byte()), number(from.number()));
  }
  return Buffer.concat(parts);
}

function read(wasm) {
  const from = new Cursor(wasm, 8);
  const sections = [];
  while (from.at < wasm.length) {
    const id = from.byte();
    const length = from.number();
    sections.push({ id, body: wasm.subarray(from.at, (from.at += length)) });
  }
  return sections;
}

function write(head, sections) {
  return Buffer.concat([head, ...sections.flatMap(({ id, body }) => [Buffer.of(id), number(body.length), body])]);
}

class Cursor {
  constructor(bytes, at = 0) {
    this.bytes = bytes;
    this.at = at;
  }

  byte() {
    return this.bytes[this.at++];
  }

  // LEB128, unsigned.
  number() {
    let number = 0;
    for (let shift = 0; ; shift += 7) {
      const byte = this.byte();
      number += (byte & 127) * 2 ** shift;
      if (byte < 128) return number;
    }
  }

  text() {
    const length = this.number();
    return this.bytes.toString("utf8", this.at, (this.at += length));
  }
}

function number(n) {
  const bytes = [];
  for (; n > 127; n = Math.floor(n / 128)) bytes.push((n % 128) + 128);
  return Buffer.of(...bytes, n);
}

function text(name) {
  const bytes = Buffer.from(name);
  return Buffer.concat([number(bytes.length), bytes]);
}
