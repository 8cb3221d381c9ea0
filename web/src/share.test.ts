/** Addresses carry settings, rows and hidden panels. `settings.test.ts` has the values of each setting. */

import { describe, expect, it } from "vitest";

import { defaults } from "./settings";
import { fromHash, ignored, ROWS, toHash } from "./share";

const none = new Uint32Array();

describe("share", () => {
  it("brings everything back", () => {
    const shared = {
      settings: {
        ...defaults,
        forget: "ids",
        method: "ugradsl-plus",
        alpha: -1.5,
        p: 0.9,
        seed: 7,
        data: "fashion-mnist-subset" as const,
      },
      rows: new Uint32Array([1, 5, 3999]),
      hidden: ["attack", "embedding"],
      forgot: true as const,
      step: 9,
    };
    expect(fromHash(`#${toHash(shared)}`)).toEqual(shared);
  });
  it("is empty for the defaults", () => {
    expect(toHash({ settings: defaults, rows: none, hidden: [] })).toBe("");
    expect(fromHash("")).toEqual({ settings: defaults, rows: none, hidden: [] });
  });
  it("is legible", () => {
    const settings = { ...defaults, forget: "random:5%", seed: 2 };
    expect(toHash({ settings, rows: none, hidden: ["tour"] })).toBe("forget=random:5%25&seed=2&hide=tour");
  });
  it("ignores a step that is not a number", () => {
    expect(fromHash("#step=x&forgot=yes")).toEqual(fromHash(""));
  });
  it("tells which settings it ignores", () => {
    expect(ignored("#seed=NaN&alpha=-0.5&forget=class:99&method=ga")).toEqual(["forget=class:99", "seed=NaN"]);
    expect(ignored(toHash({ settings: { ...defaults, seed: 3 }, rows: none, hidden: [] }))).toEqual([]);
  });
  it("takes only names of panels", () => {
    expect(fromHash("#hide=<b>,attack").hidden).toEqual(["attack"]);
  });
  it("takes rows once, and the default where there are none", () => {
    expect([...fromHash("#forget=ids&rows=5.7.5.x.-1").rows]).toEqual([5, 7]);
    expect(fromHash("#forget=ids&rows=x").settings.forget).toBe(defaults.forget);
  });
  it("carries the first rows of many", () => {
    const settings = { ...defaults, forget: "ids" };
    const rows = Uint32Array.from({ length: ROWS + 1 }, (_, row) => row);
    expect(fromHash(toHash({ settings, rows, hidden: [] })).rows).toEqual(rows.slice(0, ROWS));
  });
});
