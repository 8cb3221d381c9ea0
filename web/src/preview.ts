/**
 * The first pictures: an image of each class, read from the start of the data files while the module is still
 * loading.
 */

import digits from "virtual:first-digits";

/** Rows that are searched: enough to find every class of a shuffled set. */
const ROWS = 200;
const CLASSES = 10;
/** Bytes before the first image and the first label of an idx file. */
const [IMAGE_HEAD, LABEL_HEAD] = [16, 8];

/** An image of each class of the digits, which the page has from the start. */
export function inlined(): Uint8Array[] {
  const pixels = Uint8Array.from(atob(digits), (letter) => letter.charCodeAt(0));
  const area = pixels.length / CLASSES;
  return Array.from({ length: CLASSES }, (_, label) => pixels.slice(label * area, (label + 1) * area));
}

/** The first `length` bytes of a file, unpacked if it is gzipped; fewer if it is shorter. */
async function head(file: Uint8Array, length: number): Promise<Uint8Array> {
  if (file[0] !== 0x1f || file[1] !== 0x8b) return file.subarray(0, length);
  const reader = new Blob([new Uint8Array(file)]).stream().pipeThrough(new DecompressionStream("gzip")).getReader();
  const bytes = new Uint8Array(length);
  let at = 0;
  while (at < length) {
    const { done, value } = await reader.read();
    if (done) break;
    const part = value.subarray(0, length - at);
    bytes.set(part, at);
    at += part.length;
  }
  await reader.cancel();
  return bytes.subarray(0, at);
}

/**
 * The first image of each class in idx files, null where the first rows have none. It is the library that checks the
 * files.
 */
export async function firstOfEach(images: Uint8Array, labels: Uint8Array): Promise<(Uint8Array | null)[]> {
  const sizes = new DataView((await head(images, IMAGE_HEAD)).slice().buffer);
  if (sizes.byteLength < IMAGE_HEAD) return [];
  const area = sizes.getUint32(8) * sizes.getUint32(12);
  if (area === 0 || area > 1 << 16) return [];
  const [pixels, truth] = await Promise.all([head(images, IMAGE_HEAD + ROWS * area), head(labels, LABEL_HEAD + ROWS)]);
  return Array.from({ length: CLASSES }, (_, label) => {
    const row = truth.subarray(LABEL_HEAD).indexOf(label);
    const from = IMAGE_HEAD + row * area;
    return row < 0 || from + area > pixels.length ? null : pixels.slice(from, from + area);
  });
}
