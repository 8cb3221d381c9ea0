/**
 * What the person chooses, as one table: the value of each setting at first, the values that it takes, and how one is
 * written into an address and read from it. An address is not trusted: a text that a setting does not take is
 * ignored, and the page says so.
 */

import { networkNames } from "./networks";

/** One setting. */
export interface Field<T> {
  readonly initial: T;
  /** The value as text; null if an address cannot carry it. */
  write(value: T): string | null;
  /** The value of a text; undefined if the setting does not take it. */
  read(text: string): T | undefined;
}

/** A number with limits. */
export interface NumberField<T extends number | null> extends Field<T> {
  readonly least: number;
  readonly most: number;
}

export interface IntegerField extends NumberField<number> {
  /** The nearest value within the limits, the initial one for something that is not a number. */
  nearest(value: number): number;
}

/** One of a few words. */
function choice<T extends string>(initial: T, ...others: T[]): Field<T> {
  const all = [initial, ...others];
  return { initial, write: (value) => value, read: (text) => all.find((one) => one === text) };
}

/** A text of a certain form; texts of another form do not travel. */
function matching(initial: string, form: RegExp): Field<string> {
  return {
    initial,
    write: (value) => (form.test(value) ? value : null),
    read: (text) => (form.test(text) ? text : undefined),
  };
}

/** As `String` writes numbers: no blanks, no `0x`, no `Infinity`. */
const DECIMAL = /^-?\d+(\.\d+)?(e[+-]?\d+)?$/;

function inLimits(text: string, least: number, most: number): number | undefined {
  // Minus zero is zero.
  const value = DECIMAL.test(text) ? Number(text) + 0 : NaN;
  return value >= least && value <= most ? value : undefined;
}

/** A number that is left to the method at first. */
function optional(least: number, most: number): NumberField<number | null> {
  return {
    initial: null,
    least,
    most,
    write: (value) => (value === null ? null : String(value)),
    read: (text) => inLimits(text, least, most),
  };
}

function integer(initial: number, least: number, most: number): IntegerField {
  return {
    initial,
    least,
    most,
    nearest: (value) => (Number.isNaN(value) ? initial : Math.min(most, Math.max(least, Math.trunc(value)))),
    write: String,
    read(text) {
      const value = inLimits(text, least, most);
      return Number.isInteger(value) ? value : undefined;
    },
  };
}

export const fields = {
  data: choice("mnist-subset", "fashion-mnist-subset"),
  /** `class:3`, `random:10%`, `ids` (picked rows), or `own` (all own images, which an address cannot carry). */
  forget: matching("class:3", /^(class:[0-9]|random:[1-9][0-9]?%|ids|own)$/),
  /** By the library's name. Whether the library has it is seen once the library is there. */
  method: matching("ugradsl", /^[a-z][a-z0-9-]{1,30}$/),
  /** Smoothing rate; null: self-adaptive. */
  alpha: optional(-10, 1),
  /** Balance p; null: the method's default. */
  p: optional(0, 1),
  seed: integer(0, 0, 1e9),
  device: choice("auto", "cpu", "gpu"),
  network: choice(...networkNames),
  /** Training images, own ones not counted. */
  size: integer(2000, 200, 10_000),
};

export type Settings = { [K in keyof typeof fields]: (typeof fields)[K] extends Field<infer T> ? T : never };
export type SettingName = keyof Settings;
/** Names of the data sets that the page can load. */
export type DataName = Settings["data"];

const table: { readonly [K in SettingName]: Field<Settings[K]> } = fields;
/** In the order of an address. */
export const settingNames = Object.keys(table) as SettingName[];

export const defaults: Readonly<Settings> = readSettings(() => null);

/** Name and text of all settings that differ from their defaults. */
export function writeSettings(settings: Settings): [name: string, text: string][] {
  return settingNames.flatMap((name): [string, string][] => {
    const text = writeOne(name, settings[name]);
    return text === null ? [] : [[name, text]];
  });
}

/** Settings by the texts that `given` has for their names. */
export function readSettings(given: (name: SettingName) => string | null): Settings {
  return Object.fromEntries(settingNames.map((name) => [name, readOne(name, given(name))])) as Settings;
}

/** Names of the settings that do not take the text that `given` has for them. */
export function refused(given: (name: SettingName) => string | null): SettingName[] {
  return settingNames.filter((name) => {
    const text = given(name);
    return text !== null && table[name].read(text) === undefined;
  });
}

function writeOne<K extends SettingName>(name: K, value: Settings[K]): string | null {
  return value === table[name].initial ? null : table[name].write(value);
}

function readOne<K extends SettingName>(name: K, text: string | null): Settings[K] {
  const value = text === null ? undefined : table[name].read(text);
  return value === undefined ? table[name].initial : value;
}
