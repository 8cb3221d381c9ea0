/** Only runs that answer the same question are compared. */

import type { RunRecord } from "ugradsl";
import { describe, expect, it } from "vitest";

import { defaults, type Settings } from "./settings";
import { originalKey, questionKey, remember, settingsKey, trialsOf, type Trial } from "./trials";

const none = new Uint32Array();
const methods = { ugradsl: { alpha: null, p: 0.8 }, "neggrad-plus": { p: 0.9 }, ga: {}, ft: {} };
const asked = questionKey(defaults, none, 0);

function trial(gap: number | null, patch: Partial<Settings> = {}): Trial {
  const settings = { ...defaults, ...patch };
  return {
    question: questionKey(settings, none, 0),
    answer: settingsKey(settings, methods),
    settings,
    run: { gap, method: settings.method } as RunRecord,
  };
}
const remembered = (...all: Trial[]): Trial[] => all.reduce<Trial[]>(remember, []);

describe("trials", () => {
  it("are ordered by their distance to the twin", () => {
    const all = remembered(trial(3), trial(1, { method: "ga" }), trial(null, { method: "ft" }));
    expect(trialsOf(asked, all).map(({ run }) => run.gap)).toEqual([1, 3, null]);
  });
  it("have one row for the same method and numbers", () => {
    const all = remembered(trial(3), trial(2), trial(4, { alpha: -0.5 }));
    expect(all.map(({ run }) => run.gap)).toEqual([2, 4]);
  });
  it("do not count numbers that the method does not have", () => {
    expect(remembered(trial(5, { method: "ga" }), trial(5, { method: "ga", alpha: -1, p: 0.7 }))).toHaveLength(1);
    const balanced = { method: "neggrad-plus" };
    expect(remembered(trial(5, balanced), trial(5, { ...balanced, alpha: -1 }))).toHaveLength(1);
    expect(remembered(trial(5, balanced), trial(5, { ...balanced, p: 0.7 }))).toHaveLength(2);
  });
  it("have the original in common where only what is forgotten differs", () => {
    const original = (patch: Partial<Settings>, total = 0) =>
      originalKey(questionKey({ ...defaults, ...patch }, new Uint32Array([1]), total));
    expect(original({ forget: "ids" })).toBe(originalKey(asked));
    expect(original({ forget: "class:4", method: "ga" })).toBe(originalKey(asked));
    for (const patch of [
      { seed: 1 },
      { size: 400 },
      { network: "mlp" as const },
      { data: "fashion-mnist-subset" as const },
    ])
      expect(original(patch)).not.toBe(originalKey(asked));
    expect(original({}, 1)).not.toBe(originalKey(asked));
  });
  it("answer their own question only", () => {
    const all = remembered(trial(3), trial(1, { seed: 1 }), trial(2, { forget: "class:4" }));
    expect(trialsOf(asked, all)).toHaveLength(1);
    const picked = (row: number) => questionKey({ ...defaults, forget: "ids" }, new Uint32Array([row]), 0);
    expect(picked(1)).not.toBe(picked(2));
    const own = (total: number) => questionKey({ ...defaults, forget: "own" }, none, total);
    expect(own(1)).not.toBe(own(2));
  });
});
