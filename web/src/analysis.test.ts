/** Known answers for the arithmetic of the views. */

import { describe, expect, it } from "vitest";

import {
  argmax,
  auc,
  calculation,
  examples,
  logit,
  roc,
  sampleRows,
  shareAbove,
  sigmoid,
  smoothedLabel,
  tprAt,
  verdict,
} from "./analysis";

describe("the logit", () => {
  it("is the logarithm of the odds, and goes back", () => {
    expect(logit(0.9)).toBeCloseTo(Math.log(9));
    expect(sigmoid(logit(0.3))).toBeCloseTo(0.3);
    expect(logit(1)).toBe(Infinity);
  });
});

describe("attack", () => {
  it("is certain where members and others are apart", () => {
    const points = roc([0.9, 0.8], [0.2, 0.1]);
    expect(auc(points)).toBe(1);
    expect(tprAt(points, 0.01)).toBe(1);
  });
  it("is wrong where they are the other way round", () => {
    expect(auc(roc([0.1, 0.2], [0.8, 0.9]))).toBe(0);
  });
  it("guesses where all are equal", () => {
    const points = roc([0.5, 0.5], [0.5, 0.5]);
    expect(points).toEqual([
      { fpr: 0, tpr: 0 },
      { fpr: 1, tpr: 1 },
    ]);
    expect(auc(points)).toBe(0.5);
    expect(tprAt(points, 0.01)).toBe(0);
  });
  it("counts pairs in the right order", () => {
    // Of the four pairs three have the member ahead.
    expect(auc(roc([0.9, 0.4], [0.5, 0.3]))).toBe(0.75);
  });
  it("counts who is at or above the threshold", () => {
    expect(shareAbove([0.2, 0.5, 0.8, 0.9], 0.5)).toBe(0.75);
  });
});

describe("instances", () => {
  it("are judged by the twin", () => {
    expect(verdict(3, 3, 8)).toBe("not");
    expect(verdict(3, 8, 8)).toBe("forgotten");
    expect(verdict(3, 3, 3)).toBe("forgotten");
    expect(verdict(3, 8, 3)).toBe("overly");
    expect(verdict(3, 8, 5)).toBe("different");
  });
  it("are named by the first greatest probability", () => {
    expect(argmax(new Float32Array([0.1, 0.6, 0.6]))).toBe(1);
  });
});

describe("labels", () => {
  it("sum to one for every rate", () => {
    for (const alpha of [-2, 0, 0.5, 1]) {
      expect(smoothedLabel(alpha, 10, 3).reduce((sum, value) => sum + value, 0)).toBeCloseTo(1, 12);
    }
    expect(smoothedLabel(-1, 10, 3)[3]).toBeCloseTo(1.9, 12);
    expect(smoothedLabel(-1, 10, 3)[0]).toBeCloseTo(-0.1, 12);
  });
});

describe("a calculation", () => {
  const one = { ua: 96.5, ra: 90, ta: 80, mia: 75, gap: 2 };
  const twin = { ua: 98.5, ra: 90, ta: 81, mia: 70 };
  it("shows the numbers of a measure", () => {
    expect(calculation("ua", one, twin, 400)).toBe("100 − 3.5 = 96.5 %");
    expect(calculation("mia", one, twin, 400)).toBe("300 of 400 = 75.0 %");
    expect(calculation("mia", one, twin, null)).toBe("75.0 %");
    expect(calculation("ta", one, twin, 400)).toBe("80.0 %");
    expect(calculation("ua", null, twin, 400)).toBe("–");
  });
  it("shows the distances of the library's gap", () => {
    expect(calculation("gap", one, twin, 400)).toBe("(2.0 + 5.0 + 0.0 + 1.0) ÷ 4 = 2.0");
  });
  it("has no gap for a network without a twin or a snapshot", () => {
    expect(calculation("gap", one, null, 400)).toBe("–");
    expect(calculation("gap", { ...one, gap: null }, twin, 400)).toBe("–");
    expect(calculation("gap", twin, twin, 400)).toBe("–");
  });
});

describe("rows and steps", () => {
  it("repeat for the same seed, hold the forgotten, and none twice", () => {
    const rows = sampleRows([1, 2, 3], 50, 2, 20, 7);
    expect(rows).toEqual(sampleRows([1, 2, 3], 50, 2, 20, 7));
    expect([...rows.slice(0, 2)]).toEqual([1, 2]);
    expect(rows).not.toContain(3);
    expect(new Set(rows).size).toBe(20);
  });
  it("take what there is of a small set", () => {
    expect(sampleRows([0], 4, 10, 20, 7).length).toBe(4);
  });
  it("show examples of both sets", () => {
    expect(examples([1, 3, 5], 10, 3)).toEqual({ retained: [0, 4, 7], forgotten: [1, 3, 5] });
    expect(examples([], 2, 6)).toEqual({ retained: [0, 1], forgotten: [] });
  });
});
