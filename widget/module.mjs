// Takes a WebAssembly module apart into its sections and puts it together again (the binary format, chapter 5 of the standard).

export const CUSTOM = 0;
export const IMPORTS = 2;
export const EXPORTS = 7;
export const ELEMENTS = 9;
export const CODE = 10;
export const DATA = 11;

const KINDS = ["function", "table", "memory", "global", "tag"];

/** The same module, with each section's content as `change` answers it; what it does not answer stays. */
export function changed(wasm, change) {
  const parts = sections(wasm).flatMap(({ id, body }) => {
    const content = change(id, body) ?? body;
    return [Buffer.of(id), number(content.length), content];
  });
  return Buffer.concat([wasm.subarray(0, 8), ...parts]);
}

export function sections(wasm) {
  const from = new Cursor(wasm, 8);
  const sections = [];
  while (from.at < wasm.length) {
    const id = from.byte();
    const length = from.number();
    sections.push({ id, body: wasm.subarray(from.at, (from.at += length)) });
  }
  return sections;
}

/** Steps over what is imported; answers its kind. */
export function skipImport(from) {
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
  return kind;
}

export class Cursor {
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

export function number(n) {
  const bytes = [];
  for (; n > 127; n = Math.floor(n / 128)) bytes.push((n % 128) + 128);
  return Buffer.of(...bytes, n);
}

export function text(name) {
  const bytes = Buffer.from(name);
  return Buffer.concat([number(bytes.length), bytes]);
}
