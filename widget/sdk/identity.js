// Who is signed in at the shop, as its own server has signed it (SPEC, ID5). The relay is told once this device has a pass, which it has when
// somebody has reached for the chat, and not before; and once in a visit.
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
  if (!who || known.asking == who || known.proved) return;
  known.asking = who;
  try {
    const pass = await passed(settings, goesOn);
    const token = pass && (await (typeof who == "function" ? who() : who));
    if (!token || !goesOn()) return;
    const mark = `${pass.visitor} ${subject(token)}`;
    const { status, detail } = proved(settings) == mark ? { status: 200 } : await told(settings, pass, token);
    if (!goesOn()) return;
    if (status == 409) return another(who);
    known.proved = status == 200;
    if (known.proved) proved(settings, mark);
    else console.warn(`commesso: identify: ${detail}`);
  } catch (error) {
    // With the next thing that happens it is tried again.
    console.warn(`commesso: identify: ${error.message}`);
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

// The pass that this device has, once somebody has opened the chat; the page keeps it also where the chat is in a frame.
const passed = async (settings, goesOn) => {
  for (let wait = 0; goesOn() && wait <= WITHIN; wait += EVERY) {
    const pass = JSON.parse(kept(settings, "pass") || null);
    if (pass && pass.expires_at > Date.now()) return pass;
    // Nobody has reached for it.
    if (!pass && !document.querySelector("commesso-chat")?.shadowRoot?.querySelector(".panel")) return;
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

// The mark of whom this visit has proved; with a second word it is made. A page that keeps nothing proves anew.
const proved = ({ shop }, ...mark) => {
  const key = `commesso:${shop}:proved`;
  try {
    if (mark.length) [sessionStorage[key]] = mark;
    return sessionStorage[key];
  } catch {}
};

// Whom a token is of, by its own word: the relay alone knows whether that is so.
const subject = (token) => {
  try {
    return JSON.parse(atob(String(token).split(".")[1].replace(/-/g, "+").replace(/_/g, "/"))).sub;
  } catch {}
};
