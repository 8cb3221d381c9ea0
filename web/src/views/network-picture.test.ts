/** Where the parts of a network lie in its picture. */

import type { Layer, Links } from "ugradsl";
import { describe, expect, it } from "vitest";

import { anchor, bands, strongest } from "./network-picture";

const layer = (name: string, shape: Layer["shape"], fill = 1): Layer => ({
  name,
  shape,
  values: new Float32Array(shape[0] * shape[1] * shape[2]).fill(fill),
});
const links = (name: string, outputs: number, inputs: number): Links => ({
  name,
  outputs,
  inputs,
  strengths: Float32Array.from({ length: outputs * inputs }, (_, at) => (at % 2 === 0 ? at : -at)),
});
const lenet = {
  layers: [
    layer("conv1", [6, 14, 14]),
    layer("conv2", [16, 5, 5]),
    layer("fc1", [120, 1, 1]),
    layer("fc2", [84, 1, 1]),
  ],
  links: [links("conv2", 16, 6), links("fc3", 10, 84)],
  width: 300,
  height: 240,
};

describe("the picture of a network", () => {
  it("has its layers from top to bottom, within the canvas", () => {
    const all = bands(lenet);
    const tops = all.map(({ top }) => top);
    expect(tops).toEqual(tops.toSorted((one, other) => one - other));
    expect(tops[0]).toBe(0);
    expect(anchor(all[3] as never, 0, 300, "bottom")[1]).toBeLessThan(240);
    // Space is left where connections are drawn: between the convolutions, and above the answers.
    const gaps = all.map((band, at) => (all[at + 1]?.top ?? 240) - anchor(band, 0, 300, "bottom")[1]);
    expect(Math.min(gaps[0] ?? 0, gaps[3] ?? 0)).toBeGreaterThan(20);
    expect(gaps[2]).toBeLessThan(10);
  });
  it("has all cells of a row in the middle", () => {
    const [first] = bands(lenet);
    const [left, right] = [0, 5].map((at) => anchor(first as never, at, 300, "top")[0]);
    expect((left ?? 0) + (right ?? 0)).toBeCloseTo(300);
  });
  it("draws what is strongest first, with its sign", () => {
    const found = strongest(links("fc3", 2, 3), layer("fc2", [3, 1, 1]), 2);
    expect(found).toEqual([
      { from: 2, to: 1, strength: -1 },
      { from: 1, to: 1, strength: 0.8 },
    ]);
  });
  it("draws nothing from a layer that is silent", () => {
    expect(strongest(links("fc3", 2, 3), layer("fc2", [3, 1, 1], 0), 5)).toEqual([]);
  });
});
