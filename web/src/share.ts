/** The whole state in the address, so that a link reproduces what its sender saw. An address is not trusted. */

import { defaults, readSettings, refused, writeSettings, type Settings } from "./settings";

/** What an address says. */
export interface Shared {
  settings: Settings;
  rows: Uint32Array;
  /** Panels that a teacher left out. */
  hidden: string[];
  /** Whether the network was made to forget. */
  forgot?: true;
  /** The step that is shown, if it is not the last. */
  step?: number;
}

/** Most rows that an address carries; a saved file carries all. */
export const ROWS = 500;

export function toHash({ settings, rows, hidden, forgot, step }: Shared): string {
  const pairs = writeSettings(settings);
  if (settings.forget === "ids") pairs.push(["rows", [...rows.slice(0, ROWS)].join(".")]);
  if (forgot) pairs.push(["forgot", "1"]);
  if (step !== undefined) pairs.push(["step", String(step)]);
  if (hidden.length > 0) pairs.push(["hide", hidden.join(",")]);
  return pairs.map(([name, text]) => `${name}=${encodeURIComponent(text).replaceAll("%3A", ":")}`).join("&");
}

const parse = (hash: string): URLSearchParams => new URLSearchParams(hash.replace(/^#/, ""));

/** The parts of an address that {@link fromHash} ignores, as they are written: `seed=x`. */
export function ignored(hash: string): string[] {
  const given = parse(hash);
  return refused((name) => given.get(name)).map((name) => `${name}=${given.get(name) ?? ""}`);
}

export function fromHash(hash: string): Shared {
  const given = parse(hash);
  const settings = readSettings((name) => given.get(name));
  const listed = (given.get("rows") ?? "").split(".").slice(0, ROWS);
  const rows = listed.filter((text) => /^[0-9]{1,5}$/.test(text)).map(Number);
  if (settings.forget === "ids" && rows.length === 0) settings.forget = defaults.forget;
  const hidden = (given.get("hide") ?? "").split(",").filter((name) => /^[a-z]+$/.test(name));
  const step = /^\d{1,6}$/.exec(given.get("step") ?? "");
  return {
    settings,
    rows: new Uint32Array(new Set(rows)),
    hidden,
    ...(given.get("forgot") === "1" && { forgot: true as const }),
    ...(step && { step: Number(step[0]) }),
  };
}
