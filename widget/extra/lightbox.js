// A picture as large as the screen, above the page. It is the browser's own dialog: what is behind it is out of reach, Escape closes it, and
// who opened it has the focus again.

const CSS = `
.lightbox{box-sizing:border-box;position:fixed;inset:0;display:none;grid-template:auto minmax(0,1fr)/minmax(0,1fr);width:100%;height:100%;max-width:none;max-height:none;margin:0;padding:max(8px,env(safe-area-inset-top)) max(8px,env(safe-area-inset-right)) max(8px,env(safe-area-inset-bottom)) max(8px,env(safe-area-inset-left));border:0;background:#141210;color:#fff;overscroll-behavior:contain}
.lightbox[open]{display:grid}
.lightbox::backdrop{background:none}
.lightbox-bar{display:flex;align-items:center;gap:4px}
.lightbox-bar b{flex:1;min-width:0;padding-inline:8px;overflow:hidden;text-overflow:ellipsis;white-space:nowrap;unicode-bidi:plaintext;font-weight:600}
.lightbox-bar button,.lightbox-bar a{display:grid;place-items:center;box-sizing:border-box;width:44px;height:44px;padding:0;border-radius:50%;color:inherit}
.lightbox-bar :is(button,a):hover{background:#fff2}
.lightbox :focus-visible{outline:2px solid #fff;outline-offset:-2px}
.lightbox img{display:block;width:100%;height:100%;object-fit:contain;min-height:0;touch-action:pan-y pinch-zoom;-webkit-user-drag:none}
.lightbox svg{display:block}
[dir=rtl] .lightbox .turn-icon{transform:scaleX(-1)}
`;

// Px: so far a finger goes to turn the page, and so far it may go in a tap.
const SWIPE = 48;
const TAP = 10;

/** Shows one of these pictures; `read(file)` tells where it is. */
export const show = async (desk, words, files, file, from, read) => {
  const { make, icon } = desk;
  desk.dress(CSS);
  let at = files.indexOf(file);
  const name = make("b", {});
  const image = make("img", {});
  const open = make("a", { target: "_blank", rel: "noopener noreferrer", "aria-label": words.tab, title: words.tab }, icon("M14 5h5v5M19 5l-8 8M11 6H6v12h12v-5"));
  const button = (label, d, click, turns) => {
    const made = make("button", { type: "button", "aria-label": label, title: label, click }, icon(d));
    if (turns) made.firstChild.setAttribute("class", "turn-icon");
    return made;
  };
  const turn = (by) => {
    at = (at + by + files.length) % files.length;
    put();
  };
  const turns = files.length > 1 ? [button(words.previous, "m14 7-5 5 5 5", () => turn(-1), true), button(words.next, "m10 7 5 5-5 5", () => turn(1), true)] : [];
  const bar = make("div", { class: "lightbox-bar" }, name, ...turns, open, button(words.close, "m7 7 10 10M17 7 7 17", () => dialog.close()));
  const dialog = make("dialog", { class: "lightbox" }, bar, image);
  const put = async () => {
    const shown = files[at];
    dialog.setAttribute("aria-label", shown.name);
    name.textContent = image.alt = shown.name;
    image.removeAttribute("src");
    const address = await read(shown).catch(() => "");
    if (shown != files[at] || !address) return;
    image.src = open.href = address;
  };
  // Which way it goes on: with an arrow that way, or a finger the other way.
  const step = (way) => way && turns.length && turn(way * (getComputedStyle(dialog).direction == "rtl" ? -1 : 1));
  let down, moved;
  dialog.addEventListener("pointerdown", ({ clientX, isPrimary }) => {
    // Two fingers make it larger.
    down = isPrimary ? clientX : NaN;
    moved = 0;
  });
  dialog.addEventListener("pointerup", ({ clientX }) => {
    moved = clientX - down;
    // Whoever has made it larger looks around in it.
    const larger = window.visualViewport && visualViewport.scale > 1.01;
    if (!larger && Math.abs(moved) > SWIPE) step(moved < 0 ? 1 : -1);
  });
  dialog.addEventListener("click", ({ target }) => [dialog, image].includes(target) && !(Math.abs(moved) > TAP) && dialog.close());
  dialog.addEventListener("keydown", (event) => {
    step({ ArrowLeft: -1, ArrowRight: 1 }[event.key]);
    // The panel behind it does not close with it.
    event.stopPropagation();
  });
  dialog.addEventListener("close", () => {
    shut.disconnect();
    dialog.remove();
    from.focus();
  });
  desk.frame.append(dialog);
  dialog.showModal();
  // The chat takes it along when it closes. An inbox has no panel, and stays.
  const panel = desk.root.querySelector(".panel");
  const shut = new MutationObserver(() => {
    if (!panel.hidden) return;
    dialog.close();
    // While the picture was there nothing of the page could take the focus.
    if (!document.activeElement || document.activeElement == document.body) desk.root.querySelector(".launcher").focus();
  });
  if (panel) shut.observe(panel, { attributeFilter: ["hidden"] });
  put();
};
