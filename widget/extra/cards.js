// Cards of the shop and answers to choose from, under the words that they came with.
//
// A carousel is a list that scrolls: thumbs swipe it, keys move through its links, and buttons are for who has neither. An answer
// that is chosen is said like any other words; the choice goes when the visitor has answered, in whatever way.

const CSS = `
.parts{max-width:100%;min-width:0}
.cards{display:flex;gap:8px;margin:4px 0 0;padding:0 0 4px;list-style:none;overflow-x:auto;scroll-snap-type:x mandatory;scrollbar-width:none}
.cards::-webkit-scrollbar{display:none}
.row .stack:has(.card+.card){max-width:calc(100% - 36px)}
.row .cards:has(.card+.card){margin-inline-end:-16px;padding-inline-end:16px}
.card{flex:none;display:flex;flex-direction:column;width:200px;max-width:82%;overflow:hidden;border:1px solid var(--line);border-radius:18px;background:var(--surface);scroll-snap-align:start}
.cards>.card:only-child{width:240px;max-width:100%}
.card img{display:block;width:100%;aspect-ratio:4/3;object-fit:cover;background:var(--raised)}
.card div{display:flex;flex-direction:column;gap:2px;flex:1;padding:10px 12px;overflow-wrap:anywhere}
.card b,.card span,.card a,.replies button{unicode-bidi:plaintext}
.card b{font-weight:600;line-height:1.3}
.card span{color:var(--quiet);font-size:.875em;line-height:1.4}
.card .price{color:var(--text);font-weight:600;font-variant-numeric:tabular-nums}
.card a{display:grid;place-items:center;min-height:44px;padding:4px 12px;border-top:1px solid var(--line);color:inherit;font-weight:600;font-size:.875em;text-align:center;text-decoration:none;overflow-wrap:anywhere}
.card a:hover{background:var(--raised)}
.card a:focus-visible{outline-offset:-2px}
.turn{display:flex;gap:8px;justify-content:flex-end}
.turn button{width:28px;height:28px;border-radius:50%;color:var(--quiet)}
.turn button:hover{background:var(--raised)}
.turn button[disabled]{visibility:hidden}
.turn svg{width:20px;height:20px}
[dir=rtl] .turn svg{transform:scaleX(-1)}
.replies{display:flex;flex-wrap:wrap;gap:8px;margin-top:8px}
.replies button{min-height:44px;padding:8px 16px;border-radius:22px;border:1px solid var(--line);background:var(--surface);font-size:.9375em;overflow-wrap:anywhere}
.replies button:hover{border-color:currentColor}
@media (pointer:coarse){.turn{display:none}}
@media (prefers-reduced-motion:no-preference){.cards{scroll-behavior:smooth}}
`;

/** Draws cards and answers in this place. */
export const draw = async (desk, place, cards, replies) => {
  desk.dress(CSS);
  const words = await desk.words("./__WORDS__", __LANGUAGES__);
  if (cards.length) place.append(...carousel(desk, words, cards));
  if (replies.length) offer(place, choice(desk, words, replies));
};

// It is there until the visitor has answered, and again when that answer could not be sent and was thrown away.
const offer = (place, group) => {
  const row = place.closest(".row");
  const look = () => {
    // Scrolled out of what is drawn.
    if (!row.isConnected) return watch.disconnect();
    let next = row.nextElementSibling;
    while (next && !next.matches(".mine:not(.filled)")) next = next.nextElementSibling;
    group.hidden = !!next;
  };
  place.append(group);
  if (!row || !row.parentNode) return;
  const watch = new MutationObserver(look);
  watch.observe(row.parentNode, { childList: true });
  look();
};

const carousel = ({ make, icon, root }, words, cards) => {
  const list = make("ul", { class: "cards", role: "list", "aria-label": words.cards }, ...cards.map((card) => drawn(make, words, card)));
  if (cards.length < 2) return [list];
  const turn = (by) => () => {
    // A card at a time, towards where the writing goes.
    const ahead = getComputedStyle(list).direction == "rtl" ? -1 : 1;
    list.scrollBy({ left: by * ahead * (list.firstChild.offsetWidth + 8) });
  };
  const back = make("button", { type: "button", "aria-label": words.previous, click: turn(-1) }, icon("m14 7-5 5 5 5"));
  const more = make("button", { type: "button", "aria-label": words.next, click: turn(1) }, icon("m10 7 5 5-5 5"));
  const tell = () => {
    const at = Math.abs(list.scrollLeft);
    // A pixel is no way to go.
    const held = root.activeElement;
    back.disabled = at <= 1;
    more.disabled = at + list.clientWidth >= list.scrollWidth - 1;
    // Who has come to an end turns back, and is not nowhere.
    if (held && held.disabled) (held == back ? more : held == more ? back : held).focus();
  };
  list.addEventListener("scroll", tell, { passive: true });
  new ResizeObserver(tell).observe(list);
  return [list, make("div", { class: "turn" }, back, more)];
};

const drawn = (make, words, { title, text, price, picture, link, action }) => {
  const card = make("li", { class: "card" });
  if (picture && web(picture)) {
    // Its title is the next thing that is read. A shop's policy, or its server, may not give the picture.
    card.append(make("img", { src: picture, alt: "", loading: "lazy", decoding: "async", referrerpolicy: "no-referrer", error: ({ target }) => target.remove() }));
  }
  const body = make("div", {}, make("b", {}, title));
  if (text) body.append(make("span", {}, text));
  if (price) body.append(make("span", { class: "price" }, price));
  card.append(body);
  if (link && web(link)) {
    // On the shop's own pages the chat goes along; anything else leaves the shop where it is.
    const own = new URL(link).origin == location.origin;
    const label = [action || title, title, own || words.away].filter((part, at, all) => part !== true && all.indexOf(part) == at).join(", ");
    card.append(make("a", { href: link, "aria-label": label, ...(own ? {} : { target: "_blank", rel: "noopener noreferrer" }) }, action || title));
  }
  return card;
};

const choice = ({ make, ask, root }, words, replies) => {
  const group = make("div", { class: "replies", role: "group", "aria-label": words.replies });
  for (const { text } of replies) {
    const say = () => {
      const inside = group.contains(root.activeElement);
      group.hidden = true;
      // What was pressed is gone. A keyboard that slides over the answer is for nobody.
      if (inside) root.querySelector(matchMedia("(pointer: coarse)").matches ? ".panel" : ".composer textarea")?.focus({ preventScroll: true });
      ask("send", JSON.stringify({ kind: "message", text }));
    };
    group.append(make("button", { type: "button", click: say }, text));
  }
  return group;
};

// What the relay let through is this too; a part believes nobody.
const web = (address) => {
  try {
    return new URL(address).protocol == "https:" && address.startsWith("https://");
  } catch {}
};
