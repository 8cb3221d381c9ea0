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
  it("leaves rows and own images to the call beside it", () => {
    for (const forget of ["ids", "own"]) expect(toSettings({ ...defaults, forget }, false).some((one) => one.startsWith("forget="))).toBe(false);
  });
});
