// What was chosen and is not in the transcript yet. Before it is sent it lies above the field, and can be looked at and taken back;
// nothing of it has left the device. Once it is sent it stands under the last message with how far it is, until the relay has all of it:
// then it becomes a message like any other, in the outbox of the chat.
//
// Must stay true: whatever is tried again, in whichever tab, goes under the names it was given here, so it is stored once. Words that
// came with a file which cannot go are given back.

const CSS = `
.tray{display:flex;gap:8px;margin:4px 12px 0;padding:8px 0 4px;list-style:none;overflow-x:auto;scrollbar-width:thin}
.tray:empty{display:none}
.tray li{position:relative;flex:none;display:flex;align-items:center;height:72px;min-width:72px;max-width:200px;border-radius:14px;background:var(--raised)}
.tray img{width:72px;height:72px;border-radius:14px;object-fit:cover;outline:1px solid var(--line);outline-offset:-1px}
.tray .doc{padding-inline:10px 40px;font-size:.875em}
.tray button{position:absolute;top:-6px;inset-inline-end:-6px;padding:10px}
.tray button svg{box-sizing:border-box;padding:4px;border-radius:50%;background:var(--text);color:var(--surface);stroke-width:2.5}
.tray li:first-child{margin-inline-start:2px}
.tray li:last-child{margin-inline-end:8px}
.doc{display:flex;align-items:center;gap:10px;min-width:0}
.doc svg{flex:none}
.doc span{display:-webkit-box;-webkit-box-orient:vertical;-webkit-line-clamp:2;overflow:hidden;overflow-wrap:anywhere;unicode-bidi:plaintext;line-height:1.3}
.tray-said{margin:4px 20px 0;font-size:.875em;color:var(--alarm)}
.tray-said:empty{display:none}
.leaving{display:flex;flex-wrap:wrap;justify-content:flex-end;gap:4px;margin-top:4px}
.leaving img,.leaving .doc{box-sizing:border-box;border-radius:var(--r)}
.leaving img{opacity:.6;display:block;max-width:160px;max-height:160px;object-fit:cover}
.leaving .doc{padding:12px 14px;background:var(--raised)}
.going{display:flex;flex-wrap:wrap;align-items:center;justify-content:flex-end;gap:0 8px;margin-top:4px;color:var(--quiet);font-size:.875em}
.going span{flex:1 0 100%;text-align:end}
.going [role=alert]{color:var(--alarm)}
.going progress{flex:1;min-width:96px;height:4px;border:0;border-radius:2px;overflow:hidden;appearance:none;background:var(--line);accent-color:var(--fill);color:var(--fill)}
.going progress::-webkit-progress-bar{background:var(--line)}
.going progress::-webkit-progress-value{background:var(--edge)}
.going progress::-moz-progress-bar{background:var(--edge)}
.going button{padding:6px 8px;border-radius:8px;color:var(--text);font-size:.875em;font-weight:600}
.going button:hover{background:var(--raised)}
@media (forced-colors:active){.tray li,.leaving .doc{border:1px solid}}
`;

/** As the relay has them: PARTS_MAX and TEXT_MAX. */
const FILES = 10;
const WORDS = 4000;

/** Milliseconds until something that failed goes again, doubled each time; and without a byte moving until it counts as failed. */
const AGAIN = 1000;
const AGAIN_MAX = 30000;
const STALLED = 30000;

const SHEET = "M6 3h8l4 4v14H6zM14 3v4h4M9 12h6M9 16h6";
const CROSS = "m7 7 10 10M17 7 7 17";

// A letter is one tab's, which holds it as long as both live; then the next tray takes it up. All of a page's trays know what the page holds,
// and which of it is leaving: an operator goes from one conversation to another, and back.
const held = new Map();
const going = new Map();

