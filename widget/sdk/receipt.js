// What the chat has cost this page, as the browser itself has measured it. Loaded only where a page listens for it.
//
// It is said once, as commesso:receipt, when the chat is there. What a browser does not measure is null and never a guess.

const PART = /\/assets\//;

// Longer than a browser takes to hand out what it has measured.
const SETTLED = 500;

export default async (base) => {
  const { long, forget } = watched();
  if (!there()) await new Promise((here) => document.addEventListener("commesso:chat", here, { once: true }));
  const until = there().startTime;
  await new Promise((settled) => setTimeout(settled, SETTLED));

  const files = performance.getEntriesByType("resource").filter(({ name }) => name.startsWith(base));
  forget();
  const parts = files.filter(({ name }) => PART.test(name) && !/\.(sdk|receipt|avoid|greet)\.js/.test(name));
  const asked = Math.min(...parts.map((file) => file.startTime));
  const tasks = long && long.filter((task) => task.startTime + task.duration > asked && task.startTime < until);
  const detail = {
    // What a frame of ours has loaded this page cannot know.
    bytes: { before: sum(files.filter(({ name }) => name.startsWith(base + "/widget.js"))), after: isFramed() ? null : sum(parts) },
    longTasks: tasks && tasks.length,
    longestTask: tasks && Math.round(Math.max(0, ...tasks.map((task) => task.duration))),
    ready: Math.round(until - asked),
  };
  document.dispatchEvent(new CustomEvent("commesso:receipt", { detail }));
};

// The loader has left a mark where it came to its place.
const there = () => performance.getEntriesByName("chat", "mark")[0];

const isFramed = () => !!document.querySelector("commesso-chat")?.shadowRoot.querySelector(".panel>iframe");

// As they travelled, compressed, whether they came from the network or from the browser's cache.
const sum = (files) => files.reduce((bytes, file) => bytes + file.encodedBodySize, 0) || null;

// The page's long tasks, also those from before, where the browser counts them.
function watched() {
  if (!PerformanceObserver.supportedEntryTypes.includes("longtask")) return { long: null, forget() {} };
  const long = [];
  const observer = new PerformanceObserver((list) => long.push(...list.getEntries()));
  observer.observe({ type: "longtask", buffered: true });
  return { long, forget: () => observer.disconnect() };
}
