// How light each point of a picture is, row by row. Called with an address of the picture; answers with its width and all points.
const [address, done] = arguments;
const image = new Image();
image.src = address;

image.decode().then(() => {
  const { width, height } = image;
  const canvas = Object.assign(document.createElement("canvas"), { width, height });
  const pen = canvas.getContext("2d");
  // What is clear lies on paper.
  pen.fillStyle = "#fff";
  pen.fillRect(0, 0, width, height);
  pen.drawImage(image, 0, 0);
  const { data } = pen.getImageData(0, 0, width, height);
  done([width, Array.from({ length: width * height }, (_, at) => Math.round((data[4 * at] + data[4 * at + 1] + data[4 * at + 2]) / 3))]);
}, (error) => done(String(error)));
