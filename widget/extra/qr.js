// A text as a QR code (ISO/IEC 18004): bytes, error correction M, as small as fits. Only what a link needs is here.

// Of each version from 1: bytes of error correction per block, and blocks of data, short ones first (table 9).
const PER_BLOCK = [10, 16, 26, 18, 24, 16, 18, 22, 22, 26, 30, 22, 22, 24, 24];
const BLOCKS = [1, 1, 1, 2, 2, 4, 4, 4, 5, 5, 5, 8, 9, 9, 10];

/** Rows of dark (true) and light squares; nothing when it does not fit. */
export const squares = (text) => {
  const bytes = new TextEncoder().encode(text);
  const version = PER_BLOCK.findIndex((_, at) => 4 + (at > 8 ? 16 : 8) + bytes.length * 8 <= room(at + 1) * 8) + 1;
  return version && drawn(version, interleaved(version, filled(version, bytes)));
};

const size = (version) => 17 + version * 4;

// Squares that are left for data and its correction, in bytes.
const all = (version) => {
  const n = version > 1 ? Math.floor(version / 7) + 2 : 0;
  const marks = n ? n * n * 25 - (n - 2) * 2 * 5 - 75 : 0;
  return Math.floor((size(version) ** 2 - 192 - 31 - (size(version) - 16) * 2 - marks - (version > 6 ? 36 : 0)) / 8);
};
const room = (version) => all(version) - PER_BLOCK[version - 1] * BLOCKS[version - 1];

// Kind (4: bytes), length, bytes, an end, and what fills the rest.
const filled = (version, bytes) => {
  const bits = [];
  const put = (value, length) => {
    for (let at = length; at--; ) bits.push((value >> at) & 1);
  };
  put(4, 4);
  put(bytes.length, version > 9 ? 16 : 8);
  for (const byte of bytes) put(byte, 8);
  const end = room(version) * 8;
  put(0, Math.min(4, end - bits.length));
  put(0, -bits.length & 7);
  for (let pad = 0xec; bits.length < end; pad ^= 0xec ^ 0x11) put(pad, 8);
  const out = [];
  for (let at = 0; at < end; at += 8) out.push(parseInt(bits.slice(at, at + 8).join(""), 2));
  return out;
};

// Multiplication in the field of 256 with x⁸ + x⁴ + x³ + x² + 1.
const times = (a, b) => {
  let product = 0;
  for (let at = 8; at--; ) product = (product << 1) ^ ((product >> 7) * 0x11d) ^ (((b >> at) & 1) * a);
  return product;
};

// Reed and Solomon: the remainder by (x - 1)(x - 2)(x - 4)…
const corrected = (data, degree) => {
  const divisor = Array(degree).fill(0);
  divisor[degree - 1] = 1;
  for (let root = 1, i = 0; i < degree; i++, root = times(root, 2)) {
    for (let j = 0; j < degree; j++) divisor[j] = times(divisor[j], root) ^ (divisor[j + 1] || 0);
  }
  const rest = Array(degree).fill(0);
  for (const byte of data) {
    const factor = byte ^ rest.shift();
    rest.push(0);
    divisor.forEach((part, at) => (rest[at] ^= times(part, factor)));
  }
  return rest;
};

// A stain then hurts many blocks a little.
const interleaved = (version, data) => {
  const count = BLOCKS[version - 1];
  const short = Math.floor(data.length / count);
  const longer = data.length % count;
  const blocks = [];
  for (let at = 0, n = 0; n < count; n++) {
    const length = short + (n >= count - longer ? 1 : 0);
    blocks.push(data.slice(at, (at += length)));
  }
  const out = [];
  for (let at = 0; at <= short; at++) for (const block of blocks) if (at < block.length) out.push(block[at]);
  const ends = blocks.map((block) => corrected(block, PER_BLOCK[version - 1]));
  for (let at = 0; at < PER_BLOCK[version - 1]; at++) for (const end of ends) out.push(end[at]);
  return out;
};

const MASKS = [
  (x, y) => (x + y) % 2,
  (x, y) => y % 2,
  (x) => x % 3,
  (x, y) => (x + y) % 3,
  (x, y) => (Math.floor(x / 3) + Math.floor(y / 2)) % 2,
  (x, y) => ((x * y) % 2) + ((x * y) % 3),
  (x, y) => (((x * y) % 2) + ((x * y) % 3)) % 2,
  (x, y) => (((x + y) % 2) + ((x * y) % 3)) % 2,
];

