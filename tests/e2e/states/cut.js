// The corner of a page with the panel and what is around it, in some kilobytes. Called with a picture of the page in base64; so is the answer.
const [page, done] = arguments;

const cut = async () => {
  const image = new Image();
  image.src = "data:image/png;base64," + page;
  await image.decode();
  const [width, height] = [Math.min(image.width, 432), Math.min(image.height, 752)];
  const canvas = Object.assign(document.createElement("canvas"), { width, height });
  canvas.getContext("2d").drawImage(image, width - image.width, height - image.height);
  return canvas.toDataURL("image/webp", 0.6).split(",")[1];
};

cut().then(done);
