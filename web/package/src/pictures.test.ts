/** Pictures as bytes. */

import { describe, expect, it } from "vitest";

import { fromRgba } from "./pictures.ts";

describe("a picture", () => {
  const red = [255, 0, 0, 255];
  it("is its luminance in one channel", () => {
    expect(fromRgba([...red, 255, 255, 255, 255], 1)).toEqual(Uint8Array.of(76, 255));
  });
  it("is channel by channel in three", () => {
    expect(fromRgba([...red, 1, 2, 3, 255], 3)).toEqual(Uint8Array.of(255, 1, 0, 2, 0, 3));
  });
  it("is black where it is transparent", () => {
    expect(fromRgba([255, 255, 255, 0], 1)).toEqual(Uint8Array.of(0));
  });
});
