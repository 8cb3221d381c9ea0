/** What was saved comes back; what was not is refused in words. */

import { describe, expect, it } from "vitest";

import { fromFile, toFile, type Saved } from "./saved";
import { defaults } from "./settings";

const saved: Saved = {
  shared: {
    settings: { ...defaults, forget: "own", seed: 5, method: "ugradsl" },
    rows: new Uint32Array(),
    hidden: ["attack"],
  },
  own: [
    { pixels: new Uint8Array([0, 128, 255, 7]), label: 3 },
    { pixels: new Uint8Array([1, 2, 3, 4]), label: 9 },
  ],
};

describe("a saved file", () => {
  it("brings everything back, own images too", () => {
    expect(fromFile(toFile(saved), 4, 10)).toEqual(saved);
  });
  it("without own images forgets what an address can name", () => {
    const text = toFile({ ...saved, own: [] });
    expect(fromFile(text, 4, 10).shared.settings.forget).toBe(defaults.forget);
  });
  it.each([
    ["", "no file that the page saved"],
    ["{}", "no file that the page saved"],
    ["null", "no file that the page saved"],
    [toFile(saved).replace('"version":1', '"version":2'), "version 2"],
    [toFile(saved).replace('"label":9', '"label":10'), "class that is not there"],
    [toFile(saved).replace('"label":9', '"label":"9"'), "class that is not there"],
    [toFile(saved).replace('"pixels":"AQIDBA=="', '"pixels":"AQID"'), "not of 4 pixels"],
    [toFile(saved).replace('"pixels":"AQIDBA=="', '"pixels":"%"'), "not of 4 pixels"],
    [toFile(saved).replace(/"own":.*/, '"own":7}'), "damaged"],
  ])("that is wrong is refused: %s", (text, words) => {
    expect(() => fromFile(text, 4, 10)).toThrow(words);
  });
});
