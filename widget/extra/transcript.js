// The conversation as a file: plain text, which everything opens and in which nothing runs. It is made on the device, from what the
// relay has: all of it, also what is not drawn.

/** Saves it, and answers with what to say. */
export const save = async (desk, words) => {
  const [entries, { shop }] = await Promise.all([desk.entries(true), desk.pass()]);
  const text = written(entries, shop, words, desk);
  const address = URL.createObjectURL(new Blob([text], { type: "text/plain" }));
  // The day here, as files are sorted by it: 2026-11-29.
  const day = new Date().toLocaleDateString("sv");
  desk.make("a", { href: address, download: `${shop.id}-${day}.txt` }).click();
  // The browser has begun by then.
  setTimeout(() => URL.revokeObjectURL(address), 60000);
  return words.saved;
};

const written = (entries, shop, words, { locale, page }) => {
  const days = new Intl.DateTimeFormat(locale, { dateStyle: "full" });
  const times = new Intl.DateTimeFormat(locale, { timeStyle: "short" });
  const out = [words.title.replace("{}", shop.name), words.saved_on.replace("{}", days.format(new Date())), new URL(page, location).origin];
  let today;
  // What was said anew, or taken back, before anybody went on is not what counts.
  const counts = ({ content: { kind } }, place) => {
    if (kind != "rating" && kind != "status") return true;
    const goes = entries.slice(place + 1).find(({ content }) => content.kind == "message" || content.kind == kind);
    return !goes || goes.content.kind == "message";
  };
  for (const { at, author, content } of entries.filter(counts)) {
    const said = lines(content, words);
    if (!said.length) continue;
    const day = days.format(at);
    if (day != today) out.push("", `— ${(today = day)} —`);
    const who = author.role == "visitor" ? words.you : author.name || shop.name;
    out.push("", `${times.format(at)}  ${who}`, ...said);
  }
  return out.join("\n") + "\n";
};

const lines = ({ kind, text, parts = [], status, answers = [], score, comment }, words) => {
  const made = {
    message: () => [text, ...parts.map(({ title, text, price, link, name, label }) => [title || name || (label && `[${label}]`), text, price, link].filter(Boolean).join(", "))],
    status: () => [status == "resolved" && `(${words.closed})`],
    form: () => answers.map(({ label, value }) => `${label}: ${value}`),
    rating: () => [words.rating.replace("{}", score), comment],
  }[kind];
  return made ? made().filter(Boolean) : [];
};
