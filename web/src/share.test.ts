/** Addresses bring back what was shared, and nothing else. */

import { describe, expect, it } from "vitest";

import { fromHash, toHash } from "./share";
import { defaults } from "./state";

const none = new Uint32Array();

describe("share", () => {
  it("brings everything back", () => {
    const shared = {
      settings: {
        ...defaults,
        forget: "ids",
        method: "ugradsl",
        alpha: -1.5,
        p: 0.9,
        seed: 7,
        data: "fashion-mnist-subset" as const,
      },
      rows: new Uint32Array([1, 5, 3999]),
      hidden: ["attack", "embedding"],
    };
    expect(fromHash(`#${toHash(shared)}`)).toEqual(shared);
  });
  it("needs no words for the defaults", () => {
    expect(toHash({ settings: defaults, rows: none, hidden: [] })).toBe("");
    expect(fromHash("")).toEqual({ settings: defaults, rows: none, hidden: [] });
  });
  it("can say that rate and balance are left to the method", () => {
    const settings = { ...defaults, alpha: null, p: null };
    expect(fromHash(toHash({ settings, rows: none, hidden: [] })).settings).toEqual(settings);
  });
  it("trusts nothing", () => {
    const { settings } = fromHash("#forget=class:12&method=../rm&alpha=9&p=x&seed=-1&data=../x&device=tpu");
    expect(settings).toEqual(defaults);
    expect(fromHash("#hide=<b>,attack").hidden).toEqual(["attack"]);
  });
  it("takes rows once, and the default where there are none", () => {
    expect([...fromHash("#forget=ids&rows=5.7.5.x.-1").rows]).toEqual([5, 7]);
    expect(fromHash("#forget=ids&rows=x").settings.forget).toBe(defaults.forget);
  });
  it("turns own images, which no address carries, into the default", () => {
    const hash = toHash({ settings: { ...defaults, forget: "own" }, rows: none, hidden: [] });
    expect(fromHash(hash).settings.forget).toBe(defaults.forget);
  });
});