const drawn = (version, data) => {
  const n = size(version);
  const dark = Array.from({ length: n }, () => Array(n).fill(false));
  const fixed = Array.from({ length: n }, () => Array(n).fill(false));
  const put = (x, y, is) => {
    if (x < 0 || y < 0 || x >= n || y >= n) return;
    dark[y][x] = !!is;
    fixed[y][x] = true;
  };
  // Squares within squares: dark at these distances from the middle.
  const target = (x, y, radius) => {
    for (let dy = -radius; dy <= radius; dy++) for (let dx = -radius; dx <= radius; dx++) {
      const ring = Math.max(Math.abs(dx), Math.abs(dy));
      put(x + dx, y + dy, radius == 2 ? ring != 1 : ring != 2 && ring != 4);
    }
  };
  for (let at = 0; at < n; at++) put(6, at, at % 2 == 0), put(at, 6, at % 2 == 0);
  for (const [x, y] of [[3, 3], [n - 4, 3], [3, n - 4]]) target(x, y, 4);
  const marks = [];
  if (version > 1) {
    const count = Math.floor(version / 7) + 2;
    const step = Math.ceil((n - 13) / (2 * count - 2)) * 2;
    for (let at = n - 7; marks.length < count - 1; at -= step) marks.unshift(at);
    marks.unshift(6);
  }
  const last = marks.length - 1;
  marks.forEach((x, i) => marks.forEach((y, j) => {
    const corner = (i == 0 && j == 0) || (i == 0 && j == last) || (i == last && j == 0);
    if (!corner) target(x, y, 2);
  }));
  const format = (mask) => {
    // Correction M is 0; the code and its pattern are those of annex C.
    let rest = mask;
    for (let at = 0; at < 10; at++) rest = (rest << 1) ^ ((rest >> 9) * 0x537);
    const bits = ((mask << 10) | rest) ^ 0x5412;
    const bit = (at) => (bits >> at) & 1;
    for (let at = 0; at < 6; at++) put(8, at, bit(at));
    put(8, 7, bit(6)), put(8, 8, bit(7)), put(7, 8, bit(8));
    for (let at = 9; at < 15; at++) put(14 - at, 8, bit(at));
    for (let at = 0; at < 8; at++) put(n - 1 - at, 8, bit(at));
    for (let at = 8; at < 15; at++) put(8, n - 15 + at, bit(at));
    put(8, n - 8, true);
  };
  format(0);
  if (version > 6) {
    let rest = version;
    for (let at = 0; at < 12; at++) rest = (rest << 1) ^ ((rest >> 11) * 0x1f25);
    const bits = (version << 12) | rest;
    for (let at = 0; at < 18; at++) {
      const [a, b] = [n - 11 + (at % 3), Math.floor(at / 3)];
      put(a, b, (bits >> at) & 1), put(b, a, (bits >> at) & 1);
    }
  }
  // Up and down in columns of two, from the right.
  let at = 0;
  for (let right = n - 1; right > 0; right -= 2) {
    if (right == 6) right = 5;
    for (let step = 0; step < n; step++) for (const x of [right, right - 1]) {
      const y = (right + 1) & 2 ? step : n - 1 - step;
      if (!fixed[y][x] && at < data.length * 8) dark[y][x] = ((data[at >> 3] >> (7 - (at & 7))) & 1) == 1, at++;
    }
  }
  const masked = (mask) => {
    format(mask);
    return dark.map((row, y) => row.map((is, x) => (fixed[y][x] ? is : is != (MASKS[mask](x, y) == 0))));
  };
  const tried = MASKS.map((_, mask) => masked(mask));
  const costs = tried.map(cost);
  return tried[costs.indexOf(Math.min(...costs))];
};

// How much it could be mistaken: runs, squares of one colour, what looks like a target, and too much of either.
const cost = (rows) => {
  const n = rows.length;
  const columns = rows.map((_, x) => rows.map((row) => row[x]));
  let cost = 0;
  for (const line of [...rows, ...columns].map((row) => row.map(Number).join(""))) {
    for (const [run] of line.matchAll(/0{5,}|1{5,}/g)) cost += run.length - 2;
    for (const _ of line.matchAll(/(?=0000(1011101)|(1011101)0000)/g)) cost += 40;
  }
  let dark = 0;
  rows.forEach((row, y) => row.forEach((is, x) => {
    dark += is;
    if (x && y && is == row[x - 1] && is == rows[y - 1][x] && is == rows[y - 1][x - 1]) cost += 3;
  }));
  return cost + Math.floor(Math.abs((dark * 20) / (n * n) - 10)) * 10;
};
