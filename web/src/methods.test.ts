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
    expect(listed(["zeta", "original", "ga", "alpha", "ugradsl-plus", "retrain", "ft"])).toEqual([
      "ugradsl-plus",
      "ft",
      "ga",
      "alpha",
      "zeta",
    ]);
  });
  it("take a rate and a balance only where these mean something", () => {
    expect(["ugradsl", "neggrad-plus", "ft", "new"].map(smooths)).toEqual([true, false, false, false]);
    expect(["ugradsl", "neggrad-plus", "ft", "new"].map(balances)).toEqual([true, true, false, false]);
    expect(["original", "retrain", "ssd"].map(unlearns)).toEqual([false, false, true]);
  });
});
