// Runs the examples of the page against the chat of the page. What is run is the very text that is shown: xtask/site.mjs makes
// examples.js of it, since a page without 'unsafe-eval' cannot.

import examples from "./examples.js";

const shop = new URLSearchParams(location.search).get("shop") || "demo";

const embed = () => {
  const tag = document.createElement("script");
  tag.src = "/widget.js";
  tag.dataset.shop = shop;
  document.head.append(tag);
};

for (const section of document.querySelectorAll("section[id]")) {
  const run = examples[section.id];
  if (!run) continue;
  const button = document.createElement("button");
  const output = document.createElement("output");
  button.textContent = "Run";
  button.setAttribute("aria-label", `Run: ${section.querySelector("h2").textContent}`);
  // In the code it is called console.
  const log = (...words) => {
    output.textContent += words.map((word) => (typeof word === "string" ? word : JSON.stringify(word))).join(" ") + "\n";
  };
  button.addEventListener("click", async () => {
    output.textContent = "";
    try {
      await run({ log }, shop, embed);
    } catch (error) {
      log(error.message);
    }
  });
  section.querySelector("pre").after(button, output);
}

embed();
