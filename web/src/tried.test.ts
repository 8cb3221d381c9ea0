/** Only like is put beside like. */

import { describe, expect, it } from "vitest";

import type { RunRecord } from "ugradsl";
import { defaults, type Settings } from "./state";
import { answersTo, question, remember, type Tried } from "./tried";

const none = new Uint32Array();
function tried(gap: number | null, patch: Partial<Settings> = {}): Tried {
  const settings = { ...defaults, ...patch };
  return { question: question(settings, none, 0), settings, run: { gap, method: settings.method } as RunRecord };
}

describe("what was tried", () => {
  it("is ordered by its distance to the twin", () => {
    const all = [tried(3), tried(1, { method: "ga" }), tried(null, { method: "ft" })].reduce<Tried[]>(remember, []);
    expect(answersTo(question(defaults, none, 0), all).map(({ run }) => run.gap)).toEqual([1, 3, null]);
  });
  it("has one row for the same method and numbers", () => {
    const all = [tried(3), tried(2), tried(4, { alpha: -0.5 })].reduce<Tried[]>(remember, []);
    expect(all.map(({ run }) => run.gap)).toEqual([2, 4]);
    // Gradient ascent has no rate: another position of the slider is no other run.
    expect(
      [tried(5, { method: "ga" }), tried(5, { method: "ga", alpha: -1 })].reduce<Tried[]>(remember, []),
    ).toHaveLength(1);
  });
  it("answers its own question only", () => {
    const all = [tried(3), tried(1, { seed: 1 }), tried(2, { forget: "class:4" })].reduce<Tried[]>(remember, []);
    expect(answersTo(question(defaults, none, 0), all)).toHaveLength(1);
    expect(question({ ...defaults, forget: "ids" }, new Uint32Array([1]), 0)).not.toBe(
      question({ ...defaults, forget: "ids" }, new Uint32Array([2]), 0),
    );
    expect(question({ ...defaults, forget: "own" }, none, 1)).not.toBe(
      question({ ...defaults, forget: "own" }, none, 2),
    );
  });
});
