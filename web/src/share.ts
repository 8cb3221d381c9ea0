/** The whole state in the address, so that a link reproduces what its sender saw; nothing in it is trusted. */

import { defaults, type Settings } from "./state";

/** What an address says. */
export interface Shared {
  settings: Settings;
  rows: Uint32Array;
  /** Panels that a teacher left out. */
  hidden: string[];
}

/** Most rows that an address carries; a saved file carries all. */
export const ROWS = 500;

export function toHash({ settings, rows, hidden }: Shared): string {
  const pairs: [string, string][] = [];
  for (const key of Object.keys(defaults) as (keyof Settings)[]) {
    const value = settings[key];
    // Own images do not travel in an address.
    if (value === "own") continue;
    if (value !== null && value !== defaults[key]) pairs.push([key, String(value)]);
  }
  if (settings.forget === "ids") pairs.push(["rows", [...rows.slice(0, ROWS)].join(".")]);
  if (hidden.length > 0) pairs.push(["hide", hidden.join(",")]);
  return pairs.map(([key, value]) => `${key}=${encodeURIComponent(value).replaceAll("%3A", ":")}`).join("&");
}

export function fromHash(hash: string): Shared {
  const given = new URLSearchParams(hash.replace(/^#/, ""));
  const number = (key: string, least: number, most: number): number | null => {
    const text = given.get(key);
    const value = text === null || text.trim() === "" ? NaN : Number(text);
    return value >= least && value <= most ? value : null;
  };
  const settings: Settings = { ...defaults };
  const forget = given.get("forget") ?? "";
  if (/^class:[0-9]$|^random:[1-9][0-9]?%$|^ids$/.test(forget)) settings.forget = forget;
  // Whether the library has it shows when the library is there.
  const method = given.get("method") ?? "";
  if (/^[a-z][a-z0-9-]{1,30}$/.test(method)) settings.method = method;
  settings.alpha = number("alpha", -10, 1);
  settings.p = number("p", 0, 1);
  settings.seed = Math.trunc(number("seed", 0, 1e9) ?? 0);
  settings.size = Math.trunc(number("size", 200, 10_000) ?? defaults.size);
  if (given.get("data") === "fashion-mnist-subset") settings.data = "fashion-mnist-subset";
  const device = given.get("device");
  if (device === "cpu" || device === "gpu") settings.device = device;
  const network = given.get("network");
  if (network === "lenet" || network === "mlp") settings.network = network;
  const listed = (given.get("rows") ?? "").split(".").slice(0, ROWS);
  const rows = listed.filter((text) => /^[0-9]{1,5}$/.test(text)).map(Number);
  if (settings.forget === "ids" && rows.length === 0) settings.forget = defaults.forget;
  const hidden = (given.get("hide") ?? "").split(",").filter((name) => /^[a-z]+$/.test(name));
  return { settings, rows: new Uint32Array(new Set(rows)), hidden };
}
