/** Methods that the page knows, and those that it does not know yet. */

import { describe, expect, it } from "vitest";

import { balances, listed, methodLine, methodName, smooths, unlearns } from "./methods";

describe("methods", () => {
  it("have names and lines, and keep their own name where the page has no words", () => {
    expect(methodName("salun")).toBe("SalUn");
    expect(methodName("retrain")).toBe("Retrained");
    expect(methodName("brand-new")).toBe("brand-new");
    expect(methodLine("brand-new")).toBe("");
    expect(methodName("constructor")).toBe("constructor");
  });
  it("are listed ours first, unknown ones last, references never", () => {
    const known = ["zeta", "original", "ga", "alpha", "ugradsl-plus", "retrain", "ft"];
    expect(listed(known)).toEqual(["ugradsl-plus", "ft", "ga", "alpha", "zeta"]);
  });
  it("start from the original, which references do not", () => {
    expect(["original", "retrain", "ssd"].map(unlearns)).toEqual([false, false, true]);
  });
});

describe("a method", () => {
  // As the library sends them: a self-adaptive rate is null, a setting that a method does not have is absent.
  const defaults = { ugradsl: { alpha: null, p: 0.8 }, "neggrad-plus": { p: 0.9 }, ft: {}, "brand-new": { alpha: -1 } };
  const names = ["ugradsl", "neggrad-plus", "ft", "brand-new", "unknown", "constructor"];
  it("has a smoothing rate if its defaults have one", () => {
    expect(names.filter((name) => smooths(defaults, name))).toEqual(["ugradsl", "brand-new"]);
  });
  it("has a balance if its defaults have one", () => {
    expect(names.filter((name) => balances(defaults, name))).toEqual(["ugradsl", "neggrad-plus"]);
  });
});
