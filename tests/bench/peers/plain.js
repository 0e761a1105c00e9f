// The peer of P11: a transcript without a window, in plain DOM, which no framework beats. The entries are in memory before the
// click, so nothing is waited for but the building and the painting of them. Called with [how many entries].
const count = arguments[0];
document.documentElement.innerHTML = `<head><style>
  .log { width: 384px; height: 600px; overflow: auto; font: 16px/1.45 system-ui }
  .row { display: flex; gap: 8px; margin: 4px 16px } .row.mine { justify-content: flex-end }
  .bubble { max-width: 80%; padding: 8px 12px; border-radius: 18px; background: #eee; overflow-wrap: anywhere }
  .mine .bubble { background: #7a3b1d; color: #fff } .meta { font-size: 12px; color: #666 }
</style></head><body><button>Open</button></body>`;
const entries = Array.from({ length: count }, (_, n) => ({ mine: n % 2 === 0, text: `Message ${n + 1} of a long conversation about the moka for three cups`, at: 1.79e12 + n * 6e4 }));
const time = new Intl.DateTimeFormat("en", { timeStyle: "short" });

function element(name, kind, ...children) {
  const made = document.createElement(name);
  made.className = kind;
  made.append(...children);
  return made;
}

document.querySelector("button").onclick = () => {
  const rows = entries.map(({ mine, text, at }) => element("div", mine ? "row mine" : "row", element("div", "bubble", text), element("time", "meta", time.format(at))));
  const log = element("div", "log", ...rows);
  log.setAttribute("role", "log");
  document.body.append(log);
  log.scrollTop = log.scrollHeight;
};
