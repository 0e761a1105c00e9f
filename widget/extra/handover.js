// "Continue on your phone": a link that works once, as a picture for the phone's camera and as a code to type; and, on the phone, the
// field for that code. Whoever has either for its ten minutes is this visitor, so it is made when it is asked for, and only then.

const CSS = `
.over-to{box-sizing:border-box;width:min(340px,calc(100vw - 32px));max-height:calc(100dvh - 32px);margin:auto;padding:20px;border:0;border-radius:var(--r);background:var(--surface);color:var(--text);font-size:15px;text-align:center}
.over-to::backdrop{background:#0006}
.over-to h2{margin:0 0 4px;font-size:18px;line-height:1.3}
.over-to p{margin:0 0 12px;color:var(--quiet);font-size:14px;line-height:1.4}
.over-to svg.code{display:block;width:200px;height:200px;margin:0 auto 12px;border-radius:8px;background:#fff;stroke:none}
.over-to svg.code path{fill:#000}
.over-to output{display:block;margin-bottom:12px;font:600 22px/1.3 ui-monospace,Menlo,Consolas,monospace;letter-spacing:.06em;user-select:all;-webkit-user-select:all}
.over-to button{box-sizing:border-box;width:100%;padding:8px 16px;border-radius:22px;font-weight:600}
.over-to button:hover{background:var(--raised)}
.over-to form{display:grid;gap:8px;margin-top:8px;padding-top:16px;border-top:1px solid var(--line);text-align:start}
.over-to input{all:unset;box-sizing:border-box;width:100%;min-height:44px;margin-top:4px;padding:8px 12px;border:1px solid var(--edge);border-radius:calc(var(--r)/1.5);font-size:16px;text-transform:uppercase;user-select:text;-webkit-user-select:text}
.over-to input:focus-visible{outline:2px solid var(--text);outline-offset:-1px}
.over-to [role=status]:empty{display:none}
@media (forced-colors:active){.over-to,.over-to button{border:1px solid}}
`;

/** Opens the dialog; answers at once. */
export const open = async (desk) => {
  const { make } = desk;
  const [words, { squares }] = await Promise.all([desk.words("./__WORDS__", __LANGUAGES__), desk.part("qr")]);
  desk.dress(CSS);
  const status = make("p", { role: "status" });
  const place = make("div", {});
  const dialog = make("dialog", { class: "over-to", "aria-label": words.title, close: () => dialog.remove(), keydown: (event) => {
    // Escape closes this, and not the panel below it.
    if (event.key == "Escape") event.stopPropagation();
  } },
    make("h2", {}, words.title), make("p", {}, words.lead), place, status, entering(desk, words, status),
    make("button", { type: "button", click: () => dialog.close() }, words.close));
  desk.root.querySelector(".panel").append(dialog);
  dialog.showModal();
  minted(desk, words, squares, place).catch(() => (status.textContent = words.failed));
};

// The picture, the code, and the link to copy, until they are over.
const minted = async (desk, words, squares, place) => {
  const { make } = desk;
  const answer = await desk.fetch("/v1/handovers", {
    method: "POST", headers: { "content-type": "application/json" }, body: JSON.stringify({ conversation: desk.ask("conversation") }),
  });
  if (!answer.ok) throw new Error(answer.status);
  const { code, expires_at } = await answer.json();
  // Without what follows the path: it may be somebody's, and makes the picture finer than a camera likes.
  const link = `${location.origin}${location.pathname}#commesso=${code}`;
  const rows = squares(link);
  const copied = make("button", { type: "button", click: async () => {
    await navigator.clipboard.writeText(link);
    copied.textContent = words.copied;
  } }, words.copy);
  place.replaceChildren(...(rows ? [picture(make, rows, words.picture)] : []), make("p", {}, words.type), make("output", {}, `${code.slice(0, 5)}-${code.slice(5)}`), copied);
  setTimeout(() => {
    const again = make("button", { type: "button", click: () => minted(desk, words, squares, place) }, words.again);
    place.replaceChildren(make("p", {}, words.over), again);
  }, expires_at - Date.now());
};

const picture = (make, rows, name) => {
  const d = rows.flatMap((row, y) => row.map((dark, x) => (dark ? `M${x + 4} ${y + 4}h1v1h-1z` : ""))).join("");
  const side = rows.length + 8;
  return make("svg", { class: "code", viewBox: `0 0 ${side} ${side}`, role: "img", "aria-label": name, "shape-rendering": "crispEdges" }, make("path", { d }));
};

// On the other device: the code that the first one shows.
const entering = (desk, words, status) => {
  const { make, settings } = desk;
  const input = make("input", { type: "text", autocomplete: "off", autocapitalize: "characters", spellcheck: "false", maxlength: 20 });
  const enter = async (event) => {
    event.preventDefault();
    status.textContent = "";
    const asked = await fetch(settings.base + "/v1/takeovers", {
      method: "POST", headers: { "content-type": "application/json" }, body: JSON.stringify({ shop: settings.shop, code: input.value }),
    }).catch(() => ({ status: 0 }));
    if (!asked.ok) {
      status.textContent = asked.status == 404 ? words.unknown : words.failed;
      return input.focus();
    }
    const { conversation, pass } = await asked.json();
    try {
      localStorage[`commesso:${settings.shop}:pass`] = JSON.stringify(pass);
      localStorage[`commesso:${settings.shop}:conversation`] = conversation;
    } catch {
      return (status.textContent = words.failed);
    }
    // The panel begins anew, as who it is now.
    window.commesso("locale", settings.locale);
  };
  return make("form", { submit: enter }, make("label", {}, words.have, input), make("button", { type: "submit" }, words.go));
};
