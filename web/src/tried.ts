/** What was tried on the same question, to be put side by side. */

import type { RunRecord } from "ugradsl";
import { balances, smooths } from "./methods";
import type { Settings } from "./state";

export interface Tried {
  /** Of {@link question}. */
  question: string;
  settings: Settings;
  run: RunRecord;
}

/** Most rows of the table. */
const MOST = 30;

/**
 * What was asked: data, network, seed and what to forget (`rows`, where they were picked). Runs can be compared only where all of it
 * is the same. `total`: rows of the training set, own images among them.
 */
export function question(
  { data, forget, seed, network, size, device }: Settings,
  rows: Uint32Array,
  total: number,
): string {
  return JSON.stringify([data, forget, forget === "ids" ? [...rows] : [], seed, network, size, device, total]);
}

/** Method and its numbers, as far as it has them; null stands for its default. */
function answer({ method, alpha, p }: Settings): string {
  return JSON.stringify([method, smooths(method) ? alpha : null, balances(method) ? p : null]);
}

/** With one more row; the same method with the same numbers on the same question is no news. */
export function remember(all: readonly Tried[], one: Tried): Tried[] {
  const same = (other: Tried) => other.question === one.question && answer(other.settings) === answer(one.settings);
  return [...all.filter((other) => !same(other)), one].slice(-MOST);
}

/** The rows that answer this question, the closest to the twin first. */
export function answersTo(asked: string, all: readonly Tried[]): Tried[] {
  return all
    .filter((one) => one.question === asked)
    .sort((one, other) => (one.run.gap ?? Infinity) - (other.run.gap ?? Infinity));
}
