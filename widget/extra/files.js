// Files that came with a message: pictures where they stand, with their place kept, and papers as a line with name and size.
//
// Where a file is read is asked of the relay when it comes into sight, for all that do so together; such an address ends, and is asked for
// again then. A page whose policy shows no pictures of ours shows them as papers.

const CSS = `
.files{display:flex;flex-wrap:wrap;align-items:flex-start;gap:4px;max-width:100%;margin-top:4px}
.bubble:empty+.parts>.files{margin-top:0}
.mine .files{justify-content:flex-end}
.picture{display:block;overflow:hidden;min-width:72px;min-height:44px;max-width:100%;padding:0;border-radius:var(--r);background:var(--raised);cursor:zoom-in}
.picture img{display:block;width:100%;height:100%;object-fit:cover;animation:none}
.files.many{width:248px}
.many .picture{width:calc(50% - 2px)!important;min-width:0;aspect-ratio:1!important}
.paper-link{display:flex;align-items:center;gap:10px;box-sizing:border-box;min-height:56px;max-width:100%;min-width:180px;padding:8px 14px 8px 12px;border:1px solid var(--line);border-radius:var(--r);color:inherit;text-decoration:none}
.paper-link:hover{background:var(--raised)}
.paper-link svg{flex:none}
.paper-link span{min-width:0;overflow-wrap:anywhere}
.paper-link b{display:-webkit-box;-webkit-box-orient:vertical;-webkit-line-clamp:2;overflow:hidden;unicode-bidi:plaintext;font-weight:600;line-height:1.3}
.paper-link small{color:var(--quiet);font-size:.8125em}
`;

const PAPER = "M6 3h8l4 4v14H6zM14 3v4h4M9 12h6M9 16h6";

/** Px of a picture's longer side in a chat: most of a bubble. */
const SIDE = 240;

/** Draws these files in this place. */
export const draw = async (desk, place, files) => {
  desk.dress(CSS);
  const words = await desk.words("./__WORDS__", __LANGUAGES__);
  const all = files.filter((file) => file.width);
  const show = (file, from) => desk.part("lightbox").then((part) => part.show(desk, words, all, file, from, read), () => {});
  const read = (file) => found(desk, file);
  const shown = files.map((file) => (file.width ? picture(desk, words, file, show, read) : paper(desk, words, file, read)));
  place.append(desk.make("div", { class: all.length > 1 ? "files many" : "files" }, ...shown));
};

const picture = (desk, words, file, show, read) => {
  const { make } = desk;
  const scale = Math.min(1, SIDE / Math.max(file.width, file.height));
  const button = make("button", { type: "button", class: "picture", "aria-label": words.open.replace("{}", () => file.name), click: () => show(file, button) });
  button.style.width = Math.max(72, Math.round(file.width * scale)) + "px";
  button.style.aspectRatio = `${file.width}/${file.height}`;
  const load = async (again) => {
    const image = make("img", { alt: "", decoding: "async", referrerpolicy: "no-referrer", error: () => failed(again) });
    image.src = await read(file);
    button.replaceChildren(image);
  };
  // Once more, for the address may have ended; then as what can be had of it.
  const failed = (again) => {
    forget(desk, file);
    if (again) button.replaceWith(paper(desk, words, file, read));
    else load(true).catch(() => {});
  };
  seen(button, () => load(false).catch(() => failed(false)));
  return button;
};

const paper = (desk, words, file, read) => {
  const { make } = desk;
  const size = make("small", {}, weight(desk.locale, file.size));
  const link = make("a", { class: "paper-link", target: "_blank", rel: "noopener noreferrer", "aria-label": `${words.download.replace("{}", () => file.name)}, ${size.textContent}` },
    desk.icon(PAPER), make("span", {}, make("b", {}, file.name), size));
  const ask = () => read(file).then((address) => (link.href = address)).catch(() => {});
  // Until there is an address it is a name that does nothing; one that has ended is replaced before it is followed.
  link.addEventListener("click", async (event) => {
    if (link.href && !ended(desk, file)) return;
    event.preventDefault();
    await ask();
    if (link.href) link.click();
  });
  seen(link, ask);
  return link;
};

const weight = (locale, bytes) => {
  const [unit, value] = bytes < 1e6 ? ["kilobyte", Math.max(1, bytes / 1e3)] : ["megabyte", bytes / 1e6];
  return new Intl.NumberFormat(locale, { style: "unit", unit, maximumFractionDigits: value < 10 ? 1 : 0 }).format(value);
};

const seen = (element, work) => {
  const watch = new IntersectionObserver((entries) => {
    if (!entries.some((entry) => entry.isIntersecting)) return;
    watch.disconnect();
    work();
  }, { rootMargin: "200px" });
  watch.observe(element);
};

// What is known of where files are, and what is to be asked next, by who asks.
const known = new WeakMap();

const of = (desk) => {
  if (!known.has(desk)) known.set(desk, { addresses: new Map(), wanted: new Map() });
  return known.get(desk);
};

const forget = (desk, file) => {
  desk.own.delete(file.id);
  of(desk).addresses.delete(file.id);
};

const ended = (desk, { id }) => {
  const address = of(desk).addresses.get(id);
  return !address || address.end <= Date.now();
};

/** Where this file is read. */
const found = async (desk, file) => {
  // It was sent from this page.
  if (desk.own.has(file.id)) return desk.own.get(file.id);
  const { addresses, wanted } = of(desk);
  if (!ended(desk, file)) return addresses.get(file.id).at;
  if (!wanted.size) setTimeout(() => ask(desk));
  const asked = wanted.get(file.id) || {};
  if (!asked.answer) {
    asked.answer = new Promise((done, fail) => Object.assign(asked, { done, fail }));
    wanted.set(file.id, asked);
  }
  return asked.answer;
};

const ask = async (desk) => {
  const { addresses, wanted } = of(desk);
  // As many as the relay answers at once; the others come with the next look.
  const asked = [...wanted].slice(0, 100);
  wanted.clear();
  try {
    const body = JSON.stringify({ files: asked.map(([id]) => id) });
    const path = `/v1/conversations/${desk.conversation()}/addresses`;
    const answer = await desk.fetch(path, { method: "POST", body, headers: { "content-type": "application/json" } });
    if (!answer.ok) throw new Error(answer.status);
    const { addresses: given, end_at } = await answer.json();
    for (const { file, path } of given) addresses.set(file, { at: desk.settings.base + path, end: end_at });
  } catch {}
  for (const [id, { done, fail }] of asked) addresses.has(id) ? done(addresses.get(id).at) : fail(new Error("no address"));
};
