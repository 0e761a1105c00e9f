// The peers of P3, P4 and the points: other chats and Lighthouse, from npm, at these versions, into `target/peers`; nothing of them is
// kept in the repository. Each chat becomes one page with one script, as its own instructions say, and looks for a server that is not
// there, as ours would be on a page that nobody has touched.

import { execFileSync } from "node:child_process";
import { existsSync, mkdirSync, writeFileSync } from "node:fs";
import { dirname, join } from "node:path";
import { fileURLToPath } from "node:url";
import { buildSync } from "esbuild";

const root = join(dirname(fileURLToPath(import.meta.url)), "../../..");
const folder = join(root, "target/peers");
const LIGHTHOUSE = "lighthouse@13.5.0";
const CHATS = {
  n8n: {
    package: "@n8n/chat@1.37.0",
    // Its package asks for others that the registry does not have; its own bundle needs none of them.
    packed: true,
    script: `import { createChat } from "./node_modules/@n8n/chat/dist/chat.bundle.es.js"; createChat({ webhookUrl: "http://localhost:9/chat" });`,
  },
  typebot: {
    package: "@typebot.io/js@0.10.7",
    script: `import Typebot from "@typebot.io/js/web"; Typebot.initBubble({ typebot: "shop", apiHost: "http://localhost:9" });`,
  },
  "deep-chat": {
    package: "deep-chat@2.4.2",
    script: `import "deep-chat"; document.body.append(Object.assign(document.createElement("deep-chat"), { demo: true }));`,
  },
};

const wanted = [LIGHTHOUSE, ...Object.values(CHATS).map((chat) => chat.package)].join(" ");
const mark = join(folder, `${wanted.replaceAll(/[^\w.]+/g, "_")}.here`);
if (!existsSync(mark)) {
  mkdirSync(folder, { recursive: true });
  writeFileSync(join(folder, "package.json"), `{ "private": true }`);
  const npm = (...words) => execFileSync("npm", [...words, "--loglevel=error"], { cwd: folder, stdio: ["ignore", "pipe", "inherit"] }).toString();
  const whole = Object.values(CHATS).filter((chat) => !chat.packed);
  npm("install", "--no-audit", "--no-fund", "--ignore-scripts", LIGHTHOUSE, ...whole.map((chat) => chat.package));
  for (const chat of Object.values(CHATS).filter((chat) => chat.packed)) {
    const [{ filename }] = JSON.parse(npm("pack", "--json", chat.package));
    const into = join(folder, "node_modules", chat.package.slice(0, chat.package.lastIndexOf("@")));
    mkdirSync(into, { recursive: true });
    execFileSync("tar", ["xzf", join(folder, filename), "-C", into, "--strip-components=1"]);
  }
  for (const [name, chat] of Object.entries(CHATS)) {
    const built = buildSync({
      stdin: { contents: chat.script, resolveDir: folder },
      bundle: true,
      minify: true,
      format: "iife",
      legalComments: "none",
      logLevel: "error",
      write: false,
    });
    writeFileSync(join(folder, `${name}.js`), built.outputFiles[0].contents);
    const page = `<!doctype html><html lang="en"><meta charset="utf-8"><meta name="viewport" content="width=device-width, initial-scale=1"><title>Plain shop</title><link rel="icon" href="data:,"><h1>Plain shop</h1><p>A page without a style or a script of its own.</p><button>Buy</button><script src="${name}.js"></script></html>`;
    writeFileSync(join(folder, `${name}.html`), page);
  }
  writeFileSync(mark, wanted);
}
