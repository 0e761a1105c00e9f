// The way in for pictures and documents: a button beside the field, what is pasted into the panel, and what is dropped on it.
//
// What is chosen goes to the tray (tray.js), which is loaded with the first of it, or where the device has kept some from before.

const CSS = `
.attach{flex:none;color:var(--quiet)}
.attach:hover{color:var(--text)}
.attach svg{display:block}
.panel.over::after{content:attr(data-drop);position:absolute;inset:8px;display:grid;place-items:center;border:2px dashed var(--edge);border-radius:calc(var(--r) - 2px);background:var(--surface);font-weight:600;pointer-events:none;z-index:1}
.panel.over{position:fixed}
`;

// What is here already, by the panel it is in. A panel may begin anew, and an inbox has one for all conversations.
const here = new WeakMap();

/** Puts the button in. `places` are the panel, its field and send button, the log, and what the tray lies `under`. */
export const attach = async (desk, places) => {
  const { panel, send } = places;
  const before = here.get(panel);
  if (before?.desk == desk && before.send == send) return;
  before?.life.abort();
  const life = new AbortController();
  here.set(panel, { desk, send, life });
  const { signal } = life;
  const words = await desk.words("./__WORDS__", __LANGUAGES__);
  if (signal.aborted) return;
  const { make } = desk;
  desk.dress(CSS);
  let begun;
  const tray = () => (begun ||= desk.part("tray").then((part) => part.tray(desk, places, words, signal)));
  const take = (files) => files.length && tray().then((tray) => tray.add(files), () => (begun = undefined));
  const chosen = () => {
    // The list is the field's own, and is emptied with it; the same file may be chosen again.
    const files = [...input.files];
    input.value = "";
    take(files);
  };
  const input = make("input", { type: "file", multiple: true, hidden: true, accept: "image/*,application/pdf", "aria-label": words.attach, change: chosen });
  const clip = desk.icon("m20 11-8.5 8.5a5 5 0 0 1-7-7l9-9a3.3 3.3 0 0 1 4.700 4.700l-9 9a1.700 1.700 0 0 1-2.400-2.400L15 6.500");
  const button = make("button", { type: "button", class: "attach", "aria-label": words.attach, title: words.attach, click: () => input.click() }, clip);
  send.before(input, button);
  signal.addEventListener("abort", () => {
    input.remove();
    button.remove();
  });

  // Words that are pasted stay the field's.
  const listen = (name, heard) => panel.addEventListener(name, heard, { signal });
  listen("paste", (event) => {
    const files = [...(event.clipboardData?.files || [])];
    if (files.length && !event.clipboardData.types.includes("text/plain")) {
      event.preventDefault();
      take(files);
    }
  });
  panel.dataset.drop = words.drop;
  const over = (on) => panel.classList.toggle("over", on);
  const carried = (event) => event.dataTransfer?.types.includes("Files");
  listen("dragover", (event) => {
    if (!carried(event)) return;
    event.preventDefault();
    event.dataTransfer.dropEffect = "copy";
    over(true);
  });
  listen("dragleave", (event) => panel.contains(event.relatedTarget) || over(false));
  listen("drop", (event) => {
    over(false);
    // Without this the browser leaves the shop for the file.
    if (!carried(event)) return;
    event.preventDefault();
    take([...event.dataTransfer.files]);
  });
  const { shelf } = await desk.part("shelf");
  if (desk.begun() && (await shelf(desk)).length) tray();
};
