// Puts together what the relay serves: target/trunk/* and the loader → target/site, with a list for `size` in target/size.json.
//
// Assets get names that carry their content's hash, so that they can be kept for ever; /widget.js and the pages keep their names.
// The same input gives the same bytes. Files are replaced one by one and the folder stays, so that a relay that is running goes on.

import { createHash } from "node:crypto";
import { existsSync, mkdirSync, mkdtempSync, readdirSync, readFileSync, renameSync, rmSync, writeFileSync } from "node:fs";
import { execFileSync } from "node:child_process";
import { tmpdir } from "node:os";
import { dirname, join, relative, resolve, sep } from "node:path";
import { fileURLToPath } from "node:url";
import { brotliCompressSync, constants, gzipSync } from "node:zlib";
import esbuild from "esbuild";
import { mute } from "../widget/mute.mjs";
import { shorten } from "../widget/shorten.mjs";

const root = resolve(process.argv[2] ?? join(dirname(fileURLToPath(import.meta.url)), ".."));
const out = join(root, "target/site");

// The same content has as many names, all of its hash, of which the loader carries the one that it compresses best: they are up to
// fifteen bytes apart, which would decide from one build to the next whether it fits its budget. More of them save a byte.
const NAMES = 64;

// What every browser of the last three years has, and what rustc emits; `--all-features` would let wasm-opt write more than that.
const WASM_FEATURES = ["bulk-memory", "mutable-globals", "nontrapping-float-to-int", "sign-ext", "reference-types", "multivalue"];
const BROWSERS = ["chrome90", "firefox89", "safari15"];

