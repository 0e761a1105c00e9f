// A dialog over the panel: a title, what it is about, and a button out of it.

const CSS = `
.dialog{box-sizing:border-box;width:min(340px,calc(100vw - 32px));max-height:calc(100dvh - 32px);margin:auto;padding:20px;border:0;border-radius:var(--r);background:var(--surface);color:var(--text);font-size:.9375em;text-align:center}
.dialog::backdrop{background:#0006}
.dialog h2{margin:0 0 4px;font-size:1.2em;line-height:1.3;overflow-wrap:anywhere;outline:0}
.dialog p{margin:0 0 12px;color:var(--quiet);font-size:.933em;line-height:1.4}
.dialog .wide{box-sizing:border-box;width:100%;padding:8px 16px;border-radius:22px;font-weight:600}
.dialog .wide:hover{background:var(--raised)}
.dialog .main{margin-bottom:12px}
.dialog .main,.dialog .main:hover{background:var(--fill);color:var(--on)}
.dialog [role=status]:empty{display:none}
@media (forced-colors:active){.dialog,.dialog .wide{border:1px solid}}
`;

/** Shows it; answers with the dialog, which is gone when it is closed. */
export const show = (desk, title, out, ...children) => {
  const { make } = desk;
  desk.dress(CSS);
  const dialog = make("dialog", { class: "dialog", "aria-label": title, close: () => dialog.remove(), keydown: (event) => {
    // Escape closes this, and not the panel below it.
    if (event.key == "Escape") event.stopPropagation();
  } },
    make("h2", {}, title), ...children, make("button", { type: "button", class: "wide", click: () => dialog.close() }, out));
  const panel = desk.root.querySelector(".panel");
  panel.append(dialog);
  // It would hold the shop's page while nobody sees it.
  const shut = new MutationObserver(() => panel.hidden && dialog.close());
  shut.observe(panel, { attributeFilter: ["hidden"] });
  if (panel.hidden) dialog.remove();
  else dialog.showModal();
  return dialog;
};
