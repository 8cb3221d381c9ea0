/** Settings in the words of the library. */

import { describe, expect, it } from "vitest";

import { toSettings } from "./recipe";
import { defaults, type Settings } from "./settings";

const methods = { ugradsl: { alpha: null, p: 0.8 }, "neggrad-plus": { p: 0.9 }, ft: {} };
const list = (patch: Partial<Settings> = {}) => toSettings({ ...defaults, ...patch }, methods);

describe("recipe", () => {
  it("names class, method and seed", () => {
    const named = list({ forget: "class:7", seed: 4 });
    expect(named).toContain('forget=["class:7"]');
    expect(named).toContain('methods=["ugradsl"]');
    expect(named).toContain("seeds=[4]");
    expect(named).toContain("architecture=lenet");
  });
  it("trains the smaller network on request", () => {
    expect(list({ network: "mlp" })).toContain("architecture=mlp");
  });
  it("gives rate and balance only to methods that have them", () => {
    const numbers = { alpha: -0.5, p: 0.9 };
    expect(list(numbers).slice(-2)).toEqual(["ugradsl.alpha=-0.5", "ugradsl.p=0.9"]);
    expect(list({ ...numbers, method: "neggrad-plus" }).slice(-1)).toEqual(["neggrad-plus.p=0.9"]);
    expect(list({ ...numbers, method: "ft" }).some((one) => one.startsWith("ft."))).toBe(false);
  });
  it("leaves rows and own images to the call beside it", () => {
    for (const forget of ["ids", "own"]) {
      expect(list({ forget }).some((one) => one.startsWith("forget="))).toBe(false);
    }
  });
});
