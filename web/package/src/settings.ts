/** What an application chooses, as settings of the library: the same `key=value` as on the command line, checked there. */

import type { Method } from "./lab.ts";

/** A value of a recipe: plain, a list, or a table. */
export type Setting = string | number | boolean | readonly Setting[] | { readonly [key: string]: Setting };

/**
 * Settings of a recipe by its keys, as the TOML files of the command line have them: `{ architecture: "lenet", training: {
 * epochs: 3 }, "ugradsl-plus.p": 0.9 }`. Keys that are left out keep their defaults, unknown ones are refused.
 */
export type Recipe = Readonly<Record<string, Setting>>;

/** What to forget of the training set. */
export type ForgetRequest =
  /** All samples of a class. */
  | { class: number }
  /** A share (0 to 1) of the samples, drawn by the seed. */
  | { random: number }
  /** Rows by their numbers, from 0. */
  | { ids: ArrayLike<number> };

/** One experiment: train, retrain without the forgotten samples, and forget by each method. */
export interface ExperimentOptions {
  forget: ForgetRequest;
  /** Default: `ugradsl` and `ugradsl-plus`. `Session.methods` lists them all. */
  methods?: readonly Method[];
  /** Seed of everything random; default 0. */
  seed?: number;
  /** Everything else: network, epochs, rates, guards. */
  recipe?: Recipe;
}

/** The arguments of the worker's call `begin`. */
export function toSettings({ forget, methods, seed, recipe }: ExperimentOptions): {
  settings: string[];
  ids: Uint32Array | null;
} {
  const settings = Object.entries(recipe ?? {}).map(([key, value]) => `${key}=${toml(value)}`);
  if (methods !== undefined) settings.push(`methods=${toml(methods)}`);
  if (seed !== undefined) settings.push(`seeds=[${seed}]`);
  if ("ids" in forget) return { settings, ids: indices(forget.ids, "a row to forget") };
  settings.push(`forget=${toml(["class" in forget ? `class:${forget.class}` : `random:${forget.random}`])}`);
  return { settings, ids: null };
}

/** Whole numbers from 0 for the module, which would take others for some number nobody meant. `what` names one in errors. */
export function indices(values: ArrayLike<number>, what: string): Uint32Array {
  const checked = Uint32Array.from(values);
  const wrong = checked.findIndex((value, at) => value !== values[at]);
  if (wrong >= 0) throw new RangeError(`${String(values[wrong])} is no number of ${what}`);
  return checked;
}

/** A value on one line of TOML, whose strings are JSON's. */
function toml(value: Setting): string {
  if (typeof value === "string") return JSON.stringify(value);
  if (typeof value !== "object") return String(value);
  if (isList(value)) return `[${value.map(toml).join(", ")}]`;
  return `{ ${Object.entries(value)
    .map(([key, one]) => `${JSON.stringify(key)} = ${toml(one)}`)
    .join(", ")} }`;
}

/** `Array.isArray` does not tell that a read-only list is one. */
const isList = (value: object): value is readonly Setting[] => Array.isArray(value);
