/** Maps keep neighbours together, and are the same for the same seed. */

import { describe, expect, it } from "vitest";

import { generator } from "./analysis";
import { layOut, logits } from "./umap";

/** Sure answers of two classes in turn, each sure in its own way. */
function answers(rows: number): Float32Array {
  const random = generator(5);
  return Float32Array.from(
    Array.from({ length: rows }, (_, row) => {
      const rest = 0.01 + 0.1 * random();
      const other = rest * random();
      return row % 2 === 0 ? [1 - rest, other, rest - other] : [other, 1 - rest, rest - other];
    }).flat(),
  );
}

describe("logits", () => {
  it("are logarithms around zero, with a floor", () => {
    const [row] = logits([0.5, 0.5, 0], 3);
    expect(row?.reduce((sum, value) => sum + value, 0)).toBeCloseTo(0, 12);
    // ln 0.5 - ln 1e-6
    expect((row?.[0] ?? 0) - (row?.[2] ?? 0)).toBeCloseTo(13.1224, 4);
  });
});

describe("a map", () => {
  const request = { probabilities: answers(60), classes: 3, seed: 3 };
  it("is repeated by its seed, and keeps two classes apart", () => {
    const shares: number[] = [];
    const map = layOut(request, (share) => shares.push(share));
    expect(map).toEqual(layOut(request, () => undefined));
    expect(shares.at(-1)).toBe(1);
    const middle = (from: number) => {
      const rows = Array.from({ length: 30 }, (_, at) => from + 2 * at);
      const mean = (axis: number) => rows.reduce((sum, row) => sum + (map[2 * row + axis] ?? 0), 0) / rows.length;
      return [mean(0), mean(1)] as const;
    };
    const [one, other] = [middle(0), middle(1)];
    const near = (row: number, [x, y]: readonly [number, number]) =>
      Math.hypot((map[2 * row] ?? 0) - x, (map[2 * row + 1] ?? 0) - y);
    const right = Array.from({ length: 60 }, (_, row) => near(row, one) < near(row, other) === (row % 2 === 0));
    expect(right.filter(Boolean).length).toBe(60);
  });
  it("of equal answers, or of hardly any, has finite places", () => {
    const equal = new Float32Array(40 * 3).fill(1 / 3);
    expect(layOut({ ...request, probabilities: equal }, () => undefined).every(Number.isFinite)).toBe(true);
    expect(layOut({ ...request, probabilities: equal.slice(0, 6) }, () => undefined)).toEqual(new Float32Array(4));
  });
});
