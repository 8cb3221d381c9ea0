/** Converts data sets from the form that an application has to the form that the worker takes. */

import { load, type LoadingOptions } from "./loading.ts";
import { toPixels, type Picture } from "./pictures.ts";
import type { IdxFiles, Pixels } from "./protocol.ts";
import { indices } from "./settings.ts";

/** Bytes, or the address (relative to the page) to fetch them from. */
export type Source = Uint8Array | ArrayBuffer | URL | string;

/** Four idx files, gzipped or not: the format of MNIST. */
export interface IdxData {
  /** For `mnist` and `fashion-mnist` the library normalises pixels by the figures of these data sets. */
  name?: string;
  train: { images: Source; labels: Source };
  test: { images: Source; labels: Source };
}

/** Images in memory, `labels.length * channels * height * width` bytes, row by row and channel by channel. */
export interface PixelData {
  name?: string;
  height: number;
  width: number;
  /** Default 1. */
  channels?: number;
  train: { pixels: Uint8Array; labels: ArrayLike<number> };
  test: { pixels: Uint8Array; labels: ArrayLike<number> };
}

/** Pictures of the page: image files, canvases, `ImageData`. Each is stretched to the size. */
export interface PictureData {
  name?: string;
  height: number;
  width: number;
  /** 1 (luminance) or 3 (red, green, blue); default 1. */
  channels?: number;
  train: { pictures: readonly Picture[]; labels: ArrayLike<number> };
  test: { pictures: readonly Picture[]; labels: ArrayLike<number> };
}

export type Data = IdxData | PixelData | PictureData;

/** The arguments of the call `load`. Rejects when a file cannot be fetched or a label is not the number of a class. */
export async function toLoad(
  data: Data,
  options: LoadingOptions = {},
): Promise<{ name: string; data: IdxFiles | Pixels }> {
  const name = data.name ?? "data";
  if ("height" in data) {
    const { height, width, channels, train, test } = data;
    const shape: Pixels["shape"] = [channels ?? 1, height, width];
    const set = async (one: PixelData["train"] | PictureData["train"]) => ({
      pixels: "pixels" in one ? one.pixels : await allPixels(one.pictures, shape),
      labels: indices(one.labels, "a class"),
    });
    return { name, data: { shape, train: await set(train), test: await set(test) } };
  }
  const bytes = (source: Source) => bytesOf(source, options);
  const { train, test } = data;
  const files = [bytes(train.images), bytes(train.labels), bytes(test.images), bytes(test.labels)] as const;
  const [images, labels, testImages, testLabels] = await Promise.all(files);
  return { name, data: { train: { images, labels }, test: { images: testImages, labels: testLabels } } };
}

async function bytesOf(source: Source, options: LoadingOptions): Promise<Uint8Array> {
  if (source instanceof Uint8Array) return source;
  if (source instanceof ArrayBuffer) return new Uint8Array(source);
  return new Uint8Array(await (await load(source, "data", options)).arrayBuffer());
}

/** Pictures one after the other, as the module takes them. */
export async function allPixels(pictures: readonly Picture[], shape: Pixels["shape"]): Promise<Uint8Array> {
  const area = shape.reduce((product, side) => product * side, 1);
  const pixels = new Uint8Array(pictures.length * area);
  for (const [at, picture] of pictures.entries()) pixels.set(await toPixels(picture, shape), at * area);
  return pixels;
}
