/** Each setting comes back from an address as it was, and nothing else does. */

import { describe, expect, it } from "vitest";

import { generator } from "./analysis";
import {
  defaults,
  fields,
  readSettings,
  settingNames,
  writeSettings,
  type Settings,
  type SettingName,
} from "./settings";
import { fromHash, toHash } from "./share";

const there = (settings: Settings): string => toHash({ settings, rows: Uint32Array.of(1), hidden: [] });
const back = (hash: string): Settings => fromHash(hash).settings;

/** Values of all settings that an address can carry, those at the limits first. */
const valid: { [K in SettingName]: Settings[K][] } = {
  data: ["mnist-subset", "fashion-mnist-subset"],
  forget: ["class:0", "class:9", "random:1%", "random:99%", "ids", "own"],
  method: ["ga", "l1-sparse", "brand-new", "a".repeat(31), "constructor", "tostring"],
  alpha: [null, -10, 1, 0, -0.1 - 0.2, 1e-7, -1 / 3],
  p: [null, 0, 1, 0.1 + 0.2, 5e-324],
  seed: [0, 1e9, 7],
  device: ["auto", "cpu", "gpu"],
  network: ["lenet", "mlp"],
  size: [200, 10_000, 2000],
};

/** Texts that no setting takes. */
const hostile = [
  ..." |NaN|Infinity|-Infinity|0x10|1e99|-1e99|1_000|1,5|٣|--1|A|a|AUTO|%|💥|__proto__|toString|../rm".split("|"),
  ..."class:10|class:-1|class:3\n|random:0%|random:100%|ids |<script>alert(1)</script>|cpu\0".split("|"),
  ...["", "a".repeat(32)],
];
/** A method may have such a name; nothing else may. */
const words = ["null", "undefined", "mnist", "tpu"];
const outside: Record<SettingName, string[]> = {
  data: words,
  forget: words,
  method: [],
  alpha: [...words, "-10.1", "1.1"],
  p: [...words, "-0.1", "1.1"],
  seed: [...words, "-1", "0.5", "1000000001"],
  device: words,
  network: words,
  size: [...words, "199", "10001"],
};

describe("the table of settings", () => {
  it.each(settingNames)("brings %s back from an address", (name) => {
    for (const value of valid[name]) {
      const settings = { ...defaults, [name]: value };
      expect(back(there(settings)), String(value)).toEqual(settings);
      expect(writeSettings(settings).map(([written]) => written)).toEqual(value === defaults[name] ? [] : [name]);
    }
  });
  it("brings random combinations back", () => {
    const random = generator(3);
    for (let round = 0; round < 500; round++) {
      const some = <T>(values: T[]): T => values[Math.floor(random() * values.length)] as T;
      const settings = Object.fromEntries(settingNames.map((name) => [name, some<unknown>(valid[name])])) as Settings;
      settings.alpha = random() < 0.5 ? settings.alpha : -10 + 11 * random();
      settings.seed = Math.floor(1e9 * random());
      expect(back(there(settings))).toEqual(settings);
    }
  });
  it.each(settingNames)("takes no hostile text for %s", (name) => {
    for (const text of [...hostile, ...outside[name]]) {
      const settings = back(`${name}=${encodeURIComponent(text)}`);
      expect(settings, JSON.stringify(text)).toEqual(defaults);
      expect(fields[name].read(text), JSON.stringify(text)).toBeUndefined();
    }
  });
  it("survives addresses of noise", () => {
    const random = generator(4);
    const letters = [
      ..."= & # % : . , - + { } < > \u0000 é".split(" "),
      " ",
      ...settingNames,
      "rows",
      "hide",
      "ids",
      "1",
      "class",
    ];
    for (let round = 0; round < 2000; round++) {
      const hash = Array.from({ length: 12 }, () => letters[Math.floor(random() * letters.length)] ?? "").join("");
      const shared = fromHash(hash);
      expect(Object.keys(shared.settings)).toEqual(settingNames);
      // What was read can be written, and then reads the same.
      expect(fromHash(toHash(shared))).toEqual(shared);
    }
  });
  it("takes minus zero for zero", () => {
    expect(readSettings((name) => (name === "alpha" ? "-0" : null)).alpha).toBe(0);
  });
  it("does not write what an address cannot carry", () => {
    expect(writeSettings({ ...defaults, method: "<b>" })).toEqual([]);
  });
});

describe("a number that is typed in", () => {
  it.each([
    [NaN, 2000],
    [0, 200],
    [1e9, 10_000],
    [777.9, 777],
  ])("%d becomes %d", (typed, taken) => {
    expect(fields.size.nearest(typed)).toBe(taken);
  });
});
