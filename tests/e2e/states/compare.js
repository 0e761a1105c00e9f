// How far two pictures are from each other, in cells of 8 × 8 pixels: the mean of all cells, and how many of a thousand differ much.
// Called with two pictures in base64; a size that differs is as far as can be.
const [before, now, done] = arguments;
const SIDE = 8;
const MUCH = 48;

const cells = async (picture) => {
  const image = new Image();
  image.src = "data:image/webp;base64," + picture;
  await image.decode();
  const { width, height } = image;
  const canvas = Object.assign(document.createElement("canvas"), { width, height });
  const context = canvas.getContext("2d");
  context.drawImage(image, 0, 0);
  const { data } = context.getImageData(0, 0, width, height);
  const across = Math.ceil(width / SIDE);
  const sums = new Float64Array(across * Math.ceil(height / SIDE) * 3);
  for (let y = 0; y < height; y++) {
    for (let x = 0; x < width; x++) {
      const cell = (Math.floor(y / SIDE) * across + Math.floor(x / SIDE)) * 3;
      for (let colour = 0; colour < 3; colour++) sums[cell + colour] += data[(y * width + x) * 4 + colour] / SIDE / SIDE;
    }
  }
  return { size: width + "×" + height, sums };
};

Promise.all([before, now].map(cells)).then(([before, now]) => {
  if (before.size !== now.size) return done([255, 1000]);
  let sum = 0;
  let much = 0;
  for (let at = 0; at < before.sums.length; at++) {
    const difference = Math.abs(before.sums[at] - now.sums[at]);
    sum += difference;
    if (difference > MUCH) much++;
  }
  done([sum / before.sums.length, (much / before.sums.length) * 1000]);
});
