// A link from another device of the shopper's brought a code in its fragment: here they say whether the conversation is to go on on
// this one. Loaded before the panel begins, and only then, so that it begins as who it will be.
//
// Nobody is taken anywhere by opening a link: who sent it could read what is written next. So it is asked, in words.

const CSS = `
main{overflow:auto;min-height:0}
.take{margin:auto;padding:24px;max-width:320px;text-align:center;font:medium/1.45 system-ui,sans-serif}
.root:has(.take) .composer{display:none}
.take p{margin:0 0 12px}
.take b{display:block;margin-bottom:4px;font-size:1.125em;line-height:1.3}
.take button{box-sizing:border-box;width:100%;min-height:44px;place-items:center;border:1px solid;font-weight:600}
.take button+button{margin-top:8px;border-color:transparent}
`;

/** Asks, and does it; answers when the panel may begin. */
export const take = async ({ shop, nonce = "" }, language) => {
  const [, code] = location.hash.match(/commesso=(.*)/);
  // Before anything else of the page reads the address.
  history.replaceState(history.state, "", location.pathname + location.search);
  const languages = __LANGUAGES__;
  const path = "./__WORDS__".replace("{}", languages.includes(language) ? language : "en");
  const words = await fetch(new URL(path, import.meta.url)).then((answer) => answer.json()).catch((error) => {
    // It cannot be asked here: the link stays good, for another page or another try.
    history.replaceState(history.state, "", location.pathname + location.search + "#commesso=" + code);
    throw error;
  });
  const { shadowRoot } = document.querySelector("commesso-chat");
  const main = shadowRoot.querySelector("main");
  try {
    const sheet = new CSSStyleSheet();
    sheet.replaceSync(CSS);
    shadowRoot.adoptedStyleSheets = [...shadowRoot.adoptedStyleSheets, sheet];
  } catch {
    const style = make("style", CSS);
    style.nonce = nonce;
    shadowRoot.append(style);
  }
  const ask = (title, text, ...answers) =>
    new Promise((done) => {
      const box = make("div");
      box.className = "take";
      box.setAttribute("role", "group");
      box.append(make("b", title), make("p", text), ...answers.map((answer, at) => {
        const button = make("button", answer);
        button.onclick = () => done(at);
        return button;
      }));
      main.replaceChildren(box);
      box.querySelector("button").focus();
    });
  const no = await ask(words.ask, words.only, words.yes, words.no);
  if (!no) {
    const why = (await waits(shop)) ? words.unsent : await taken(code, shop, words);
    if (why) await ask(words.sorry, why, words.well);
  }
  main.replaceChildren();
};

// Whether something lies here that has not left (the outbox, and letters with files of widget/extra/shelf.js): it would go wherever this
// device goes on.
const waits = async (shop) => {
  const place = `commesso:${shop}`;
  try {
    if (Object.keys(localStorage).some((key) => key.startsWith(place + ":outbox:"))) return true;
    // One of another conversation is of somebody who is gone, and is thrown away there.
    const here = localStorage[place + ":conversation"];
    return (await letters(place)).some(({ conversation }) => here && conversation == here);
  } catch {
    // What keeps nothing has nothing that waits.
  }
};

const letters = (drawer) =>
  new Promise((done, fail) => {
    const request = indexedDB.open(drawer);
    // There was none, and there is none now.
    request.onupgradeneeded = () => request.transaction.abort();
    request.onerror = fail;
    request.onsuccess = () => {
      const kept = request.result;
      const all = kept.transaction("letters").objectStore("letters").getAll();
      all.onsuccess = () => done(all.result);
      all.onerror = fail;
      kept.close();
    };
  });

const taken = async (code, shop, words) => {
  try {
    const answer = await fetch(new URL("/v1/takeovers", import.meta.url), {
      method: "POST", headers: { "content-type": "application/json" }, body: JSON.stringify({ shop, code }),
    });
    if (answer.status == 404) return words.over;
    if (!answer.ok) return words.failed;
    const { conversation, pass } = await answer.json();
    // What the panel reads when it begins.
    localStorage[`commesso:${shop}:pass`] = JSON.stringify(pass);
    localStorage[`commesso:${shop}:conversation`] = conversation;
  } catch {
    return words.failed;
  }
};

const make = (name, words) => {
  const element = document.createElement(name);
  element.textContent = words;
  return element;
};
