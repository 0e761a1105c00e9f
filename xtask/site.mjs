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

// What every browser of the last three years has, and what rustc emits; `--all-features` would let wasm-opt write more than that.
const WASM_FEATURES = ["bulk-memory", "mutable-globals", "nontrapping-float-to-int", "sign-ext", "reference-types", "multivalue"];
const BROWSERS = ["chrome90", "firefox89", "safari15"];

// Below this a compressed copy saves less than its headers cost.
const COMPRESS_FROM = 256;
const COMPRESSED = /\.(html|js|css|svg|json|wasm|txt|xml|webmanifest)$/;

const site = new Map();
// What is loaded when it is needed, which widget and inbox share.
let ways;

await widget();
await inbox();
shop();
if (existsSync(join(root, "edge/docs.html"))) put("docs/index.html", read("edge/docs.html"));
write();

async function widget() {
  // Called after what they are: the loader has that word already.
  const { js, wasm } = await module("shop", "widget", "panel");
  const tokens = { __WIDGET__: js.slice(0, -"js".length) };
  tokens.__CSS__ = await minify("css", text("widget/launcher.css"));
  const languages = {};
  if (existsSync(join(root, "widget/languages"))) {
    for (const name of readdirSync(join(root, "widget/languages")).filter((name) => name.endsWith(".json")).sort()) {
      const code = name.slice(0, -".json".length);
      const table = JSON.stringify(JSON.parse(text(join("widget/languages", name))));
      languages[code] = asset(`lang-${code}`, "json", Buffer.from(table));
    }
    tokens.__LANGUAGES__ = languages;
  }
  put("widget.js", Buffer.from(await minify("js", fill(text("widget/loader.js"), tokens))));

  // One table is loaded, in the shopper's language: the heaviest stands for it.
  const heaviest = Object.values(languages).sort((a, b) => brotli(b) - brotli(a) || (a < b ? -1 : 1)).slice(0, 1);
  const size = { before: ["/widget.js"], after: [js, wasm, ...heaviest] };
  replace(join(root, "target/size.json"), Buffer.from(JSON.stringify(size, null, 2) + "\n"));
}

async function inbox() {
  const { js, wasm } = await module("inbox", "inbox");
  const boot = `import init from ${JSON.stringify(js)};init({module_or_path:${JSON.stringify(wasm)}});`;
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
}

// The page a merchant would have: nothing is added, and what trunk built of the widget is served under hashed names only.
function shop() {
  for (const name of list("target/trunk/shop")) {
    if (isModulePart(name, "widget")) continue;
    const content = read(join("target/trunk/shop", name));
    put(name, name === "index.html" ? Buffer.from(withoutDirectives(content.toString())) : content);
  }
}

// The two files that wasm-bindgen makes, smaller, under hashed names.
async function module(page, name, called = name) {
  const folder = join(root, "target/trunk", page);
  if (!existsSync(join(folder, `${name}_bg.wasm`))) fail(`target/trunk/${page}/${name}_bg.wasm is missing: run \`cargo xtask build\`.`);
  const bundle = await esbuild.build({
    absWorkingDir: root,
    entryPoints: [join(folder, `${name}.js`)],
    // Brings in the snippets that crates carry, which would be one more request each; not what is loaded when it is needed.
    bundle: true,
    external: ["./__EXCHANGE_JS__", "./__TABS_JS__"],
    format: "esm",
    minify: true,
    legalComments: "none",
    target: BROWSERS,
    write: false,
    logLevel: "warning",
  });
  ways ??= await around();
  const glue = fill(bundle.outputFiles[0].text, ways);
  const short = shorten(glue, optimised(join(folder, `${name}_bg.wasm`)));
  // One hash for both: a name less that does not compress.
  const both = createHash("sha256").update(short.js).update(short.wasm).digest("hex").slice(0, 8);
  const stem = `/assets/${called}-${both}`;
  put(`${stem.slice(1)}.js`, Buffer.from(short.js));
  put(`${stem.slice(1)}.wasm`, short.wasm);
  return { js: `${stem}.js`, wasm: `${stem}.wasm` };
}

// They lie beside the glue.
async function around() {
  const beside = async (stem, names) => {
    const path = asset(stem, "js", Buffer.from(await minify("js", fill(text(`browser/src/${stem}.js`), names))));
    return "." + path.slice(path.lastIndexOf("/"));
  };
  const exchange = { "./__EXCHANGE_JS__": await beside("exchange", {}) };
  return { ...exchange, "./__TABS_JS__": await beside("tabs", exchange) };
}

function optimised(file) {
  const scratch = mkdtempSync(join(tmpdir(), "commesso-"));
  try {
    const [muted, result] = [join(scratch, "in.wasm"), join(scratch, "out.wasm")];
    writeFileSync(muted, mute(readFileSync(file)));
    const features = ["--mvp-features", ...WASM_FEATURES.map((feature) => `--enable-${feature}`)];
    // Flat code shows the optimiser what nested code hides: 0.3 KB of 56.
    // Data stays in few pieces: what is blotted out compresses better than it is left out.
    const passes = ["-O1", "--flatten", "--rereloop", "-Oz", "-Oz", "--skip-pass=memory-packing", "--strip-debug", "--strip-producers", "--strip-target-features"];
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
    if (!source.includes(token)) fail(`widget/loader.js does not use ${token}.`);
    const literal = JSON.stringify(value);
    source = source.replaceAll(new RegExp(`(["'\`])${token}\\1|\\b${token}\\b`, "g"), () => literal);
  }
  const left = /\b__[A-Z][A-Z_]*__\b/.exec(source);
  if (left) fail(`widget/loader.js uses ${left[0]}, which nobody fills in.`);
  return source;
}

async function minify(loader, source) {
  const result = await esbuild.transform(source, { loader, minify: true, legalComments: "none", target: BROWSERS, logLevel: "silent" });
  return result.code.trim();
}

function asset(stem, extension, content) {
  const hash = createHash("sha256").update(content).digest("hex").slice(0, 8);
  const path = `assets/${stem}-${hash}.${extension}`;
  put(path, content);
  return `/${path}`;
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
