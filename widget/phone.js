// Where the panel covers the page: on phones. It keeps to what can be seen above the keyboard, holds the page still underneath, and
// makes the back button close the panel and not leave the shop. Loaded beside the glue, on small screens only.
//
// The page is touched as little as can be, and only while the panel is open: its scrolling is held by one property, which gets back
// the very value it had, and one entry stands in the history, with the same address and the page's own state in it.

/** Follows the panel; what takes its words (`open`, `close`, `destroy`). `close` closes it. */
export const follow = (panel, close) => {
  const view = window.visualViewport;
  const page = document.documentElement;
  let isOpen, release, leaving;

  // The part that can be seen. While somebody has zoomed in, it is a part of the panel, which stays as it is.
  const fit = () => {
    if (!view || view.scale > 1.01) return;
    panel.style.setProperty("--top", view.offsetTop + "px");
    panel.style.setProperty("--height", view.height + "px");
  };

  // Of html and body it is the one whose overflow is the page's: on the other one it would make a box that scrolls by itself.
  const hold = () => {
    const held = getComputedStyle(page).overflow == "visible" && document.body ? document.body : page;
    const name = "overflow";
    const [value, priority] = [held.style[name], held.style.getPropertyPriority(name)];
    const styled = held.hasAttribute("style");
    const [left, top] = [scrollX, scrollY];
    held.style.setProperty(name, "hidden", "important");
    return () => {
      held.style.setProperty(name, value, priority);
      if (!styled && !held.style.length) held.removeAttribute("style");
      // A keyboard may have moved it.
      if (scrollX != left || scrollY != top) scrollTo({ left, top, behavior: "instant" });
    };
  };

  // Ours is told by a mark beside what the page keeps there. One that a reload has left is taken for the new one.
  const isOurs = () => history.state && history.state.commesso;
  const enter = () => isOurs() || history.pushState({ ...history.state, commesso: 1 }, "");
  const back = () => {
    // The way out after the cross; or somebody was so quick that the panel is open again.
    if (leaving) {
      leaving = 0;
      if (isOpen) enter();
    } else if (isOpen && !isOurs()) close();
    if (!isOpen) removeEventListener("popstate", back);
  };

  const open = () => {
    fit();
    release = hold();
    if (!leaving) enter();
    if (view) for (const name of ["resize", "scroll"]) view.addEventListener(name, fit);
    addEventListener("popstate", back);
  };
  const shut = () => {
    release();
    if (view) for (const name of ["resize", "scroll"]) view.removeEventListener(name, fit);
    // Not when the page has gone on meanwhile: then the newest entry is the page's.
    if (isOurs()) {
      leaving = 1;
      history.back();
    } else removeEventListener("popstate", back);
  };
  return (word) => {
    const before = isOpen;
    isOpen = word == "open";
    if (isOpen && !before) open();
    if (!isOpen && before) shut();
  };
};
