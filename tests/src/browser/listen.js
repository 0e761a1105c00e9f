// For engines whose driver keeps no console: what a page complains of, kept in the page until somebody asks for it.
// Not on `window` by a name, since stories look for names that were left there.
{
  const complaints = [];
  Object.defineProperty(window, Symbol.for("complaints"), { value: complaints });
  const keep = (source, words) => complaints.push(`${source}: ${words}`);
  // In the capturing phase also for what was to be loaded and is not there.
  addEventListener("error", ({ message, target }) => keep(message ? "javascript" : "network", message || `Failed to load resource ${target.src}`), true);
  addEventListener("unhandledrejection", ({ reason }) => keep("javascript", `Uncaught (in promise) ${reason}`));
  addEventListener("securitypolicyviolation", ({ violatedDirective }) => keep("security", "Content Security Policy: " + violatedDirective));
  for (const level of ["error", "warn"]) {
    const say = console[level];
    console[level] = (...words) => {
      keep("console-api", words.join(" "));
      say.apply(console, words);
    };
  }
}
