"use strict";
// Beside the file of a chart a button that draws it as PNG. The file itself needs no script.
for (const link of document.querySelectorAll("a.chart-file")) {
  const button = document.createElement("button");
  button.type = "button";
  button.textContent = link.dataset.png;
  button.addEventListener("click", () => save(link));
  link.after(" ", button);
}

async function save(link) {
  const image = new Image();
  image.src = link.href;
  await image.decode();
  const canvas = document.createElement("canvas");
  canvas.width = 2 * image.naturalWidth;
  canvas.height = 2 * image.naturalHeight;
  canvas.getContext("2d").drawImage(image, 0, 0, canvas.width, canvas.height);
  canvas.toBlob(picture => {
    const file = document.createElement("a");
    file.href = URL.createObjectURL(picture);
    file.download = link.download.replace(/svg$/, "png");
    file.click();
    setTimeout(() => URL.revokeObjectURL(file.href), 60000);
  }, "image/png");
}
