// Gives the functions that the glue and the wasm call each other by one- and two-letter names, on both sides. wasm-bindgen's
// carry a hash of 16 signs each, which no compressor can make smaller: together they are a twentieth of what a shopper loads.

import { changed, Cursor, EXPORTS, IMPORTS, number, skipImport, text } from "./module.mjs";

/** The same module and glue with short names. `js` is a text, `wasm` a Buffer. */
export function shorten(js, wasm) {
  const names = new Map();
  const short = (name) => {
    // What is not wasm-bindgen's own keeps its name: others may know it.
    if (!/^(__wb|wasm_bindgen__)\w+$/.test(name)) return name;
    if (!names.has(name)) names.set(name, letters(names.size));
    return names.get(name);
  };
  const shortened = changed(wasm, (id, body) => {
    if (id === IMPORTS) return imports(body, short);
    if (id === EXPORTS) return exports(body, short);
  });
  return { js: js.replace(/(?<![\w$])(?:__wb|wasm_bindgen__)\w+/g, (name) => names.get(name) ?? name), wasm: shortened };
}

function letters(n) {
  const alphabet = "abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ";
  const rest = Math.floor(n / alphabet.length);
  // With `_`, no name is a word of the language.
  return "_" + (rest ? letters(rest - 1).slice(1) : "") + alphabet[n % alphabet.length];
}

function imports(body, short) {
  const from = new Cursor(body);
  const count = from.number();
  const parts = [number(count)];
  for (let i = 0; i < count; i++) {
    parts.push(text(from.text()), text(short(from.text())));
    const start = from.at;
    skipImport(from);
    parts.push(body.subarray(start, from.at));
  }
  return Buffer.concat(parts);
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
