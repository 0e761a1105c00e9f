// "Continue on your phone": a link that works once, as a picture for the phone's camera and as a code to type; and, on the phone, the
// field for that code. Whoever has either for its ten minutes is this visitor, so it is made when it is asked for, and only then.

const CSS = `
.dialog svg.code{display:block;width:200px;height:200px;margin:0 auto 12px;border-radius:8px;background:#fff;stroke:none}
.dialog svg.code path{fill:#000}
.dialog output{display:block;margin-bottom:12px;font:600 1.467em/1.3 ui-monospace,Menlo,Consolas,monospace;letter-spacing:.06em;user-select:all;-webkit-user-select:all}
.dialog .link{overflow-wrap:anywhere;user-select:all;-webkit-user-select:all}
.dialog form{display:grid;gap:8px;margin-top:8px;padding-top:16px;border-top:1px solid var(--line);text-align:start}
.dialog input{all:unset;box-sizing:border-box;width:100%;min-height:44px;margin-top:4px;padding:8px 12px;border:1px solid var(--edge);border-radius:calc(var(--r)/1.5);font-size:max(16px,1.067em);text-transform:uppercase;user-select:text;-webkit-user-select:text}
.dialog input:focus-visible{outline:2px solid var(--text);outline-offset:-1px}
`;

/** Opens the dialog; answers at once. */
export const open = async (desk) => {
  const { make } = desk;
  const [words, { squares }, { show }] = await Promise.all([desk.words("./__WORDS__", __LANGUAGES__), desk.part("qr"), desk.part("dialog")]);
  desk.dress(CSS);
  const status = make("p", { role: "status" });
  const lead = make("p", {}, words.lead);
  const place = make("div", {});
  const title = show(desk, words.title, words.close, lead, place, status, entering(desk, words, status)).querySelector("h2");
  title.tabIndex = -1;
  title.focus();
  // Nothing is to be photographed where there is no picture.
  const without = (...said) => {
    const held = place.contains(desk.root.activeElement);
    lead.hidden = true;
    place.replaceChildren(...said);
    if (held) title.focus();
  };
  const button = (name) => make("button", { type: "button", class: "wide", click: begin }, name);
  const begin = async () => {
    status.textContent = "";
    try {
      const held = place.contains(desk.root.activeElement);
      const lasts = await minted(desk, words, squares, place);
      lead.hidden = false;
      if (held) title.focus();
      setTimeout(() => without(make("p", {}, words.over), button(words.again)), lasts);
    } catch {
      status.textContent = words.failed;
      without(button(words.retry));
    }
  };
  begin();
};

// The picture, the code, and the link to copy; answers for how long.
const minted = async (desk, words, squares, place) => {
  const { make } = desk;
  const answer = await desk.fetch("/v1/handovers", {
    method: "POST", headers: { "content-type": "application/json" }, body: JSON.stringify({ conversation: desk.ask("conversation") }),
  });
  if (!answer.ok) throw new Error(answer.status);
  const { code, expires_at } = await answer.json();
  // Without what follows the path: it may be somebody's, and makes the picture finer than a camera likes.
  const { origin, pathname } = new URL(desk.page);
  const link = `${origin}${pathname}#commesso=${code}`;
  const rows = squares(link);
  const copied = make("button", { type: "button", class: "wide", click: async () => {
    try {
      await navigator.clipboard.writeText(link);
      copied.textContent = words.copied;
    } catch {
      // Closed to the page: it is there to be selected.
      const shown = make("p", { class: "link", tabindex: -1 }, link);
      copied.replaceWith(shown);
      shown.focus();
    }
  } }, words.copy);
  place.replaceChildren(...(rows ? [picture(make, rows, words.picture)] : []), make("p", {}, words.type), make("output", {}, `${code.slice(0, 5)}-${code.slice(5)}`), copied);
  return expires_at - Date.now();
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
    if (await desk.unsent()) return (status.textContent = words.unsent);
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
    desk.again();
  };
  return make("form", { submit: enter }, make("label", {}, words.have, input), make("button", { type: "submit", class: "wide" }, words.go));
};
