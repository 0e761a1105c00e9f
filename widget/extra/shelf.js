// What is to be sent, on the device: it survives the tab. Where nothing can be kept (a private window, a full disk, a page that has no
// storage) it is in memory alone.
//
// A letter is { id, conversation, text, sent, files: [{ id, name, media, width, height, bytes }] }. One of another conversation than this
// visitor's is somebody else's by now, and is thrown away.

const STORE = "letters";

const done = (request) =>
  new Promise((resolve, reject) => {
    request.onsuccess = () => resolve(request.result);
    request.onerror = () => reject(request.error);
    request.onblocked = () => reject(new Error("blocked"));
  });

const opened = new Map();

const store = async ({ drawer }, mode) => {
  if (!opened.has(drawer)) {
    const request = indexedDB.open(drawer, 1);
    request.onupgradeneeded = () => request.result.createObjectStore(STORE, { keyPath: "id" });
    // Whoever forgets it all (panel.js) must not wait for this page, nor for another.
    request.addEventListener("success", () => {
      request.result.onversionchange = () => {
        request.result.close();
        opened.delete(drawer);
      };
    });
    opened.set(drawer, done(request));
  }
  return (await opened.get(drawer)).transaction(STORE, mode).objectStore(STORE);
};

/** The letters that were kept, the oldest first. */
export const shelf = async (desk) => {
  try {
    const all = await done((await store(desk, "readonly")).getAll());
    const own = all.filter((letter) => letter.conversation == desk.begun());
    // An inbox has many conversations; a visitor one, and whoever had another on this device is gone.
    for (const letter of all) desk.settings.conversation || own.includes(letter) || (await drop(desk, letter));
    return own;
  } catch {
    return [];
  }
};

/** Keeps a letter as it is now. */
export const put = async (desk, letter) => {
  try {
    await done((await store(desk, "readwrite")).put(letter));
  } catch {}
};

/** Forgets a letter. */
export const drop = async (desk, { id }) => {
  try {
    await done((await store(desk, "readwrite")).delete(id));
  } catch {}
};
