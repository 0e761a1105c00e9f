// Who is signed in at the shop, as its own server has signed it (SPEC, ID5). The relay is told once the chat is in its place and this device has
// a pass, and not before; and once in a visit of a tab.
//
// It hangs on `settings.facts`, as what the page says does: the loader replaces that list when somebody logs out, and who was signed in
// goes with it.

// Milliseconds between two looks for a pass, and how long it may take to come: as widget/extra waits for it.
const EVERY = 250;
const WITHIN = 10000;

const listening = new WeakSet();

/** `who` is a token, or a function that answers with one; `before` is the list that there was when the page said so. */
export default (settings, who, before) => {
  const known = (settings.facts ||= Object.assign([], { first: true }));
  if (before ? before != known : !known.first) return;
  Object.assign(known, { who, proved: 0 });
  if (!listening.has(settings)) {
    listening.add(settings);
    for (const name of ["chat", "open", "message"]) window.commesso("on", name, () => prove(settings));
  }
  prove(settings);
};

const prove = async (settings) => {
  const known = settings.facts;
  const { who } = known;
  const goesOn = () => settings.facts == known && known.who == who;
  if (!who || known.asking == who) return;
  known.asking = who;
  try {
    const pass = await passed(settings, goesOn);
    // A device may have become another visitor meanwhile.
    if (!pass || known.proved == pass.visitor) return;
    const token = await (typeof who == "function" ? who() : who);
    if (!token || !goesOn()) return;
    const mark = `${pass.visitor} ${subject(token)}`;
    const { local, session } = marks(settings);
    // Another customer than this device has proved: nothing needs to be asked.
    if (local && local.startsWith(pass.visitor) && local != mark) return another(who);
    const { status, detail } = session == mark ? { status: 200 } : await told(settings, pass, token);
    if (!goesOn()) return;
    if (status == 409) return another(who);
    // A visitor whom two devices have is nobody's, and stays it.
    if (status == 200 || status == 403) known.proved = pass.visitor;
    if (status == 200) marks(settings, mark);
    else console.warn(`commesso: identify: ${detail}`);
  } catch (error) {
    // With the next thing that happens it is tried again. A page may throw anything.
    console.warn(`commesso: identify: ${(error && error.message) || error}`);
  } finally {
    known.asking = 0;
  }
};

// Where the chat is in a frame, the frame asks: the page's own policy may not let it (widget/frame/outside.js).
const told = async ({ base }, pass, token) => {
  const body = JSON.stringify({ token: String(token) });
  const framed = await new Promise((done) => {
    const event = new CustomEvent("prove", { cancelable: true, detail: { body, done } });
    if (document.querySelector("commesso-chat").dispatchEvent(event)) done();
  });
  if (framed) return framed;
  const answer = await fetch(base + "/v1/visitors/current/identity", {
    method: "PUT",
    headers: { "content-type": "application/json", authorization: "Bearer " + pass.token },
    body,
  });
  const { detail } = await answer.json();
  return { status: answer.status, detail };
};

// The device's visitor is another customer of the shop's: what they said is not for this one to read.
const another = (who) => {
  window.commesso("logout");
  window.commesso("identify", who);
};

// The pass that this device has, once somebody has reached for the chat and it is in its place, here or in a frame; the page keeps it also
// then. Where nothing can be kept, nobody is proved.
const passed = async (settings, goesOn) => {
  for (let wait = 0; goesOn() && wait <= WITHIN; wait += EVERY) {
    const root = document.querySelector("commesso-chat")?.shadowRoot;
    if (!root?.querySelector(".panel")) return;
    const pass = JSON.parse(kept(settings, "pass") || null);
    if (pass && pass.expires_at > Date.now() && root.querySelector("[role=log],iframe:not([style*=hidden])")) return pass;
    await new Promise((done) => setTimeout(done, EVERY));
  }
};

// Where the loader looks as well.
const kept = ({ shop }, name) => {
  const key = `commesso:${shop}:${name}`;
  try {
    return localStorage[key] || sessionStorage[key];
  } catch {}
};

// Whom this device has proved, and whom this visit of a tab; with a second word it is marked.
const marks = ({ shop }, ...mark) => {
  const key = `commesso:${shop}:proved`;
  try {
    if (mark.length) [localStorage[key]] = [sessionStorage[key]] = mark;
    return { local: localStorage[key], session: sessionStorage[key] };
  } catch {
    return {};
  }
};

// Whom a token is of, by its own word: the relay alone knows whether that is so.
const subject = (token) => {
  try {
    return JSON.parse(atob(String(token).split(".")[1].replace(/-/g, "+").replace(/_/g, "/"))).sub;
  } catch {}
};
