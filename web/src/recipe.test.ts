/** Settings in the words of the library. */

import { describe, expect, it } from "vitest";

import { toSettings } from "./recipe";
import { defaults } from "./state";

describe("recipe", () => {
  it("names class, method and seed", () => {
    const list = toSettings({ ...defaults, forget: "class:7", seed: 4 }, false);
    expect(list).toContain('forget=["class:7"]');
    expect(list).toContain('methods=["ugradsl-plus"]');
    expect(list).toContain("seeds=[4]");
    expect(list).toContain("architecture=lenet");
  });
  it("takes a smaller network for the processor", () => {
    expect(toSettings(defaults, true)).toContain("architecture=mlp");
  });
  it("says rate and balance only to methods that have them", () => {
    const numbers = { ...defaults, alpha: -0.5, p: 0.9 };
    expect(toSettings(numbers, false)).toEqual(
      expect.arrayContaining(["ugradsl-plus.alpha=-0.5", "ugradsl-plus.p=0.9"]),
    );
    expect(toSettings({ ...numbers, method: "neggrad-plus" }, false).slice(-1)).toEqual(["neggrad-plus.p=0.9"]);
    expect(toSettings({ ...numbers, method: "ft" }, false).some((one) => one.startsWith("ft."))).toBe(false);
  });
  it("leaves rows and own images to the call beside it", () => {
    for (const forget of ["ids", "own"])
      expect(toSettings({ ...defaults, forget }, false).some((one) => one.startsWith("forget="))).toBe(false);
  });
});
