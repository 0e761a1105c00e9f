// What the shopper thinks of it, asked under the line that says the conversation was closed: five faces with words, and room for
// more. It can be said once, and said anew: the last one counts. Whoever writes on is not asked any more.
//
// What was said before is in the transcript, so it is known on every device. What is not sent yet is kept on this one.

const CSS = `
.rating{margin-top:12px;color:var(--text);font-size:1.25em;font-weight:400}
.rating fieldset{margin:0;padding:0;border:0;min-width:0}
.rating legend{padding:0;margin:0 auto 4px}
.faces{display:flex;flex-wrap:wrap;justify-content:center;gap:4px}
.faces label{position:relative;display:grid;place-items:center;width:44px;height:44px;border-radius:50%;color:var(--quiet)}
.faces label:hover{background:var(--raised)}
.faces input{position:absolute;inset:0;width:100%;height:100%;margin:0;opacity:0;cursor:pointer}
.faces svg{width:30px;height:30px;border-radius:50%;pointer-events:none}
.faces :checked+svg{background:var(--mine);color:var(--on-mine)}
.faces :focus-visible+svg{outline:2px solid var(--text);outline-offset:3px}
.rating p{margin:0}
.rating .full{color:var(--quiet);font-size:.933em}
.rating .full:empty{display:none}
.rating .word{min-height:1.45em;font-weight:600}
.rating .rest{display:flex;flex-direction:column;gap:8px;margin-top:8px;text-align:start}
.rating textarea{display:block;font-size:max(16px,1em);width:100%;min-height:44px;max-height:none;field-sizing:content;margin-top:4px;padding:10px 12px;border:1px solid var(--edge);border-radius:calc(var(--r)/1.5);background:var(--surface)}
.rating textarea:focus-visible{outline:2px solid var(--text);outline-offset:-1px}
.rating button{justify-self:center;padding:8px 20px;border-radius:22px;font-weight:600}
.rating [type=submit]{align-self:center;background:var(--mine);color:var(--on-mine)}
.rating .done{margin-top:8px}
.rating .done button:hover{background:var(--raised)}
@media (forced-colors:active){.faces :checked+svg{background:Highlight;color:HighlightText;forced-color-adjust:none}.rating button{border:1px solid}}
`;

// As long as the relay takes (ANSWER_MAX).
const LONGEST = 500;
const KEPT = "rating";

const HEAD = "M12 3a9 9 0 1 0 0 18 9 9 0 0 0 0-18M9 9.300v.7M15 9.300v.7";
// From very bad to very good.
const MOUTHS = ["M7.500 17.500q4.500-6.500 9 0M7.300 7.200l2.600 1.100M16.700 7.200l-2.600 1.100", "M8.500 16q3.500-2.500 7 0", "M8.500 15h7", "M8.500 14.200q3.500 2.500 7 0", "M7.500 13h9q-4.500 8.500-9 0"];

/** Asks under this mark, if nothing came after it. */
export const draw = async (desk, mark) => {
  if (isOver(mark)) return;
  desk.dress(CSS);
  const [words, entries] = await Promise.all([desk.words("./__WORDS__", __LANGUAGES__), desk.entries().catch(() => [])]);
  if (isOver(mark)) return;
  // Newest first.
  const since = entries.reverse().map((entry) => entry.content);
  // What is said of it is said of the words before, and stays where the closing is taken back and done again.
  const last = since.findIndex(({ kind }) => kind == "message");
  const of = last < 0 ? desk.begun() : entries[last].id;
  const said = since.slice(0, last < 0 ? undefined : last).find(({ kind }) => kind == "rating");
  const kept = desk.kept(KEPT);
  const begun = kept && [of, desk.begun()].includes(kept.of) && kept;
  mark.append(said && !begun ? thanks(desk, words, mark, of, said) : question(desk, words, mark, of, begun || said || {}));
  const look = () => {
    for (const rating of mark.querySelectorAll(".rating")) rating.hidden = isOver(mark);
  };
  new MutationObserver(look).observe(mark.parentNode, { childList: true });
};

// The one that counts is the last.
const isOver = (mark) => {
  for (let next = mark; (next = next.nextElementSibling); ) {
    if (next.matches(".mine:not(.filled)") || next.matches(".mark:not(.day,.new,[role=status])")) return true;
  }
  return false;
};

const question = (desk, words, mark, of, before) => {
  const { make, icon, ask } = desk;
  let { score, comment = "" } = before;
  const word = make("p", { class: "word", "aria-hidden": true });
  const keep = () => desk.keep(KEPT, { of, score, comment });
  const fit = () => {
    field.style.height = "auto";
    field.style.height = field.scrollHeight + 2 + "px";
  };
  const field = make("textarea", { rows: 2, maxlength: LONGEST, input: () => {
    comment = field.value;
    full.textContent = comment.length < LONGEST ? "" : words.full.replace("{}", LONGEST.toLocaleString(desk.locale));
    fit();
    keep();
  } });
  field.value = comment;
  const full = make("p", { class: "full", role: "status" });
  const rest = make("div", { class: "rest", hidden: true }, make("label", {}, words.comment, field), full, make("button", { type: "submit" }, words.send));
  const choose = (chosen) => {
    score = chosen;
    word.textContent = words[score];
    rest.hidden = false;
    // Once it is on the page.
    requestAnimationFrame(fit);
  };
  const face = (mouth, at) => {
    const input = make("input", { type: "radio", name: "score", "aria-label": words[at + 1], change: () => {
      choose(at + 1);
      keep();
    } });
    input.checked = score == at + 1;
    return make("label", {}, input, icon(HEAD + mouth));
  };
  const send = (event) => {
    event.preventDefault();
    const rating = { kind: "rating", score, comment: comment.trim() };
    ask("send", JSON.stringify(rating));
    desk.keep(KEPT, null);
    const done = thanks(desk, words, mark, of, rating);
    form.replaceWith(done);
    done.querySelector("button").focus();
  };
  const form = make("form", { class: "rating", submit: send },
    make("fieldset", {}, make("legend", {}, words.ask), make("div", { class: "faces" }, ...MOUTHS.map(face))), word, rest);
  if (score) choose(score);
  return form;
};

const thanks = (desk, words, mark, of, rating) => {
  const { make } = desk;
  const again = () => {
    const form = question(desk, words, mark, of, rating);
    done.replaceWith(form);
    form.querySelector(":checked").focus();
  };
  const done = make("div", { class: "rating" },
    make("p", { role: "status" }, words.thanks.replace("{}", words[rating.score])), make("div", { class: "done" }, make("button", { type: "button", click: again }, words.change)));
  return done;
};