/** Begins one, until the signal: then it is out of sight, and what is on its way goes on. */
export const tray = async (desk, { panel, field, send, log, under }, words, signal) => {
  const { make } = desk;
  const shelf = await desk.part("shelf");
  desk.dress(CSS);
  const list = make("ul", { class: "tray", role: "list", "aria-label": words.tray });
  const said = make("div", { class: "tray-said", role: "status" });
  const pending = make("div", { class: "pending" });
  if (under.contains(send)) under.before(list, said);
  else under.after(list, said);
  log.append(pending);
  const named = (sentence, name) => sentence.replace("{}", () => name);
  const say = (sentence, name) => said.append(make("div", {}, named(sentence, name)));
  const hush = () => said.replaceChildren();

  const fresh = () => ({ id: desk.mint(), text: "", sent: "", files: [] });
  let draft = fresh();
  let keeping;

  // What it looks like, as far as the page's policy lets a picture of its own be shown.
  const look = (file) => {
    const sheet = () => make("span", { class: "doc" }, desk.icon(SHEET), make("span", {}, file.name));
    if (!file.width) return sheet();
    if (!desk.own.has(file.id)) desk.own.set(file.id, URL.createObjectURL(new Blob([file.bytes], { type: file.media })));
    return make("img", { src: desk.own.get(file.id), alt: file.name, error: ({ target }) => target.replaceWith(sheet()) });
  };

  // The field's own rule is that nothing is no message: a file is one.
  const ready = () => draft.files.length && send.hasAttribute("disabled") && send.removeAttribute("disabled");
  const watch = new MutationObserver(ready);
  watch.observe(send, { attributes: true, attributeFilter: ["disabled"] });
  signal.addEventListener("abort", () => {
    watch.disconnect();
    for (const part of [list, said, pending]) part.remove();
  });
  const show = () => {
    const taken = (file) => () => {
      draft.files = draft.files.filter((one) => one != file);
      if (draft.files.length) keep(draft);
      else {
        drop(draft);
        draft = fresh();
      }
      show();
      field.focus();
    };
    list.replaceChildren(...draft.files.map((file) => {
      const cross = make("button", { type: "button", "aria-label": named(words.remove, file.name), click: taken(file) }, desk.icon(CROSS));
      return make("li", { "aria-busy": file.bytes ? null : "true" }, file.bytes ? look(file) : "", cross);
    }));
    if (draft.files.length) ready();
    else if (!field.value.trim()) send.setAttribute("disabled", "");
  };

  // What is not made yet is not kept: it is still where it was chosen.
  const keep = async (letter) => {
    await hold(desk, letter.id);
    // Nor is anything kept for who has logged out.
    if (letter.dropped || letter.conversation != desk.begun()) return free(letter);
    const { id, conversation, text, sent, files } = letter;
    const all = files.filter((file) => file.bytes).map(({ making, ...file }) => file);
    return shelf.put(desk, { id, conversation, text, sent, files: all });
  };

  const add = (files) => {
    hush();
    if (files.length + draft.files.length > FILES) say(words.many);
    draft.conversation = desk.conversation();
    for (const chosen of files.slice(0, Math.max(0, FILES - draft.files.length))) {
      const letter = draft;
      const file = { id: desk.mint(), name: chosen.name };
      file.making = made(chosen, file).then((why) => {
        if (why) {
          letter.files = letter.files.filter((one) => one != file);
          say(words[why], file.name);
        }
        if (letter.files.length) keep(letter);
        if (letter == draft) show();
        else letter.draw?.();
      });
      letter.files.push(file);
    }
    show();
    field.focus();
  };

  const made = async (chosen, file) => {
    try {
      const { blob, why, ...is } = await (await desk.part("shrink")).shrink(chosen);
      if (why) return why;
      Object.assign(file, is, { bytes: await blob.arrayBuffer() });
    } catch {
      // It cannot be read, or what reads it is not loaded.
      return "failed";
    }
  };

  const drop = async (letter) => {
    letter.dropped = true;
    going.delete(letter.id);
    await shelf.drop(desk, letter);
    free(letter);
  };

  // Nothing was written down about the letter but on this device: it is as if it had never been.
  const give = (letter) => {
    letter.gone = true;
    letter.stop?.();
    letter.row.remove();
    drop(letter);
    if (letter.text && !field.value) {
      field.value = letter.text;
      field.dispatchEvent(new Event("input", { bubbles: true }));
    }
    field.focus();
  };

  const stand = (letter) => {
    const files = make("div", { class: "leaving" });
    const state = make("div", { class: "going" });
    const bar = make("progress", { max: 1, "aria-label": words.sending });
    const stack = make("div", { class: "stack" }, files, state);
    if (letter.text) stack.prepend(make("div", { class: "bubble" }, letter.text));
    letter.row = make("div", { class: "row mine first last", role: "group", "aria-label": words.sending }, stack);
    const button = (name, click) => make("button", { type: "button", click }, name);
    letter.stands = stand;
    letter.resume = () => leave(letter);
    letter.draw = () => files.replaceChildren(...letter.files.filter((file) => file.bytes).map(look));
    letter.far = (part) => {
      bar.value = part;
      if (!bar.isConnected) state.replaceChildren(bar, button(words.cancel, () => give(letter)));
    };
    letter.waits = (why) => state.replaceChildren(make("span", { role: "status" }, why), button(words.cancel, () => give(letter)));
    letter.fails = (why, name) => {
      letter.failed = [why, name];
      const again = button(words.again, () => leave(letter));
      state.replaceChildren(make("span", { role: "alert" }, named(words[why], name)), again, button(words.delete, () => give(letter)));
    };
    letter.draw();
    letter.far(0);
    if (letter.failed) letter.fails(...letter.failed);
    pending.append(letter.row);
    log.scrollTop = log.scrollHeight;
  };

  // One after the other, in the order in which they were sent; one that fails lets the next one go.
  let before = Promise.resolve();
  const leave = (letter) => {
    going.set(letter.id, letter);
    letter.failed = 0;
    return (before = before.then(() => go(letter).catch((why) => letter.gone || letter.fails(...(why.map ? why : ["failed", ""])))));
  };

  const go = async (letter) => {
    if (letter.gone) return;
    letter.far(0);
    await Promise.all(letter.files.map((file) => file.making));
    for (const [place, file] of letter.files.entries()) {
      if (letter.gone) return;
      if (!file.part) file.part = await handed(letter, file, (part) => letter.far((place + part) / letter.files.length));
      if (!file.part) return passed(letter);
      await keep(letter);
    }
    if (letter.gone) return;
    const parts = letter.files.map(({ part }) => ({ type: "file", ...part }));
    // Where the chat has ended meanwhile, the next one does it.
    if ((parts.length || letter.text) && !desk.say(letter.sent, { kind: "message", text: letter.text, parts })) return passed(letter);
    letter.row.remove();
    drop(letter);
  };

  // To the tray that stands for it now, or to the next one.
  const passed = (letter) => {
    going.delete(letter.id);
    if (letter.stands != stand) letter.resume();
  };

  // Nothing where the chat has ended, or another tray stands for the letter.
  const handed = async (letter, file, far) => {
    for (let wait = AGAIN; ; wait = Math.min(2 * wait, AGAIN_MAX)) {
      if (letter.stands != stand || !desk.conversation()) return;
      const answer = await upload(desk, letter, file, far).catch(() => ({}));
      if (letter.gone) throw [];
      const { id, name, media, width, height, bytes } = file;
      // A problem has an `id`, too.
      if (answer.media) return { id, name, media, size: bytes.byteLength, width, height, ...answer };
      const why = refused(answer);
      if (why) throw [why, file.name];
      letter.waits(answer.status ? words.later : words.waits);
      await new Promise((done) => {
        letter.stop = done;
        setTimeout(done, wait);
        addEventListener("online", done, { once: true });
      });
      letter.far(0);
    }
  };

  const sent = async () => {
    const typed = field.value;
    const text = typed.trim();
    // The field says so itself.
    if ([...text].length > WORDS) return;
    const letter = draft;
    draft = fresh();
    keeping = true;
    Object.assign(letter, { text, sent: desk.mint() });
    // First the letter is kept, then the field forgets: whatever happens between, the words are there.
    going.set(letter.id, letter);
    await keep(letter).catch(() => {});
    if (field.value.startsWith(typed)) field.value = field.value.slice(typed.length);
    field.dispatchEvent(new Event("input", { bubbles: true }));
    keeping = false;
    hush();
    show();
    // Another tray may stand for it already.
    letter.stands || stand(letter);
    leave(letter);
  };

  // Before the field and its button hear of it, and only while something lies here.
  const first = (event) => {
    // Its words are still in the field, and are on their way already.
    if (keeping) {
      event.preventDefault();
      return event.stopPropagation();
    }
    if (!draft.files.length) return hush();
    // A panel may have a word in it: a note goes without files, and who was overtaken looks first.
    const word = desk.ask("press");
    if (word == "note") return;
    event.preventDefault();
    event.stopPropagation();
    if (!event.repeat && word != "look") sent();
  };
  panel.addEventListener("click", (event) => send.contains(event.target) && first(event), { capture: true, signal });
  panel.addEventListener("keydown", (event) => {
    const composing = event.isComposing || event.keyCode == 229;
    if (event.target == field && event.key == "Enter" && !event.shiftKey && !composing) first(event);
  }, { capture: true, signal });

  for (const letter of going.values()) if (letter.conversation == desk.begun()) stand(letter);
  for (const { id } of await shelf.shelf(desk)) {
    if (going.has(id) || !(await hold(desk, id))) continue;
    // Whoever held it before may have done with it.
    const letter = (await shelf.shelf(desk)).find((one) => one.id == id);
    if (!letter) free({ id });
    else if (letter.sent) {
      stand(letter);
      leave(letter);
    } else if (!draft.files.length) {
      // Under its own name: another tray of this page may have a file of it in the making.
      draft = letter;
    } else {
      draft.files.push(...letter.files);
      await keep(draft);
      await drop(letter);
    }
  }
  show();
  return { add };
};

