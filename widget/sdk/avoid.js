// The launcher steps aside for what the shop shows in its place: a dialog, a bar at the bottom, a drawer.
//
// Loaded only where a page asks for it, since it watches the page: one look per frame in which something has changed. It ends
// with the chat.

const DIALOGS = "dialog[open], [aria-modal=true]";

// What pages show and hide things by.
const ATTRIBUTES = ["open", "class", "style", "hidden", "aria-hidden", "aria-modal"];

// What moves something without a change of the page.
const MOVES = ["focusin", "focusout", "transitionend", "animationend", "scroll", "resize"];

let last;

export default (shadow, selector = DIALOGS) => {
  // One that is none is said now, and not with every frame.
  document.querySelector(selector);
  const launcher = shadow.querySelector(".launcher");
  const { commesso } = window;
  let due;
  // Two would undo what the other does.
  if (last) last();

  const look = () => {
    due = 0;
    if (window.commesso !== commesso) return stop();
    const place = launcher.getBoundingClientRect();
    const inTheWay = [...document.querySelectorAll(selector)].some(
      (element) => isSeen(element) && (element.contains(document.activeElement) || overlap(element.getBoundingClientRect(), place)),
    );
    launcher.style.visibility = inTheWay ? "hidden" : "";
  };
  const soon = () => (due ||= requestAnimationFrame(look));

  const changes = new MutationObserver(soon);
  const life = new AbortController();
  const stop = (last = () => {
    changes.disconnect();
    life.abort();
  });
  changes.observe(document, { subtree: true, childList: true, attributeFilter: ATTRIBUTES });
  for (const name of MOVES) addEventListener(name, soon, { capture: true, passive: true, signal: life.signal });
  soon();
};

// Asked for by browsers of 2024 and later; before, what has no size is not seen.
function isSeen(element) {
  return element.checkVisibility ? element.checkVisibility({ visibilityProperty: true, opacityProperty: true }) : element.offsetHeight > 0;
}

function overlap(one, other) {
  return one.left < other.right && one.right > other.left && one.top < other.bottom && one.bottom > other.top;
}
