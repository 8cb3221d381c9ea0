/** Converts data sets from the form that an application has to the form that the worker takes. */

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

export type Data = IdxData | PixelData;

/** The arguments of the call `load`. Rejects when a file cannot be fetched or a label is not the number of a class. */
export async function toLoad(data: Data): Promise<{ name: string; data: IdxFiles | Pixels }> {
  const name = data.name ?? "data";
  if ("height" in data) {
    const { height, width, channels, train, test } = data;
    const set = ({ pixels, labels }: PixelData["train"]) => ({ pixels, labels: indices(labels, "a class") });
    return { name, data: { shape: [channels ?? 1, height, width], train: set(train), test: set(test) } };
  }
  const { train, test } = data;
  const files = [bytes(train.images), bytes(train.labels), bytes(test.images), bytes(test.labels)] as const;
  const [images, labels, testImages, testLabels] = await Promise.all(files);
  return { name, data: { train: { images, labels }, test: { images: testImages, labels: testLabels } } };
}

async function bytes(source: Source): Promise<Uint8Array> {
  if (source instanceof Uint8Array) return source;
  if (source instanceof ArrayBuffer) return new Uint8Array(source);
  const answer = await fetch(source);
  if (!answer.ok) throw new Error(`${String(source)} could not be fetched: ${answer.status}`);
  return new Uint8Array(await answer.arrayBuffer());
}
