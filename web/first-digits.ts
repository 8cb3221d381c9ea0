/** An image of each class, written into the script: the page shows them before any data have come. */

import { readFileSync } from "node:fs";
import { join } from "node:path";
import { gunzipSync } from "node:zlib";

import type { Plugin } from "vite";

const [NAME, CLASSES, SIDE] = ["virtual:first-digits", 10, 28];
const [IMAGE_HEAD, LABEL_HEAD] = [16, 8];

function digits(): string {
  const file = (name: string) =>
    gunzipSync(readFileSync(join(import.meta.dirname, `../crates/ugradsl/assets/mnist-subset/${name}-ubyte.gz`)));
  const [images, labels] = [file("train-images-idx3"), file("train-labels-idx1").subarray(LABEL_HEAD)];
  const one = (label: number) => {
    const from = IMAGE_HEAD + labels.indexOf(label) * SIDE * SIDE;
    return images.subarray(from, from + SIDE * SIDE);
  };
  return Buffer.concat(Array.from({ length: CLASSES }, (_, label) => one(label))).toString("base64");
}

export function firstDigits(): Plugin {
  return {
    name: "first-digits",
    resolveId: (id) => (id === NAME ? `\0${NAME}` : null),
    load: (id) => (id === `\0${NAME}` ? `export default ${JSON.stringify(digits())};` : null),
  };
}
