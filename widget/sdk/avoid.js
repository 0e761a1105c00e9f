// The launcher steps aside for what the shop shows in its place: a dialog, a bar at the bottom, a drawer.
//
// Loaded only where a page asks for it, since it watches the page: one look per frame in which something has changed. It ends
// with the chat.

const DIALOGS = "dialog[open], [aria-modal=true]";

// What pages show and hide things by.
const ATTRIBUTES = ["open", "class", "style", "hidden", "aria-hidden", "aria-modal"];

export default (shadow, selector = DIALOGS) => {
  // One that is none is said now, and not with every frame.
  document.querySelector(selector);
  const launcher = shadow.querySelector(".launcher");
  const { commesso } = window;
  let due;

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
  const names = ["focusin", "focusout", "transitionend"];
  const stop = () => {
    changes.disconnect();
    for (const name of names) document.removeEventListener(name, soon);
  };
  changes.observe(document, { subtree: true, childList: true, attributeFilter: ATTRIBUTES });
  for (const name of names) document.addEventListener(name, soon);
  soon();
};

// Asked for by browsers of 2024 and later; before, what has no size is not seen.
function isSeen(element) {
  return element.checkVisibility ? element.checkVisibility({ visibilityProperty: true, opacityProperty: true }) : element.offsetHeight > 0;
}

function overlap(one, other) {
  return one.left < other.right && one.right > other.left && one.top < other.bottom && one.bottom > other.top;
}
