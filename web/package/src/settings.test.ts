/** The choices of an application, in the words of the library. */

import { describe, expect, it } from "vitest";

import { indices, toSettings } from "./settings.ts";

describe("settings", () => {
  it("name what to forget, the methods and the seed", () => {
    expect(toSettings({ forget: { class: 7 }, methods: ["ugradsl", "ft"], seed: 4 }).settings).toEqual([
      'methods=["ugradsl", "ft"]',
      "seeds=[4]",
      'forget=["class:7"]',
    ]);
    expect(toSettings({ forget: { random: 0.1 } }).settings).toEqual(['forget=["random:0.1"]']);
  });
  it("leave rows to the argument beside them", () => {
    expect(toSettings({ forget: { ids: [3, 0, 70_000] } })).toEqual({
      settings: [],
      ids: Uint32Array.of(3, 0, 70_000),
    });
  });
  it("are the keys and values of a recipe", () => {
    const recipe = {
      architecture: "mlp",
      training: { epochs: 4, optimizer: { name: "adamw", weight_decay: 0.1 } },
      "ugradsl-plus.p": 0.9,
      expect: [{ method: "ugradsl", mean_gap: 2.5 }],
      name: 'of "mine"\n',
    };
    expect(toSettings({ forget: { ids: [] }, recipe }).settings).toEqual([
      'architecture="mlp"',
      'training={ "epochs" = 4, "optimizer" = { "name" = "adamw", "weight_decay" = 0.1 } }',
      "ugradsl-plus.p=0.9",
      'expect=[{ "method" = "ugradsl", "mean_gap" = 2.5 }]',
      'name="of \\"mine\\"\\n"',
    ]);
  });
});

describe("indices", () => {
  it.each([-1, 0.5, NaN, 2 ** 32])("refuse %d", (value) => {
    expect(() => indices([0, value], "a class")).toThrow(`${value} is not the number of a class`);
  });
});
