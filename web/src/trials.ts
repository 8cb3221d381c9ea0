/** Unlearning runs of this visit, to compare those that answer the same question. */

import type { Defaults, RunRecord } from "ugradsl";

import { balances, smooths } from "./methods";
import type { Settings } from "./settings";

export interface Trial {
  /** Of {@link questionKey}. */
  question: string;
  /** Of {@link settingsKey}. */
  answer: string;
  settings: Settings;
  run: RunRecord;
}

/** Most rows of the table. */
const MOST = 30;

/**
 * What was asked: data, network, seed and what to forget (`rows`, where they were picked). Runs can be compared only
 * where all of it is the same. `total`: rows of the training set, own images among them.
 */
export function questionKey(settings: Settings, rows: Uint32Array, total: number): string {
  const { data, forget, seed, network, size, device } = settings;
  return JSON.stringify([data, forget, forget === "ids" ? [...rows] : [], seed, network, size, device, total]);
}

/** The part of a {@link questionKey} that the original depends on: it is trained before anything is forgotten. */
export function originalKey(question: string): string {
  const [data, , , ...others] = JSON.parse(question) as unknown[];
  return JSON.stringify([data, ...others]);
}

/** Method and its numbers, as far as it has them; null stands for its default. */
export function settingsKey({ method, alpha, p }: Settings, defaults: Defaults): string {
  return JSON.stringify([method, smooths(defaults, method) ? alpha : null, balances(defaults, method) ? p : null]);
}

/** With one more trial, in the place of an earlier one of the same question and settings. */
export function remember(all: readonly Trial[], one: Trial): Trial[] {
  const same = (other: Trial) => other.question === one.question && other.answer === one.answer;
  return [...all.filter((other) => !same(other)), one].slice(-MOST);
}

/** The trials of a question, the closest to the twin first. */
export function trialsOf(question: string, all: readonly Trial[]): Trial[] {
  const distance = ({ run }: Trial) => run.gap ?? Infinity;
  return all.filter((one) => one.question === question).sort((one, other) => distance(one) - distance(other));
}
