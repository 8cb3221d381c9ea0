/** The start of data files, gzipped and not. */

import { gzipSync } from "node:zlib";

import { describe, expect, it } from "vitest";

import { firstOfEach } from "./preview";

/** 300 images of 2 x 1 pixels; row i is of class i % 3 and holds i and 255 - i. */
const rows = Array.from({ length: 300 }, (_, row) => row);
const images = Uint8Array.from([
  0,
  0,
  8,
  3,
  0,
  0,
  1,
  44,
  0,
  0,
  0,
  2,
  0,
  0,
  0,
  1,
  ...rows.flatMap((row) => [row % 256, 255 - (row % 256)]),
]);
const labels = Uint8Array.from([0, 0, 8, 1, 0, 0, 1, 44, ...rows.map((row) => row % 3)]);
const first = [0, 1, 2].map((row) => Uint8Array.from([row, 255 - row]));

describe("the first image of each class", () => {
  it.each([
    ["as they are", images, labels],
    ["gzipped", new Uint8Array(gzipSync(images)), new Uint8Array(gzipSync(labels))],
  ])("comes from files %s", async (_, one, other) => {
    expect(await firstOfEach(one, other)).toEqual([...first, ...new Array<null>(7).fill(null)]);
  });
  it("is empty for a file of another format", async () => {
    expect(await firstOfEach(new Uint8Array([1, 2, 3]), labels)).toEqual([]);
    expect(await firstOfEach(images.fill(255, 8, 16), labels)).toEqual([]);
  });
});
