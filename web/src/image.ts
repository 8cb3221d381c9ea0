/** Converts drawings and image files to the form of the training images: small, grey, light on dark, centred. */

import { fromRgba } from "ugradsl/internal";

export interface OwnImage {
  /** Grey values, side * side of them. */
  pixels: Uint8Array;
  label: number;
}

/** Share of the side that the drawing fills, as in MNIST (20 of 28 pixels). */
const FILL = 20 / 28;

/** The drawing on `canvas` as side * side grey values, with its centre of mass in the middle; null if it is empty. */
export function fromPad(canvas: HTMLCanvasElement, side: number): Uint8Array | null {
  const { width, height } = canvas;
  const pixels = canvas.getContext("2d", { willReadFrequently: true })?.getImageData(0, 0, width, height).data;
  if (!pixels) return null;
  let [left, top, right, bottom] = [width, height, -1, -1];
  let [mass, sumX, sumY] = [0, 0, 0];
  for (let at = 3; at < pixels.length; at += 4) {
    const ink = pixels[at] ?? 0;
    if (ink < 16) continue;
    const [x, y] = [((at - 3) / 4) % width, Math.floor((at - 3) / 4 / width)];
    [left, top, right, bottom] = [Math.min(left, x), Math.min(top, y), Math.max(right, x), Math.max(bottom, y)];
    [mass, sumX, sumY] = [mass + ink, sumX + ink * x, sumY + ink * y];
  }
  if (right < 0) return null;
  const extent = Math.max(right - left, bottom - top) + 1;
  const size = extent / FILL;
  return shrink(canvas, [sumX / mass + 0.5 - size / 2, sumY / mass + 0.5 - size / 2, size, size], side);
}

/** An image file, cropped to its middle square; dark on light is inverted. */
export async function fromFile(file: File, side: number): Promise<Uint8Array> {
  const bitmap = await createImageBitmap(file).catch(() => {
    throw new Error(`${file.name} is not an image that this browser can read`);
  });
  const size = Math.min(bitmap.width, bitmap.height);
  const grey = shrink(bitmap, [(bitmap.width - size) / 2, (bitmap.height - size) / 2, size, size], side);
  const border = [...grey.slice(0, side), ...grey.slice(-side)];
  const light = border.reduce((sum, value) => sum + value, 0) / border.length > 127;
  return light ? grey.map((value) => 255 - value) : grey;
}

/** Paints grey values, side * side of them, on a canvas of that size. */
export function paint(
  context: CanvasRenderingContext2D | OffscreenCanvasRenderingContext2D,
  pixels: Uint8Array,
  side: number,
): void {
  const image = context.createImageData(side, side);
  pixels.forEach((value, at) => image.data.set([value, value, value, 255], at * 4));
  context.putImageData(image, 0, 0);
}

type Box = [x: number, y: number, width: number, height: number];

function shrink(source: CanvasImageSource, box: Box, side: number): Uint8Array {
  const small = new OffscreenCanvas(side, side);
  const context = small.getContext("2d");
  if (!context) throw new Error("this browser has no 2D canvas");
  context.fillRect(0, 0, side, side);
  context.imageSmoothingQuality = "high";
  context.drawImage(source, ...box, 0, 0, side, side);
  return fromRgba(context.getImageData(0, 0, side, side).data, 1);
}
