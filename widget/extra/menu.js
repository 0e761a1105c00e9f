// What can be done with the conversation beside writing: a button in the panel's head and a menu under it. It comes when the panel
// is opened; what each line does is loaded when it is chosen.
//
// With it the head is full: where text is twice as large as a phone is wide for, the shop's face makes room for who answers, and all of that
// scrolls rather than hide the talk.
//
// A menu as the ARIA patterns have it: the first line takes the focus, arrows move it, Escape and Tab give it back.

const NARROW = "(max-width:14em)";
const CSS = `
.more{position:relative;flex:none;margin-inline-start:-44px}
.more>button:hover{background:color-mix(in srgb,currentColor 14%,transparent)}
.more svg{display:block}
.more circle,.more path{stroke-width:2.25}
.more [role=menu],.more [role=status]:not(:empty){position:absolute;z-index:1;inset-block-start:calc(100% + 4px);inset-inline-end:-40px;width:max-content;max-width:min(280px,calc(100vw - 32px));max-height:50vh;overflow:auto;box-sizing:border-box;padding:6px;border-radius:min(14px,var(--r));background:var(--surface);color:var(--text);box-shadow:0 0 0 1px var(--line),0 8px 24px #2a1c1029;font-size:.9375em}
.more [role=status]:not(:empty){padding:10px 14px}
.more [role=menuitem]{display:flex;align-items:center;gap:10px;width:100%;padding:8px 12px;border-radius:8px;text-align:start}
.more [role=menuitem]:hover{background:var(--raised)}
.more [aria-disabled]{color:var(--quiet);cursor:default}
.more [role=menuitem] svg{flex:none;width:20px;height:20px}
.more [role=menuitem]:focus-visible{outline-color:var(--text)}
.more .news::after{content:"";position:absolute;inset-block-start:8px;inset-inline-end:8px;width:8px;height:8px;border-radius:50%;background:#b3261e;box-shadow:0 0 0 2px #fff}
.more [role=menuitem].news{position:relative;padding-inline-end:32px}
.more [role=menuitem].news::after{inset-block-start:calc(50% - 5px)}
@media ${NARROW}{header .face{display:none}header .who{max-height:35vh;overflow:auto}}
@media (forced-colors:active){.more [role=menu],.more [role=status]:not(:empty){border:1px solid}}
`;

/** Puts the button into the head. */
export const draw = async (desk, panel) => {
  const { make, icon } = desk;
  const words = await desk.words("./__WORDS__", __LANGUAGES__);
  desk.dress(CSS);
  const close = panel.querySelector(".close");
  // A panel that was opened before has it, maybe in another language.
  const before = panel.querySelector(".more");
  if (before) before.remove();

  // The transcript, without the shop's first words.
  const isSaid = () => panel.querySelector(".lines>.row");
  const keeps = () => {
    try {
      return Boolean(localStorage);
    } catch {}
  };
  const lines = [
    [words.others, "M5 6h9a1 1 0 0 1 1 1v6a1 1 0 0 1-1 1H9l-4 3V7M18 9h1v11l-3-3h-5", keeps, async () => (await desk.part("conversations")).open(desk)],
    [words.phone, "M8 3h8a1 1 0 0 1 1 1v16a1 1 0 0 1-1 1H8a1 1 0 0 1-1-1V4a1 1 0 0 1 1-1M11 18h2", () => true, async () => (await desk.part("handover")).open(desk)],
    [words.save, "M12 4v11m-5-5 5 5 5-5M5 20h14", isSaid, async () => (await desk.part("transcript")).save(desk, words)],
  ];

  const status = make("div", { role: "status" });
  const menu = make("div", { role: "menu", "aria-label": words.more, hidden: true });
  const button = make("button", { type: "button", "aria-label": words.more, "aria-haspopup": "menu", "aria-expanded": "false", click: () => turn(menu.hidden) },
    icon("M12 5.500v.01M12 12v.01M12 18.500v.01"));
  const turn = (open) => {
    menu.hidden = !open;
    button.setAttribute("aria-expanded", open);
    status.textContent = "";
    if (!open) return;
    menu.replaceChildren(...lines.map(line));
    if (button.matches(".news")) mark(menu.firstChild);
    menu.firstChild.focus();
  };
  // What cannot be done yet is there and dim, so that the menu is the same every time.
  const line = ([word, picture, fits, run]) =>
    make("button", { type: "button", role: "menuitem", tabindex: -1, "aria-disabled": !fits() && "true", click: () => {
      if (!fits()) return;
      turn(false);
      button.focus();
      run().then((told) => (status.textContent = told || ""), () => (status.textContent = words.failed));
    } }, icon(picture), word);
  const keys = (event) => {
    const items = [...menu.children];
    const at = items.indexOf(desk.root.activeElement);
    const to = { ArrowDown: at + 1, ArrowUp: at - 1, Home: 0, End: -1 }[event.key];
    if (event.key == "Escape" || event.key == "Tab") {
      turn(false);
      button.focus();
      // Escape would close the panel; Tab goes on from the button.
      if (event.key == "Escape") event.stopPropagation();
    } else if (to != null) {
      event.preventDefault();
      items[(to + items.length) % items.length].focus();
    }
  };
  menu.addEventListener("keydown", keys);
  const more = make("div", { class: "more" }, button, menu, status);
  panel.addEventListener("pointerdown", (event) => {
    if (!more.contains(event.target)) turn(false);
  });
  close.before(more);
  // Not every browser lets keys scroll what has no focus.
  if (matchMedia(NARROW).matches) panel.querySelector(".who").tabIndex = 0;
  // In a conversation that this device has left. It is asked for once each time the panel is opened, and only where there is one.
  const mark = (place) => {
    place.classList.add("news");
    place.setAttribute("aria-label", `${place.textContent || words.more}, ${words.news}`);
  };
  const others = desk.kept("left");
  if (others) desk.part("conversations").then(async ({ news }) => (await news(desk)) && mark(button)).catch(() => {});
};
