// What the shop asks beside the first words, drawn at the end of the lines. Whatever is missing in it, the message goes: the answers
// go right after the first one where they are complete, and otherwise when they are. Who wrote before this was here is asked as long
// as they wait for an answer. What is filled in is on the device at once, and stays there until it is sent; what another tab has done
// with it counts here.
//
// What is asked comes with the visitor's pass (SPEC, FO); that nobody is there does, too.

const CSS = `
.form{display:grid;gap:12px;margin:20px 0 8px;padding:16px;border:1px solid var(--line);border-radius:var(--r);font-size:.9375em}
.form p{margin:0}
.form .lead{font-weight:600;line-height:1.35}
.form .hint{color:var(--quiet);font-size:.933em;line-height:1.35}
.form label{display:grid;gap:4px;unicode-bidi:plaintext}
.form label>span{font-size:.933em}
.form input:not([type=checkbox]){all:unset;box-sizing:border-box;width:100%;min-height:44px;padding:8px 12px;border:1px solid var(--edge);border-radius:calc(var(--r)/1.5);background:var(--surface);unicode-bidi:plaintext;user-select:text;-webkit-user-select:text;font-size:max(16px,1.067em)}
.form input:focus-visible{outline:2px solid var(--text);outline-offset:-1px}
.form .agree{grid-template-columns:auto 1fr;gap:12px;align-items:center;min-height:44px}
.form .agree input{width:20px;height:20px;margin:0 0 0 2px;accent-color:var(--mine)}
.form a{color:inherit;text-underline-offset:2px;padding:4px 0}
.form .bad input{border-color:var(--alarm);box-shadow:0 0 0 1px var(--alarm)}
.form .bad small{color:var(--alarm)}
.form small{font-size:.933em}
.form small:empty{display:none}
.form .go{display:flex;flex-wrap:wrap;gap:8px}
.form button{padding:8px 20px;border-radius:22px;font-weight:600}
.form [type=submit]{background:var(--mine);color:var(--on-mine)}
.form [type=button]:hover{background:var(--raised)}
@media (forced-colors:active){.form button{border:1px solid}}
`;

// As long as the relay takes (ANSWER_MAX).
const LONGEST = 500;
const KEPT = "form";
// Milliseconds.
const THANKED = 8000;

// How it gets into the lines that have one, or will.
const places = new WeakMap();

/** Asks, if it was not answered yet. */
export const draw = async (desk, panel, pass) => {
  const lines = panel.querySelector(".lines");
  const before = places.get(lines);
  if (before) return before();
  places.set(lines, () => {});
  let words;
  try {
    words = await desk.words("./__WORDS__", __LANGUAGES__);
  } catch (error) {
    places.delete(lines);
    throw error;
  }
  const kept = desk.kept(KEPT) || {};
  // Without a pass the panel has begun anew meanwhile, and asks itself.
  if (isOver(desk, kept) || !desk.ask("pass")) return void places.delete(lines);
  desk.dress(CSS);
  let asked, looked;
  const place = async () => {
    if ((asked && asked.form.isConnected) || isOver(desk, kept)) return;
    // Written before this was here: a slow network, or a shop that did not ask yet.
    if (!looked && lines.querySelector(".mine:not(.filled)")) {
      looked = true;
      const due = await isUnanswered(desk, kept, lines);
      // Somebody may have logged out meanwhile.
      if (!lines.isConnected) return;
      // Not known: it is looked again when something is said, or the panel is opened.
      looked = due != null;
      kept.due ||= due;
    }
    // Before the first message, or as long as it was put off.
    if (!kept.due && !lines.querySelector(".greeting")) return;
    asked ||= asking(desk, words, pass, kept);
    if (kept.above) lines.prepend(asked.form);
    else lines.append(asked.form);
  };
  const elsewhere = ({ key, newValue }) => {
    if (!lines.isConnected) return removeEventListener("storage", elsewhere);
    if (key != `commesso:${desk.settings.shop}:${KEPT}`) return;
    // Nothing is written from here, where the other tab would hear it again; and what is gone was forgotten.
    const { over, due, values } = (newValue && desk.kept(KEPT)) || {};
    if (over) kept.over = over;
    if (asked && isOver(desk, kept)) asked.form.remove();
    else if (asked && due && !kept.due) asked.comeDue(values);
  };
  addEventListener("storage", elsewhere);
  // What was said on another page may be on its way here still.
  new MutationObserver(place).observe(lines, { childList: true });
  places.set(lines, place);
  place();
};

// Filled in, here; or not wanted, in this conversation.
const isOver = (desk, { over }) => over === true || (over && over == desk.begun());

// Whether nobody has done anything in this conversation yet.
const isUnanswered = async (desk, kept, lines) => {
  const here = desk.begun();
  if (!here || kept.past == here) return !here;
  try {
    const said = await desk.entries();
    if (said.every(({ author, content }) => author.role == "visitor" && content.kind == "message")) return true;
    if (!lines.isConnected) return;
    kept.past = here;
    // Another tab may have done with it meanwhile.
    desk.keep(KEPT, { ...desk.kept(KEPT), past: here });
    return false;
  } catch ({ message }) {
    // What is said here is on its way.
    return message == 404 || null;
  }
};

