// The shopper's conversations with this shop: what was said last in each, and a way to another or to a new one. A device is in one at a
// time. Asked for when it is opened, and only then.

const CSS = `
.own{display:grid;gap:4px;max-height:50dvh;margin:12px -4px;padding:4px;overflow-y:auto;list-style:none;text-align:start}
.own button{display:grid;grid-template-columns:1fr auto;place-items:start stretch;gap:2px 8px;box-sizing:border-box;width:100%;padding:10px 12px;border-radius:calc(var(--r)/1.5);font-size:.933em;line-height:1.35}
.own button:hover,.own [aria-current]{background:var(--raised)}
.own button:focus-visible{outline-color:var(--text)}
.own b{overflow:hidden;text-overflow:ellipsis;white-space:nowrap}
.own time{justify-self:end;color:var(--quiet);white-space:nowrap}
.own span{display:-webkit-box;overflow:hidden;-webkit-line-clamp:2;-webkit-box-orient:vertical;overflow-wrap:anywhere;unicode-bidi:plaintext}
.own em{align-self:center;justify-self:end;padding:0 8px;border-radius:10px;font-size:.857em;font-style:normal;font-weight:600;line-height:1.667;color:var(--quiet)}
.own .new em{background:var(--fill);color:var(--on)}
@media (forced-colors:active){.own button{border:1px solid}}
`;

// As many as the relay answers with (OWN_LISTED).
const LISTED = 10;
// How far each was when this device went on elsewhere, by its id.
const LEFT = "left";

const all = async (desk) => {
  const answer = await desk.fetch("/v1/visitors/current/conversations");
  if (!answer.ok) throw new Error(answer.status);
  return (await answer.json()).conversations;
};

// What this device has never left was seen here last, or elsewhere: nobody knows, and nothing is claimed.
const isNews = (desk, { id, last, head }) => id != desk.begun() && last && last.author.role != "visitor" && head > (desk.kept(LEFT) || {})[id];

/** Whether the shop has said more in one that this device has left. */
export const news = async (desk) => (await all(desk)).some((one) => isNews(desk, one));

/** Opens the list; answers at once. */
export const open = async (desk) => {
  const { make } = desk;
  const [words, { show }] = await Promise.all([desk.words("./__WORDS__", __LANGUAGES__), desk.part("dialog")]);
  desk.dress(CSS);
  const here = desk.begun();
  const status = make("p", { role: "status" });
  const list = make("ul", { class: "own", role: "list" });
  const place = make("div", {});
  let heads = {};
  const go = async (id) => {
    const why = await turned(desk, id, { ...desk.kept(LEFT), ...(here && here in heads ? { [here]: heads[here] } : {}) });
    if (why) return (status.textContent = words[why]);
    dialog.close();
    desk.again();
  };
  const button = (word, click) => make("button", { type: "button", class: "wide main", click }, word);
  const dialog = show(desk, words.title, words.close, status, list, place);
  const read = async () => {
    status.textContent = words.loading;
    try {
      const conversations = await all(desk);
      heads = Object.fromEntries(conversations.map(({ id, head }) => [id, head]));
      const line = (one) => make("li", {}, drawn(desk, words, one, { here: one.id == here, go: () => (one.id == here ? dialog.close() : go(one.id)) }));
      list.replaceChildren(...conversations.map(line));
      place.replaceChildren(button(words.begin, () => (here ? go() : dialog.close())));
      const most = conversations.length < LISTED ? "" : words.last.replace("{}", LISTED.toLocaleString(desk.locale));
      status.textContent = conversations.length ? most : words.none;
    } catch {
      place.replaceChildren(button(words.again, read));
      status.textContent = words.failed;
    }
    // What had the focus may be gone.
    if (!dialog.contains(desk.root.activeElement)) place.firstChild.focus();
  };
  read();
};

const drawn = (desk, words, one, { here, go }) => {
  const { make } = desk;
  const { last, status, updated_at } = one;
  const of = last && last.author;
  const who = !of ? words.quiet : of.role == "visitor" ? words.you : of.name || words.quiet;
  const isNew = isNews(desk, one);
  const mark = here ? words.here : isNew ? words.new : status == "resolved" ? words.closed : "";
  const at = new Date(updated_at);
  const today = at.toDateString() == new Date().toDateString();
  const time = new Intl.DateTimeFormat(desk.locale, today ? { hour: "numeric", minute: "2-digit" } : { dateStyle: "medium" });
  return make("button", { type: "button", class: isNew && "new", "aria-current": here && "true", click: go },
    make("b", {}, who), make("time", { datetime: at.toISOString() }, time.format(at)),
    make("span", {}, last ? last.text : ""), make("em", {}, mark));
};

// The device goes on elsewhere: in this one, or in one that begins with the next words.
const turned = async (desk, id, left) => {
  const place = `commesso:${desk.settings.shop}:`;
  if (await desk.unsent()) return "unsent";
  try {
    localStorage[place + LEFT] = JSON.stringify(left);
    if (id) localStorage[place + "conversation"] = id;
    else delete localStorage[place + "conversation"];
  } catch {
    return "failed";
  }
};
