/**
 * Converts the choices of an application to settings of the library, which checks them: `key=value`, as on its
 * command line.
 */

import type { Method } from "./lab.ts";

/** A value of a recipe: plain, a list, or a table. */
export type Setting = string | number | boolean | readonly Setting[] | { readonly [key: string]: Setting };

/**
 * Settings by the keys of a recipe, as in the TOML files of the command line: `{ architecture: "lenet", training: {
 * epochs: 3 }, "ugradsl-plus.p": 0.9 }`. Keys that are left out keep their defaults, unknown keys are refused.
 */
export type Recipe = Readonly<Record<string, Setting>>;

/** Which part of the training set to forget. */
export type ForgetRequest =
  /** All samples of a class. */
  | { class: number }
  /** A share (0 to 1) of the samples, drawn by the seed. */
  | { random: number }
  /** Rows by their numbers, counted from 0. */
  | { ids: ArrayLike<number> };

/** An experiment: train, retrain without the forgotten samples, and forget by each method. */
export interface ExperimentOptions {
  forget: ForgetRequest;
  /** Default: `ugradsl` and `ugradsl-plus`. `Session.methods` lists them all. */
  methods?: readonly Method[];
  /** Seed of all random numbers; default 0. */
  seed?: number;
  /** All other settings: network, epochs, rates, guards. */
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

/** Whole numbers from 0 for the module, which would silently convert others. `what` names one in errors. */
export function indices(values: ArrayLike<number>, what: string): Uint32Array {
  const checked = Uint32Array.from(values);
  const wrong = checked.findIndex((value, at) => value !== values[at]);
  if (wrong >= 0) throw new RangeError(`${String(values[wrong])} is not the number of ${what}`);
  return checked;
}

/** A value as TOML on one line; its strings are those of JSON. */
function toml(value: Setting): string {
  if (typeof value === "string") return JSON.stringify(value);
  if (typeof value !== "object") return String(value);
  if (isList(value)) return `[${value.map(toml).join(", ")}]`;
  return `{ ${Object.entries(value)
    .map(([key, one]) => `${JSON.stringify(key)} = ${toml(one)}`)
    .join(", ")} }`;
}

/** `Array.isArray` does not narrow to a read-only list. */
const isList = (value: object): value is readonly Setting[] => Array.isArray(value);
