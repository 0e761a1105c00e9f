// Where the panel covers the page: on phones, and on a desk at 400 %. It keeps to what can be seen above the keyboard, holds the
// page still underneath, and makes the back button close the panel and not leave the shop. Loaded beside the glue, on small screens
// only.
//
// The page is touched as little as can be, and only while the panel covers it: its scrolling is held by one property, which gets
// back the very value it had; its body cannot be focused, since nobody would see where; and one entry stands in the history, with
// the same address and the page's own state in it.

const view = window.visualViewport;
const page = document.documentElement;
let panel, release, leaving;

/** Tells whether the panel in this shadow root covers the page now. */
export const follow = (shadow, covers) => {
  if (covers && !release) take(shadow);
  else if (!covers && release) give();
};

// The part that can be seen. While somebody has zoomed in, that is a part of the panel, which stays as it is.
const fit = () => {
  if (view.scale > 1.01) return;
  panel.style.setProperty("--top", view.offsetTop + "px");
  panel.style.setProperty("--height", view.height + "px");
  // As high as what is in it, also on its side.
  const field = panel.querySelector("textarea");
  field.style.height = "auto";
  field.style.height = field.scrollHeight + "px";
};

// Ours is told by a mark beside what the page keeps there. One that a reload has left is taken again.
const isOurs = () => history.state && history.state.commesso;
const enter = () => isOurs() || history.pushState({ ...history.state, commesso: 1 }, "");
const left = () => {
  if (leaving) {
    leaving = 0;
    // Somebody was so quick that the panel is open again.
    if (release) enter();
  } else if (release && !isOurs()) panel.querySelector(".close").click();
  if (!release) removeEventListener("popstate", left);
};

const take = (shadow) => {
  panel = shadow.querySelector(".panel");
  const free = hold();
  if (view) fit();
  for (const name of ["resize", "scroll"]) if (view) view.addEventListener(name, fit);
  panel.setAttribute("aria-modal", true);
  // What is read aloud lies beside it, and some readers are deaf to what is outside of what is modal.
  if (shadow.getElementById("aloud")) panel.setAttribute("aria-owns", "aloud");
  addEventListener("popstate", left);
  if (!leaving) enter();
  release = () => {
    free();
    for (const name of ["resize", "scroll"]) if (view) view.removeEventListener(name, fit);
    for (const name of ["aria-modal", "aria-owns"]) panel.removeAttribute(name);
  };
};
const give = () => {
  release = release();
  // Not when the page has gone on meanwhile: then the newest entry is the page's.
  if (isOurs()) {
    leaving = 1;
    history.back();
  } else removeEventListener("popstate", left);
};

// Of html and body, the one whose overflow is the page's: on the other it would make a box that scrolls by itself.
const hold = () => {
  const { body } = document;
  const held = getComputedStyle(page).overflow == "visible" ? body : page;
  const { style } = held;
  const styled = held.hasAttribute("style");
  const before = [style.overflow, style.getPropertyPriority("overflow")];
  const place = { left: scrollX, top: scrollY, behavior: "instant" };
  const { inert } = body;
  style.setProperty("overflow", "hidden", "important");
  body.inert = true;
  return () => {
    body.inert = inert;
    style.setProperty("overflow", ...before);
    if (!styled && !style.length) held.removeAttribute("style");
    // A keyboard may have moved it.
    if (scrollX != place.left || scrollY != place.top) scrollTo(place);
  };
};
