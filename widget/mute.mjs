// A panic ends the chat without a word: nothing in the page would show what it says. So what ends in one traps at once, and what
// it would have said, and where, is blotted out; the optimiser then finds what nobody needs any more.
//
// Must stay true: only what never returns is made to trap; and what writes values for panics is cut off only in a module that
// writes no values otherwise. Both go by the names that the compiler leaves: without them only the words are blotted out.

import { changed, CODE, Cursor, CUSTOM, DATA, ELEMENTS, IMPORTS, number, sections, skipImport } from "./module.mjs";

// No locals, `unreachable`, `end`.
const TRAP = Buffer.of(0, 0x00, 0x0b);
const PANICS = /^<?(?:core|std|alloc|__rustc)\b(?!.*drop_in_place).*(?:panic|_fail(?:ed)?\b|handle_error|alloc_error|capacity_overflow|rust_begin_unwind)/;
const FORMATS = /\bfmt::(?:Debug|Display)>::fmt\b/;
// What `format!` and `write!` need: who has it may write any value.
const WRITES = /\bfmt::write\b/;

// The compiler's library, a crate of the registry, or one of ours; as xtask lets the compiler write them.
const SOURCE = /(?:\/rustc\/[0-9a-f]{40}|c\/[a-z][\w-]*-\d[\w.+-]*|protocol|browser|widget|inbox)\/(?:[\w-]+\/)*[\w-]+\.rs/g;
// The library's words. One that is missing here is a few bytes more.
const WORDS =
  /slice index starts at | but ends at |index out of bounds: the len is | but the index is |range start index | out of range for slice of length |range end index |assertion `left | right` failed|  left: | right: |cannot access a Thread Local Storage value during or after destruction: |insertion index \(is |removal index \(is |\) should be <=? len \(is |attempt to join into collection with len > usize::MAX|LazyCell instance has previously been poisoned|`async fn` resumed after completion|RefCell already (?:mutably )?borrowed|Hash table capacity overflow|internal error: entered unreachable code|Tried to shrink to a larger capacity|Arc counter overflow|capacity overflow|mid > len/g;

/** The same module, whose panics say nothing. */
export function mute(wasm) {
  const blank = changed(wasm, (id, body) => (id === DATA ? blotted(body) : undefined));
  const names = functionNames(wasm);
  return names ? trapping(blank, names) : blank;
}

function trapping(wasm, names) {
  const before = importedFunctions(wasm);
  const writes = [...names.values()].some((name) => WRITES.test(name));
  let trap;
  const muted = changed(wasm, (id, body) => {
    if (id !== CODE) return undefined;
    return functions(body, (content, at) => {
      // What never returns ends so.
      const panics = PANICS.test(names.get(before + at)) && content.subarray(-2).equals(TRAP.subarray(-2));
      if (panics) trap ??= before + at;
      return panics ? TRAP : content;
    });
  });
  if (writes || trap === undefined) return muted;
  const silent = (at) => (FORMATS.test(names.get(at)) ? trap : at);
  return changed(muted, (id, body) => (id === ELEMENTS ? elements(body, silent) : undefined));
}

function functions(body, change) {
  const from = new Cursor(body);
  const count = from.number();
  const parts = [number(count)];
  for (let at = 0; at < count; at++) {
    const length = from.number();
    const content = change(body.subarray(from.at, (from.at += length)), at);
    parts.push(number(content.length), content);
  }
  return Buffer.concat(parts);
}

// The functions that are called by a number. The linker writes one list of them, from a fixed place on.
function elements(body, change) {
  const from = new Cursor(body);
  if (from.number() !== 1 || from.number() !== 0) throw new Error("the module's table is not one list of functions");
  while (from.byte() !== TRAP.at(-1));
  const head = body.subarray(0, from.at);
  const count = from.number();
  const parts = Array.from({ length: count }, () => number(change(from.number())));
  return Buffer.concat([head, number(count), ...parts]);
}

// Every thing keeps its length, since others point behind it. A place is what its file's name is (where and how long), line and column.
function blotted(body) {
  const blank = Buffer.from(body);
  const blot = (start, length) => blank.fill(0, start, start + length);
  const pieces = segments(body);
  const files = new Map();
  for (const { at, address, length } of pieces) {
    const words = body.toString("latin1", at, at + length);
    for (const { index, 0: word } of words.matchAll(WORDS)) blot(at + index, word.length);
    for (const { index, 0: file } of words.matchAll(SOURCE)) {
      files.set(address + index, file.length);
      blot(at + index, file.length);
    }
  }
  for (const { at, address, length } of pieces) {
    for (let place = at + (-address & 3); place + 16 <= at + length; place += 4) {
      if (files.get(body.readUInt32LE(place)) === body.readUInt32LE(place + 4)) blot(place, 16);
    }
  }
  return blank;
}

function segments(body) {
  const from = new Cursor(body);
  return Array.from({ length: from.number() }, () => {
    if (from.number() !== 0) throw new Error("a piece of the module's data has no place of its own");
    from.byte();
    const address = from.number();
    from.byte();
    const length = from.number();
    const at = from.at;
    from.at += length;
    return { at, address, length };
  });
}

function importedFunctions(wasm) {
  const from = new Cursor(sections(wasm).find(({ id }) => id === IMPORTS)?.body ?? Buffer.of(0));
  let functions = 0;
  for (let left = from.number(); left; left--) {
    from.text(), from.text();
    if (skipImport(from) === "function") functions += 1;
  }
  return functions;
}

// By their numbers; nothing, when the compiler left none.
function functionNames(wasm) {
  for (const { id, body } of sections(wasm)) {
    const from = new Cursor(body);
    if (id !== CUSTOM || from.text() !== "name") continue;
    while (from.at < body.length) {
      const kind = from.byte();
      const end = from.number() + from.at;
      if (kind === 1) return new Map(Array.from({ length: from.number() }, () => [from.number(), from.text()]));
      from.at = end;
    }
  }
}