// What of wasm-bindgen's glue is for nobody here: words for whoever starts its module wrongly, and what browsers older than BROWSERS
// lack. A third of a kilobyte.
const IDLE = [
  [/console\.warn\("(using deprecated|`WebAssembly)[^"]*"(,[\w$]+)?\)/g, "0"],
  [/new URL\("\w+_bg\.wasm",import\.meta\.url\)/g, "0"],
  [/(?<=throw new Error\()`failed to fetch Wasm[^`]*`/g, '"wasm"'],
  [/"encodeInto"in ([\w$]+)\|\|\(\1\.encodeInto=function\([^]*?\}\}\);/g, ""],
];

// Below this a compressed copy saves less than its headers cost.
const COMPRESS_FROM = 256;
const COMPRESSED = /\.(html|js|css|svg|json|wasm|txt|xml|webmanifest)$/;

const site = new Map();
// What is loaded when it is needed, which widget and inbox share.
let ways, extras;

await widget();
await adapters();
await inbox();
shop();
examples();
if (existsSync(join(root, "edge/docs.html"))) put("docs/index.html", read("edge/docs.html"));
write();

async function widget() {
  const words = languages();
  // Called after what they are: the loader has that word already.
  const phone = await beside("widget/phone.js");
  const launcher = await minify("css", text("widget/launcher.css"));
  const take = await beside("widget/take.js", words.of("take"));
  const loader = async (stem) => Buffer.from(await minify("js", fill(text("widget/loader.js"), { __WIDGET__: `${stem}.`, __CSS__: launcher })));
  const { js, wasm } = await module("shop", "widget", "panel", {
    weigh: async (stem) => compressed("widget.js", await loader(stem)).length,
    source: text("widget/panel.js"),
    tokens: words.tokens,
    beside: { "./__PHONE_JS__": phone, "./__TAKE_JS__": take },
    within: { "./__EXTRA_JS__": (extras = await extra(words)) },
    // Found by the loader by the name that it knows already.
    called: {
      "sdk.js": ["widget/sdk.js", looks()],
      "receipt.js": ["widget/sdk/receipt.js"],
      "avoid.js": ["widget/sdk/avoid.js"],
      "facts.js": ["widget/sdk/facts.js"],
      "identity.js": ["widget/sdk/identity.js"],
      "greet.js": ["widget/sdk/greet.js", words.of("greet")],
      "ladder.js": ["widget/ladder.js", { "./__TAKE_JS__": take }],
      "page.js": ["widget/ladder/page.js", { __LEAD__: lead(), "./__PHONE_JS__": phone }],
      "frame.js": ["widget/frame/outside.js", { "./__PHONE_JS__": phone }],
      "inside.js": ["widget/frame/inside.js", { __CSS__: launcher }],
    },
  });
  const stem = js.slice(0, -".js".length);
  // Completed by the relay, which knows the shop's origins (edge/src/frame.rs). Its address is relative: the relay may lie below a path.
  put("frame/index.html", Buffer.from(text("widget/frame/frame.html").replace("{{inside}}", `..${stem}.inside.js`)));
  put("widget.js", await loader(stem));

  // One table is loaded, in the shopper's language: the heaviest stands for it.
  const heaviest = (tables) => tables.sort((a, b) => brotli(b) - brotli(a) || (a < b ? -1 : 1))[0];
  const table = (part) => heaviest([...site.keys()].filter((path) => path.includes(`/${part}/`)).map((path) => "/" + path));
  // What every chat that was opened loads when it can be used already: the ways to a file and into the menu, and on a phone how to cover it.
  const parts = ["extra", "attach", "shelf", "menu", "phone"].map((stem) => "/" + [...site.keys()].find((path) => path.startsWith(`assets/${stem}-`)));
  const size = { before: ["/widget.js"], after: [js, wasm, heaviest(words.tables)], beside: [...parts, table("attach"), table("menu")] };
  replace(join(root, "target/size.json"), Buffer.from(JSON.stringify(size, null, 2) + "\n"));
}

// The panel's words: a list per language, without the names, which the panel knows (widget/src/text.rs). The words of a part that
// is loaded when it is needed are in a folder of its own, `languages/PART/CODE.json`, as written, and are served beside the
// others. One hash for all, so that to find them costs few bytes.
function languages() {
  const folder = "widget/languages";
  const files = list(folder).filter((name) => /(^|\/)[a-z]{2}\.json$/.test(name));
  const tables = new Map(files.map((name) => {
    const table = JSON.parse(text(join(folder, name)));
    const names = Object.keys(table).sort();
    return [name, JSON.stringify(name.includes("/") ? table : names.map((name) => table[name]))];
  }));
  const hash = hashed(...tables.values());
  for (const [name, table] of tables) put(`assets/words-${hash}/${name}`, Buffer.from(table));
  const own = files.filter((name) => !name.includes("/"));
  const english = JSON.parse(text(join(folder, "en.json")));
  // Without these nobody could use the chat, or would know why it does not answer.
  const needed = ["again", "chat", "close", "copy", "delete", "offline", "reconnecting", "refused", "seen", "send", "stored", "waiting", "write"];
  return {
    // Those of a part; `{}` stands for the language.
    of: (part) => ({
      "./__WORDS__": `./words-${hash}/${part}/{}.json`,
      __LANGUAGES__: files.filter((name) => name.startsWith(`${part}/`)).map((name) => name.slice(part.length + 1, -".json".length)),
    }),
    tables: own.map((name) => `/assets/words-${hash}/${name}`),
    tokens: {
      __LANGUAGES__: own.map((name) => name.slice(0, -".json".length)),
      __WORDS__: `./words-${hash}`,
      __NEEDED__: Object.keys(english).sort().map((name) => (needed.includes(name) ? english[name] : "")),
    },
  };
}

// How what the page says of the chat's looks is written, in its tag and in its calls.
function looks() {
  return { __LOOKS__: JSON.parse(text("widget/looks.json")) };
}

// What the page says that has no room for the chat: few words, in all languages, since it may be let load nothing else.
function lead() {
  const codes = list("widget/languages/plain").map((name) => name.slice(0, -".json".length));
  return Object.fromEntries(codes.map((code) => {
    const [panel, plain] = [`${code}`, `plain/${code}`].map((name) => JSON.parse(text(`widget/languages/${name}.json`)));
    return [code, [plain.lead, plain.open, panel.close, panel.write, panel.send, plain.away]];
  }));
}

// Under names that stay, since pages name them in their tags, and of one file each.
async function adapters() {
  for (const name of list("widget/adapters").filter((name) => name !== "embed.js")) {
    const bundle = await bundled({ entryPoints: [join(root, "widget/adapters", name)], format: "iife" });
    put(`adapters/${name}`, Buffer.from(bundle.trim()));
  }
  put("commesso.d.ts", read("widget/commesso.d.ts"));
}

async function inbox() {
  const { js, wasm } = await module("inbox", "inbox", "inbox", { within: { "./__EXTRA_JS__": extras } });
  const boot = `import init from ${JSON.stringify(js)};init({wasm:${JSON.stringify(wasm)}});`;
  const bootPath = asset("inbox-boot", "js", Buffer.from(await minify("js", boot)));
  let html = withoutDirectives(text("target/trunk/inbox/index.html"));
  for (const name of list("target/trunk/inbox")) {
    if (name === "index.html" || isModulePart(name, "inbox")) continue;
    let content = read(join("target/trunk/inbox", name));
    const [, stem, extension] = /([^/]*?)\.([^./]+)$/.exec(name) ?? [null, name, "txt"];
    if (extension === "css") content = Buffer.from(await minify("css", content.toString()));
    const path = asset(stem.startsWith("inbox") ? stem : `inbox-${stem}`, extension, content);
    // Trunk writes `/name`, a page's author `name` or `./name`.
    html = html.replaceAll(new RegExp(`(["'])(?:\\./|/inbox/|/)?${escape(name)}\\1`, "g"), `"${path}"`);
  }
  const head = [
    `<link rel="modulepreload" href="${js}">`,
    `<link rel="preload" href="${wasm}" as="fetch" type="application/wasm" crossorigin>`,
    `<script type="module" src="${bootPath}"></script>`,
  ];
  if (!html.includes("</head>")) fail("inbox/index.html has no </head> to put the script before.");
  put("inbox/index.html", Buffer.from(html.replace("</head>", `${head.join("\n")}\n</head>`)));
  await preview();
}

// The page in the inbox that shows the widget to who chooses its looks.
async function preview() {
  let html = text("inbox/preview/index.html");
  for (const extension of ["css", "js"]) {
    const content = await minify(extension, text(`inbox/preview/preview.${extension}`));
    html = html.replace(`"preview.${extension}"`, `"${asset("inbox-preview", extension, Buffer.from(content))}"`);
  }
  put("inbox/preview/index.html", Buffer.from(html));
}

// The page a merchant would have: nothing is added, and what trunk built of the widget is served under hashed names only.
function shop() {
  for (const name of list("target/trunk/shop")) {
    if (isModulePart(name, "widget")) continue;
    const content = read(join("target/trunk/shop", name));
    put(name, name === "index.html" ? Buffer.from(withoutDirectives(content.toString())) : content);
  }
}

// The page of what a shop's page can ask of the chat: what its examples run is what it shows.
function examples() {
  const html = text("docs/sdk/index.html");
  const shown = /<section id="(\w+)">(?:(?!<\/section>)[^])*?<pre><code>([^]*?)<\/code><\/pre>/g;
  const plain = (code) => code.replaceAll("&lt;", "<").replaceAll("&gt;", ">").replaceAll("&amp;", "&");
  const functions = [...html.matchAll(shown)].map(([, id, code]) => `${id}(console, shop, embed) {\n${plain(code)}\n},\n`);
  put("docs/sdk/index.html", Buffer.from(html));
  put("docs/sdk/page.js", read("docs/sdk/page.js"));
  put("docs/sdk/examples.js", Buffer.from(`export default {\n${functions.join("")}};\n`));
}

// The two files that wasm-bindgen makes, smaller, under hashed names. `entry` is what stands between the module and who imports it,
// if anything does: its `source` with `tokens`, what it loads `beside` it, what the module `within` loads, what is `called` after both,
// and how to `weigh` their name for who carries it.
async function module(page, name, called = name, entry = {}) {
  const folder = join(root, "target/trunk", page);
  if (!existsSync(join(folder, `${name}_bg.wasm`))) fail(`target/trunk/${page}/${name}_bg.wasm is missing: run \`cargo xtask build\`.`);
  const { source, tokens = {}, beside = {}, within = {}, weigh } = entry;
  const glue = join(folder, `${name}.js`);
  ways ??= await around();
  const loaded = { ...ways, ...within };
  // Brings in the snippets that crates carry, which would be one more request each; not what is loaded when it is needed.
  const bundle = await bundled({
    ...(source ? { stdin: { contents: fill(source, { __GLUE__: glue, ...tokens, ...beside }), resolveDir: folder } } : { entryPoints: [glue] }),
    external: [...Object.keys(loaded), ...Object.values(beside)],
    format: "esm",
  });
  // The last is a name that the loader pays for too.
  const short = shorten(lean(fill(bundle, loaded)).replaceAll("module_or_path", "wasm"), optimised(join(folder, `${name}_bg.wasm`)));
  const others = [];
  for (const [end, [file, names = {}]] of Object.entries(entry.called ?? {})) others.push([end, await minify("js", fill(text(file), names))]);
  // One hash for all: names less that do not compress.
  const contents = [short.js, short.wasm, ...others.map(([, content]) => content)];
  const names = Array.from({ length: weigh ? NAMES : 1 }, (_, at) => `/assets/${called}-${hashed(...contents, String(at))}`);
  const weights = weigh ? await Promise.all(names.map(weigh)) : [0];
  const stem = names[weights.indexOf(Math.min(...weights))];
  for (const [end, content] of [...others, ["js", short.js], ["wasm", short.wasm]]) put(`${stem.slice(1)}.${end}`, Buffer.from(content));
  return { js: `${stem}.js`, wasm: `${stem}.wasm` };
}

function lean(glue) {
  for (const [idle, instead] of IDLE) {
    if (glue.search(idle) < 0) fail(`wasm-bindgen's glue has no ${idle} any more: look at IDLE in xtask/site.mjs.`);
    glue = glue.replace(idle, instead);
  }
  return glue;
}

async function bundled(how) {
  const made = await esbuild.build({
    absWorkingDir: root,
    bundle: true,
    minify: true,
    legalComments: "none",
    target: BROWSERS,
    write: false,
    logLevel: "warning",
    ...how,
  });
  return made.outputFiles[0].text;
}

// What a chat may need beside words (widget/extra): each part with the languages of its own words.
async function extra(words) {
  const parts = looks();
  for (const name of list("widget/extra").filter((name) => name.endsWith(".js") && name !== "extra.js")) {
    const stem = name.slice(0, -".js".length);
    const file = `widget/extra/${name}`;
    parts[`./__${stem.toUpperCase()}_JS__`] = await beside(file, text(file).includes("__WORDS__") ? words.of(stem) : {});
  }
  return beside("widget/extra/extra.js", parts);
}

// They lie beside the glue.
async function around() {
  const exchange = { "./__EXCHANGE_JS__": await beside("browser/src/exchange.js") };
  return { ...exchange, "./__TABS_JS__": await beside("browser/src/tabs.js", exchange) };
}

async function beside(file, names = {}) {
  const stem = /([\w-]+)\.js$/.exec(file)[1];
  const path = asset(stem, "js", Buffer.from(await minify("js", fill(text(file), names))));
  return "." + path.slice(path.lastIndexOf("/"));
}

function optimised(file) {
  const scratch = mkdtempSync(join(tmpdir(), "commesso-"));
  try {
    const [muted, result] = [join(scratch, "in.wasm"), join(scratch, "out.wasm")];
    writeFileSync(muted, mute(readFileSync(file)));
    const features = ["--mvp-features", ...WASM_FEATURES.map((feature) => `--enable-${feature}`)];
    // Flat code shows the optimiser what nested code hides: 0.3 KB of 56.
    // Data stays in few pieces: what is blotted out compresses better than it is left out.
    const passes = ["-O1", "--flatten", "--rereloop", "-Oz", "-Oz", "--reorder-locals", "--skip-pass=memory-packing", "--strip-debug", "--strip-producers", "--strip-target-features"];
    execFileSync(join(root, "node_modules/.bin/wasm-opt"), [muted, "-o", result, ...features, ...passes], { stdio: "inherit" });
    return readFileSync(result);
  } catch (error) {
    fail(`wasm-opt could not work on ${relative(root, file)} (${error.message}).`);
  } finally {
    rmSync(scratch, { recursive: true, force: true });
  }
}

// With `inject_scripts = false` trunk leaves its own instruction in the page.
function withoutDirectives(html) {
  return html.replaceAll(/[ \t]*<link\s[^>]*\bdata-trunk-id=[^>]*>\n?/g, "");
}

function isModulePart(name, module) {
  return name.startsWith("snippets/") || [".js", "_bg.wasm", ".d.ts", "_bg.wasm.d.ts"].some((end) => name === module + end);
}

// A token stands for a value: `__X__` and "__X__" alike become a JavaScript literal.
function fill(source, tokens) {
  for (const [token, value] of Object.entries(tokens)) {
    if (!source.includes(token)) fail(`Nothing uses ${token}.`);
    const literal = JSON.stringify(value);
    source = source.replaceAll(new RegExp(`(["'\`])${token}\\1|\\b${token}\\b`, "g"), () => literal);
  }
  const left = /\b__[A-Z][A-Z_]*__\b/.exec(source);
  if (left) fail(`${left[0]} is used, and nobody fills it in.`);
  return source;
}

async function minify(loader, source) {
  const result = await esbuild.transform(source, { loader, minify: true, legalComments: "none", target: BROWSERS, logLevel: "silent" });
  return result.code.trim();
}

function asset(stem, extension, content) {
  const path = `assets/${stem}-${hashed(content)}.${extension}`;
  put(path, content);
  return `/${path}`;
}

function hashed(...contents) {
  const hash = createHash("sha256");
  for (const content of contents) hash.update(content);
  // In letters that the loader is full of: it carries one, which in digits is three bytes more, and up to ten from one build to the next.
  return [...hash.digest("hex").slice(0, 8)].map((digit) => "etanoirslcudhpmf"[parseInt(digit, 16)]).join("");
}

function put(path, content) {
  if (site.has(path)) fail(`Two files want the name ${path}.`);
  site.set(path, content);
}

function write() {
  for (const [path, content] of [...site]) {
    if (content.length <= COMPRESS_FROM || !COMPRESSED.test(path)) continue;
    const copies = { br: compressed(path, content), gz: gzipSync(content, { level: 9 }) };
    for (const [extension, copy] of Object.entries(copies)) {
      if (copy.length < content.length) put(`${path}.${extension}`, copy);
    }
  }
  for (const [path, content] of site) replace(join(out, path), content);
  for (const name of list("target/site")) if (!site.has(name)) rmSync(join(out, name));
}

function compressed(path, content) {
  const mode = path.endsWith(".wasm") ? constants.BROTLI_MODE_GENERIC : constants.BROTLI_MODE_TEXT;
  const params = {
    [constants.BROTLI_PARAM_QUALITY]: 11,
    [constants.BROTLI_PARAM_MODE]: mode,
    [constants.BROTLI_PARAM_SIZE_HINT]: content.length,
    // No window is larger than what it shows; the smallest usual one is told in one bit.
    [constants.BROTLI_PARAM_LGWIN]: content.length < 1 << 16 ? 16 : constants.BROTLI_DEFAULT_WINDOW,
  };
  return brotliCompressSync(content, { params });
}

function brotli(path) {
  const content = site.get(path.slice(1));
  return content.length <= COMPRESS_FROM ? content.length : compressed(path, content).length;
}

// A reader sees the old file or the new one, never half of one.
function replace(file, content) {
  if (existsSync(file) && readFileSync(file).equals(content)) return;
  mkdirSync(dirname(file), { recursive: true });
  writeFileSync(`${file}.new`, content);
  renameSync(`${file}.new`, file);
}

function list(folder) {
  const top = join(root, folder);
  if (!existsSync(top)) return [];
  return readdirSync(top, { recursive: true, withFileTypes: true })
    .filter((entry) => entry.isFile())
    // Trunk leaves its own folder of unfinished work when it is interrupted.
    .filter((entry) => !(entry.parentPath ?? entry.path).includes(".stage"))
    .map((entry) => relative(top, join(entry.parentPath ?? entry.path, entry.name)).split(sep).join("/"))
    .sort();
}

function read(path) {
  try {
    return readFileSync(join(root, path));
  } catch {
    fail(`${path} is missing.`);
  }
}

function text(path) {
  return read(path).toString();
}

function escape(name) {
  return name.replace(/[.*+?^${}()|[\]\\]/g, "\\$&");
}

function fail(sentence) {
  console.error(sentence);
  process.exit(1);
}
