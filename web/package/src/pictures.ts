/** Pictures of a page as the bytes that a network reads. */

/** Anything that a canvas can draw; an image file as a `Blob`. */
export type Picture = ImageData | Blob | ImageBitmap | HTMLCanvasElement | OffscreenCanvas;

/**
 * The picture as `channels * height * width` bytes, channel by channel, stretched to that size. One channel is the
 * luminance; three are red, green and blue. Rejects for a file that the browser cannot read as an image.
 */
export async function toPixels(picture: Picture, shape: readonly [number, number, number]): Promise<Uint8Array> {
  const [channels, height, width] = shape;
  const drawable = picture instanceof Blob || picture instanceof ImageData ? await createImageBitmap(picture) : picture;
  const context = new OffscreenCanvas(width, height).getContext("2d");
  if (context === null) throw new Error("this browser has no 2D canvas");
  context.imageSmoothingQuality = "high";
  context.drawImage(drawable, 0, 0, width, height);
  return fromRgba(context.getImageData(0, 0, width, height).data, channels);
}

/** From red, green, blue and alpha, pixel by pixel; what is transparent is black. */
export function fromRgba(rgba: ArrayLike<number>, channels: number): Uint8Array {
  const area = rgba.length / 4;
  const pixels = new Uint8Array(channels * area);
  for (let at = 0; at < area; at++) {
    const alpha = (rgba[4 * at + 3] ?? 255) / 255;
    const [red, green, blue] = [0, 1, 2].map((one) => alpha * (rgba[4 * at + one] ?? 0)) as [number, number, number];
    const luminance = 0.299 * red + 0.587 * green + 0.114 * blue;
    const values = channels === 1 ? [luminance] : [red, green, blue];
    for (let channel = 0; channel < channels; channel++)
      pixels[channel * area + at] = Math.round(values[channel] ?? luminance);
  }
  return pixels;
}