const asking = (desk, words, { shop, duty }, kept) => {
  const { make, ask } = desk;
  const values = (kept.values ||= {});
  const keep = () => desk.keep(KEPT, kept);
  const of = (table) => table[desk.locale.slice(0, 2)] || table[shop.languages.find((code) => table[code])] || Object.values(table)[0];
  const { fields, consent } = shop.form;
  const wanted = fields.some((field) => field.required);

  const rows = fields.map(({ name, kind, label = {}, required }) => {
    const said = of(label) || words[kind];
    const id = "asked-" + name;
    const fault = make("small", { id });
    const input = make("input", {
      type: kind == "email" ? "email" : "text", autocomplete: { email: "email", name: "name" }[kind], maxlength: LONGEST,
      "aria-describedby": id, "aria-required": required, input: () => {
        values[name] = input.value;
        mark("");
        keep();
      },
    });
    input.value = values[name] || "";
    const row = make("label", {}, make("span", {}, required ? said : `${said} ${words.optional}`), input, fault);
    const mark = (why) => {
      fault.textContent = why;
      row.className = why && "bad";
      input.setAttribute("aria-invalid", !!why);
    };
    const why = () => (input.value.trim() ? !input.validity.valid && words.bad : required && words.missing) || "";
    return { name, row, input, mark, why, answer: () => ({ name, label: said, value: input.value.trim() }) };
  });
  if (consent) rows.push(agreeing(make, words, of(consent.text), consent.link));

  // When somebody is there the panel says, and says anew. Where an address is asked for, and nobody is there, that is what it is for.
  const lead = duty.length || !fields.some(({ kind }) => kind == "email") ? words.lead : words.away;
  const hint = make("p", { class: "hint", role: "status" }, words.along);
  const go = make("div", { class: "go", hidden: true }, make("button", { type: "submit" }, words.send), ...(wanted ? [] : [make("button", { type: "button", click: () => end() }, words.skip)]));
  const form = make("form", { class: "form", novalidate: true, "aria-label": words.title }, make("p", { class: "lead" }, lead), ...rows.map(({ row }) => row), hint, go);

  // It is over: sent, or not wanted.
  const end = (told) => {
    const inside = form.contains(desk.root.activeElement);
    kept.over = !!told || desk.begun() || true;
    for (const name of ["above", "due", "values"]) delete kept[name];
    keep();
    document.removeEventListener("commesso:message", heard);
    const thanks = make("p", { class: "mark", role: "status" }, told);
    form.replaceWith(...(told ? [thanks] : []));
    // The answers stand among their own words by then.
    setTimeout(() => thanks.remove(), THANKED);
    if (inside) desk.root.querySelector(".composer textarea").focus();
  };
  const send = () => {
    const answers = rows.map(({ answer }) => answer()).filter(({ value }) => value);
    ask("send", JSON.stringify({ kind: "form", answers }));
    end(words.thanks);
  };
  const faulty = () => rows.filter(({ why }) => why());
  const isEmpty = () => rows.every(({ input }) => !input.value.trim() || input.type == "checkbox");

  // Pressed, or Enter in a field: before the first message it has nothing to go along with yet.
  form.addEventListener("submit", (event) => {
    event.preventDefault();
    const bad = faulty();
    mark();
    if (bad.length) bad[0].input.focus();
    else if (!kept.due) desk.root.querySelector(".composer textarea").focus();
    else if (isEmpty()) end();
    else send();
  });
  const mark = () => {
    for (const { mark, why } of rows) mark(why());
  };
  const comeDue = (others) => {
    Object.assign(values, others);
    for (const { input, name } of rows) if (name in values) input.value = values[name];
    kept.due = true;
    hint.textContent = words.due;
    go.hidden = false;
  };
  const putOff = () => {
    comeDue();
    keep();
  };
  // The first message has left: whatever is missing here, it does not wait.
  const heard = ({ detail }) => {
    if (!desk.root.contains(form)) return document.removeEventListener("commesso:message", heard);
    // What is said from now on stands below, before the shopper's eyes; whoever is filling it in is left in peace.
    if (!form.contains(desk.root.activeElement)) {
      kept.above = true;
      form.parentNode.prepend(form);
    }
    if (detail.from != "visitor" || kept.due) return;
    // The panel is in the middle of it, and cannot be asked before it is done.
    queueMicrotask(() => {
      if (isEmpty() && !wanted && duty.length) end();
      else if (isEmpty()) putOff();
      else if (!faulty().length) send();
      else {
        // Why the answers have stayed here.
        putOff();
        mark();
      }
    });
  };
  document.addEventListener("commesso:message", heard);
  if (kept.due) comeDue();
  return { form, comeDue };
};

const agreeing = (make, words, text, link) => {
  const fault = make("small", { id: "asked-consent" });
  const input = make("input", { type: "checkbox", "aria-describedby": "asked-consent", change: () => mark("") });
  const said = make("span", {}, text);
  if (link && link.startsWith("https://")) said.append(" ", make("a", { href: link, target: "_blank", rel: "noopener noreferrer", "aria-label": `${words.more}, ${words.tab}` }, words.more));
  const row = make("div", {}, make("label", { class: "agree" }, input, said), fault);
  const mark = (why) => {
    fault.textContent = why;
    row.className = why && "bad";
  };
  return { row, input, mark, why: () => (input.checked ? "" : words.agree), answer: () => ({ name: "consent", label: text.replace(/[.:\s]+$/, ""), value: link || "✓" }) };
};
