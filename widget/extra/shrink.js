// Makes a picture fit to be sent, on the device: as large as a screen shows it, upright, and with nothing in it but what is seen. Where
// it was taken, when and with what stays here: a picture is drawn anew, and only its pixels leave.

/** Pixels of a side at most: twice what a phone shows, and enough to read a label in a photo. */
const SIDE = 2048;

/** Bytes of a picture that stays a PNG: a screenshot does, a photo in that form would weigh as much as a film. */
const SHARP = 1024 * 1024;

/** Bytes of a file at most, as the relay has it (FILE_MAX). */
const LARGEST = 10 * 1024 * 1024;

/** { blob, media, width, height }, or { why }: "large" or "unfit". */
export const shrink = async (file) => {
  const head = String.fromCharCode(...new Uint8Array(await file.slice(0, 16).arrayBuffer()));
  if (head.startsWith("%PDF-")) return checked({ blob: file, media: "application/pdf" });
  try {
    const picture = await decoded(file);
    const { width, height } = picture;
    // It moves, and carries neither place nor camera.
    if (head.startsWith("GIF8")) return checked({ blob: file, media: "image/gif", width, height });
    return checked(await drawn(picture, head.startsWith("\x89PNG")));
  } catch {
    return { why: "unfit" };
  }
};

const checked = (made) => (made.blob.size > LARGEST ? { why: "large" } : made);

// Upright as the camera was held: both ways do so.
const decoded = async (file) => {
  try {
    return await createImageBitmap(file);
  } catch {
    // Some browsers show more kinds than they unpack.
    const image = new Image();
    image.src = URL.createObjectURL(file);
    await image.decode();
    URL.revokeObjectURL(image.src);
    return image;
  }
};

const drawn = async (picture, png) => {
  const scale = Math.min(1, SIDE / Math.max(picture.width, picture.height));
  const [width, height] = [picture.width, picture.height].map((side) => Math.max(1, Math.round(side * scale)));
  const canvas = Object.assign(document.createElement("canvas"), { width, height });
  const pen = canvas.getContext("2d");
  // A browser that hides who it is may answer with noise: better none than that.
  pen.fillRect(0, 0, 1, 1);
  const [red, green, blue, solid] = pen.getImageData(0, 0, 1, 1).data;
  if (red || green || blue || solid != 255) throw new Error("noise");
  pen.clearRect(0, 0, width, height);
  pen.imageSmoothingQuality = "high";
  pen.drawImage(picture, 0, 0, width, height);
  picture.close?.();
  if (png) {
    const sharp = await blob(canvas, "image/png");
    if (sharp.size <= SHARP) return { blob: sharp, media: "image/png", width, height };
  }
  // What was clear would be black.
  pen.globalCompositeOperation = "destination-over";
  pen.fillStyle = "#fff";
  pen.fillRect(0, 0, width, height);
  return { blob: await blob(canvas, "image/jpeg"), media: "image/jpeg", width, height };
};

const blob = (canvas, media) =>
  new Promise((resolve, reject) => canvas.toBlob((blob) => (blob?.type == media ? resolve(blob) : reject(new Error(media))), media, 0.85));
