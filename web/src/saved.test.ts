/** A saved file brings everything back; any other file is refused in words. */

import { describe, expect, it } from "vitest";

import { fromFile, toFile, type Saved } from "./saved";
import { defaults } from "./settings";
import { ROWS } from "./share";

const saved: Saved = {
  shared: {
    settings: { ...defaults, forget: "own", seed: 5, method: "ugradsl-plus" },
    rows: new Uint32Array(),
    hidden: ["attack"],
  },
  own: [
    { pixels: new Uint8Array([0, 128, 255, 7]), label: 3 },
    { pixels: new Uint8Array([1, 2, 3, 4]), label: 9 },
  ],
};
const text = toFile(saved);

describe("a saved file", () => {
  it("brings everything back, own images too", () => {
    expect(fromFile(text, 4, 10)).toEqual(saved);
  });
  it("has all picked rows, more than an address carries", () => {
    const rows = Uint32Array.from({ length: ROWS + 20 }, (_, at) => 3 * at);
    const shared = { settings: { ...defaults, forget: "ids" }, rows, hidden: [] };
    expect(fromFile(toFile({ shared, own: [] }), 4, 10).shared).toEqual(shared);
  });
  it("of an earlier version of the page has the rows of its address", () => {
    const shared = { settings: { ...defaults, forget: "ids" }, rows: Uint32Array.of(2, 5), hidden: [] };
    const earlier = toFile({ shared, own: [] }).replace('"rows":[2,5],', "");
    expect(fromFile(earlier, 4, 10).shared).toEqual(shared);
  });
  it("that lost its rows forgets what an address can name", () => {
    const shared = { settings: { ...defaults, forget: "ids" }, rows: Uint32Array.of(2, 5), hidden: [] };
    const emptied = toFile({ shared, own: [] }).replace('"rows":[2,5]', '"rows":[]');
    expect(fromFile(emptied, 4, 10).shared.settings.forget).toBe(defaults.forget);
  });
  it("that lost its own images forgets what an address can name", () => {
    expect(fromFile(toFile({ ...saved, own: [] }), 4, 10).shared.settings.forget).toBe(defaults.forget);
  });
  it.each([
    ["", "not a file that the page saved"],
    ["{}", "not a file that the page saved"],
    ["null", "not a file that the page saved"],
    [text.replace('"version":1', '"version":2'), "version 2"],
    [text.replace('"label":9', '"label":10'), "class that does not exist"],
    [text.replace('"label":9', '"label":"9"'), "class that does not exist"],
    [text.replace('"pixels":"AQIDBA=="', '"pixels":"AQID"'), "not of 4 pixels"],
    [text.replace('"pixels":"AQIDBA=="', '"pixels":"%"'), "not of 4 pixels"],
    [text.replace(/"own":.*/, '"own":7}'), "damaged"],
    [text.replace('"rows":[]', '"rows":7'), "row that is not a number"],
    [text.replace('"rows":[]', '"rows":[1,-1]'), "row that is not a number"],
    [text.replace('"rows":[]', '"rows":["1"]'), "row that is not a number"],
    [text.replace('"rows":[]', '"rows":[1e9]'), "row that is not a number"],
  ])("that is wrong is refused: %s", (wrong, words) => {
    expect(() => fromFile(wrong, 4, 10)).toThrow(words);
  });
});