const free = ({ id }) => {
  held.get(id)?.();
  held.delete(id);
};

/** Answers whether this page holds the letter: where it cannot be asked, each is for itself. */
const hold = ({ drawer }, id) =>
  new Promise((done) => {
    if (held.has(id) || !navigator.locks) return done(true);
    const got = (lock) => {
      done(Boolean(lock));
      return lock && new Promise((end) => held.set(id, end));
    };
    navigator.locks.request(`${drawer}:letter:${id}`, { ifAvailable: true }, got).catch(() => done(true));
  });

/** The relay's answer: the file as a message names it, or a problem with its `status`. */
const upload = async (desk, letter, file, far) => {
  const conversation = desk.conversation();
  if (letter.conversation != conversation) {
    // This device was found to be another visitor: what was handed over before is not here.
    letter.conversation = conversation;
    for (const other of letter.files) delete other.part;
  }
  const headers = await desk.headers();
  if (letter.gone) return {};
  const address = `${desk.settings.base}/v1/conversations/${conversation}/files?id=${file.id}&name=${encodeURIComponent(file.name)}`;
  return new Promise((done) => {
    const request = new XMLHttpRequest();
    let stalled;
    const alive = () => {
      clearTimeout(stalled);
      stalled = setTimeout(() => request.abort(), STALLED);
    };
    letter.stop = () => request.abort();
    request.open("POST", address);
    request.setRequestHeader("content-type", "application/octet-stream");
    for (const [name, value] of Object.entries(headers)) request.setRequestHeader(name, value);
    request.upload.onprogress = ({ loaded, total }) => {
      alive();
      far(loaded / total);
    };
    request.onloadend = () => {
      clearTimeout(stalled);
      let answer = {};
      try {
        answer = JSON.parse(request.responseText);
      } catch {}
      done(answer || {});
    };
    alive();
    request.send(file.bytes);
  });
};

/** Which words say why, where trying again does not help. */
const refused = ({ type = "", status }) => {
  if (!(status >= 400) || [401, 408, 429, 500, 502, 503, 504].includes(status)) return;
  const [, kind] = /^.problems.(unfit-file|body-too-large|no-room)$/.exec(type) || [];
  return { "unfit-file": "unfit", "body-too-large": "large", "no-room": "full" }[kind] || "failed";
};
