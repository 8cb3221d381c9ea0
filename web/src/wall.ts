/** Test images: a wall of some of each class, and others to try. No network was trained on them. */

import { effect, signal } from "@preact/signals";

import type { DataInfo } from "ugradsl";
import { call } from "./commands";
import { about, forgetRows, generation } from "./state";

/** Images of each class on the wall. */
export const EACH = 8;

export interface Images {
  pixels: Uint8Array;
  labels: number[];
  /** Pixels of an image. */
  area: number;
}

/** By classes, {@link EACH} of each. */
export const wall = signal<Images | null>(null);
/** Three more of each class. */
export const more = signal<Images | null>(null);

/** The rows of a class from `first` on. */
function rowsOf(labels: Uint32Array, classes: number, first: number, count: number): number[] {
  return Array.from({ length: classes }, (_, label) => {
    const rows: number[] = [];
    labels.forEach((one, row) => one === label && rows.push(row));
    return rows.slice(first, first + count);
  }).flat();
}

async function load(labels: Uint32Array, rows: number[]): Promise<Images> {
  const pixels = await call("testPixels", { rows: Uint32Array.from(rows) });
  return { pixels, labels: rows.map((row) => labels[row] ?? 0), area: pixels.length / Math.max(1, rows.length) };
}

/** What the images were loaded for. */
let loaded = "";

effect(() => {
  // The rows come with the experiment that the images belong to.
  if (forgetRows.value.length === 0 || generation.value === 0) return;
  const data = about.peek()?.data;
  if (!data) return;
  // A worker that ends refuses the calls; the next experiment asks again.
  show(data).catch(() => undefined);
});

async function show({ digest, classes }: DataInfo): Promise<void> {
  const labels = await call("testLabels", null);
  const key = `${digest} ${labels.length}`;
  if (key === loaded) return;
  const [first, others] = [rowsOf(labels, classes, 0, EACH), rowsOf(labels, classes, EACH, 3)];
  [wall.value, more.value] = await Promise.all([load(labels, first), load(labels, others)]);
  loaded = key;
}

/** One of some images. */
export function image({ pixels, area }: Images, at: number): Uint8Array {
  return pixels.subarray(at * area, (at + 1) * area);
}
