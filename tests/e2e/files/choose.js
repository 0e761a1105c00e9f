// Chooses, pastes or drops files as a person would. Called with [how, files]; a file is { name, kind }: a `photo` is a JPEG that was held
// upright (3000 by 2000, turned by a quarter) and tells where it was taken, a `screenshot` a small PNG, and the others are what they are called.
const [how, files] = arguments;
const root = document.querySelector("commesso-chat")?.shadowRoot || document;

const drawn = (width, height, media) => {
  const canvas = Object.assign(document.createElement("canvas"), { width, height });
  const pen = canvas.getContext("2d");
  for (const [at, color] of ["#c0392b", "#f2e6d8", "#2c3e50", "#8a6d3b"].entries()) {
    pen.fillStyle = color;
    pen.fillRect((at * width) / 4, 0, width / 4, height);
  }
  const text = atob(canvas.toDataURL(media).split(",")[1]);
  return Uint8Array.from(text, (sign) => sign.charCodeAt());
};

// A segment that says how the camera was held, and where.
const exif = () => {
  const where = "45.4642 N, 9.19 E (Milano)\0";
  const word = (value) => [value >> 8, value & 255];
  const long = (value) => [...word(value >>> 16), ...word(value & 65535)];
  const bytes = (text) => [...text].map((sign) => sign.charCodeAt());
  const turned = [...word(0x0112), ...word(3), ...long(1), ...word(6), 0, 0];
  const taken = [...word(0x010e), ...word(2), ...long(where.length), ...long(8 + 2 + 24 + 4)];
  const body = [...bytes("Exif\0\0MM\0*"), ...long(8), ...word(2), ...taken, ...turned, ...long(0), ...bytes(where)];
  return [0xff, 0xe1, ...word(body.length + 2), ...body];
};

const KINDS = {
  photo: () => {
    const plain = drawn(3000, 2000, "image/jpeg");
    return [plain.slice(0, 2), new Uint8Array(exif()), plain.slice(2)];
  },
  screenshot: () => [drawn(320, 200, "image/png")],
  pdf: () => ["%PDF-1.4\n1 0 obj<</Type/Catalog>>endobj\ntrailer<</Root 1 0 R>>\n%%EOF"],
  // Nine megabytes, which are a while on their way.
  catalogue: () => ["%PDF-1.4\n", " ".repeat(9 << 20)],
  // A byte more than a file may have.
  atlas: () => ["%PDF-1.4\n", " ".repeat((10 << 20) - 8)],
  page: () => ["<!DOCTYPE html><script>alert(1)</script>"],
  drawing: () => ["<svg xmlns='http://www.w3.org/2000/svg'><script>alert(1)</script></svg>"],
};

const carried = new DataTransfer();
for (const { name, kind } of files) carried.items.add(new File(KINDS[kind](), name));

const panel = root.querySelector(".panel, .composer");
if (how == "choose") {
  const input = root.querySelector("input[type=file]");
  input.files = carried.files;
  input.dispatchEvent(new Event("change"));
} else {
  const event = new Event(how, { bubbles: true, cancelable: true, composed: true });
  Object.defineProperty(event, how == "paste" ? "clipboardData" : "dataTransfer", { value: carried });
  panel.dispatchEvent(event);
}
