// When the shop answers, in the shopper's words and time zone: under its name, and below its first words.
//
// Nothing is claimed that the relay did not say; what was true when it said so and is not any more goes away by itself.

const CSS = `
.outlook{font-size:.875em;line-height:1.35;overflow-wrap:anywhere}
.outlook:not(:empty)+.duty{display:none}
.duty:has(+.outlook),.duty:has(+.outlook)+.outlook{display:inline}
.duty:has(+.outlook)+.outlook:not(:empty)::before{content:" · "}
.greeting .outlook{margin-block:8px 0;margin-inline:50px 8px;color:var(--quiet);line-height:1.45}
.outlook:empty{display:none}
`;

const MINUTE = 60 * 1000;
const HOUR = 60 * MINUTE;
const DAY = 24 * HOUR;

/** Says it in this place. */
export const draw = async (desk, place, outlook) => {
  const words = await desk.words("./__WORDS__", __LANGUAGES__);
  desk.dress(CSS);
  // Something else was said meanwhile.
  if (!place.isConnected) return;
  if (outlook.opens_at) return closed(desk, words, place, outlook.opens_at);
  const duty = place.nextElementSibling;
  // Below the first words nothing is said of a wait that has not begun.
  if (!duty || place.closest(".greeting")) return;
  // After who answers, on the same line.
  duty.after(place);
  place.textContent = wait(words, locale(desk), outlook);
};

const closed = (desk, words, place, opens_at) => {
  const greets = place.closest(".greeting");
  const say = () => {
    const now = Date.now();
    const back = opens_at > now ? opening(words, locale(desk), opens_at, now) : "";
    place.textContent = back && greets ? `${back}. ${words.write_now}` : back;
    // After midnight tomorrow is today.
    if (back) setTimeout(() => place.isConnected && say(), Math.min(opens_at - now, midnight(now) + DAY - now));
  };
  say();
};

/** `Back tomorrow at 9:00`. */
const opening = (words, locale, at, now) => {
  const days = Math.round((midnight(at) - midnight(now)) / DAY);
  const time = new Date(at).toLocaleTimeString(locale, { hour: "numeric", minute: "2-digit" });
  if (days < 1) return fill(words.today, { time });
  if (days == 1) return fill(words.tomorrow, { time });
  // In a week the day would have the name of today.
  const how = days < 7 ? { weekday: "long" } : { weekday: "long", day: "numeric", month: "long" };
  return fill(words.weekday, { day: new Date(at).toLocaleDateString(locale, how), time });
};

/** Who waits already counts places; who has not asked yet, minutes. */
const wait = (words, locale, { ahead, usual_ms }) => {
  if (ahead === 0) return words.next;
  if (ahead) return fill(words.place, { n: (ahead + 1).toLocaleString(locale) });
  if (!usual_ms) return "";
  const [forms, n] = usual_ms < HOUR ? [words.minutes, usual_ms / MINUTE] : [words.hours, usual_ms / HOUR];
  const form = forms[new Intl.PluralRules(locale).select(n)] || forms.other;
  return fill(form, { n: n.toLocaleString(locale) });
};

const fill = (sentence, parts) => sentence.replace(/{(\w+)}/g, (_, name) => parts[name]);

const midnight = (at) => new Date(at).setHours(0, 0, 0, 0);

// As the page writes times where it speaks this language; a tag that is none of the browser's says the language alone.
const locale = ({ settings, locale }) => {
  try {
    return [settings.locale, navigator.language].find((tag) => tag && new Intl.Locale(tag).language == locale) || locale;
  } catch {
    return locale;
  }
};
