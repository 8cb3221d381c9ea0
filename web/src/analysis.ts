/** The arithmetic behind the views, apart from them so that it can be tested: what an attacker counts, and who agrees with the twin. */

import type { Figures } from "ugradsl";

/** Shares (0 to 1) of the values in `bins` equally wide bins over [0, 1]; one belongs to the last bin. */
export function histogram(values: ArrayLike<number>, bins: number): number[] {
  const counts = new Array<number>(bins).fill(0);
  for (let at = 0; at < values.length; at++) {
    const bin = Math.min(bins - 1, Math.max(0, Math.floor((values[at] ?? 0) * bins)));
    counts[bin] = (counts[bin] ?? 0) + 1;
  }
  return counts.map((count) => count / Math.max(1, values.length));
}

/** Share of the values that are at least `threshold`: whom the attacker calls a member. */
export function shareAbove(values: ArrayLike<number>, threshold: number): number {
  let count = 0;
  for (let at = 0; at < values.length; at++) if ((values[at] ?? 0) >= threshold) count++;
  return count / Math.max(1, values.length);
}

/** One point of a ROC curve: alarms that are false and alarms that are true, 0 to 1. */
export interface RocPoint {
  fpr: number;
  tpr: number;
}

/** ROC of the attack "confident means member", one point for each confidence, from (0, 0) to (1, 1). */
export function roc(members: ArrayLike<number>, others: ArrayLike<number>): RocPoint[] {
  const scores = [
    ...Array.from(members, (score) => ({ score, member: true })),
    ...Array.from(others, (score) => ({ score, member: false })),
  ].sort((one, other) => other.score - one.score);
  const points: RocPoint[] = [{ fpr: 0, tpr: 0 }];
  let [hits, alarms] = [0, 0];
  scores.forEach(({ score, member }, at) => {
    if (member) hits++;
    else alarms++;
    // Equal confidences cannot be told apart by a threshold: they make one point.
    if (scores[at + 1]?.score === score) return;
    points.push({ fpr: alarms / Math.max(1, others.length), tpr: hits / Math.max(1, members.length) });
  });
  return points;
}

/** Area under the curve: 0.5 is guessing, 1 is certainty. */
export function auc(points: readonly RocPoint[]): number {
  let area = 0;
  points.forEach((point, at) => {
    const last = points[at - 1];
    if (last) area += ((point.fpr - last.fpr) * (point.tpr + last.tpr)) / 2;
  });
  return area;
}

/** The most members found with at most this share of false alarms. */
export function tprAt(points: readonly RocPoint[], fpr: number): number {
  return points.reduce((best, point) => (point.fpr <= fpr ? Math.max(best, point.tpr) : best), 0);
}

/** Index of the greatest value; the first of equal ones. */
export function argmax(values: ArrayLike<number>): number {
  let best = 0;
  for (let at = 1; at < values.length; at++) if ((values[at] ?? 0) > (values[best] ?? 0)) best = at;
  return best;
}

/** How the unlearned network treats a forgotten sample, with the twin as the yardstick. */
export type Verdict = "not" | "forgotten" | "overly" | "different";

export function verdict(label: number, unlearned: number, retrained: number): Verdict {
  if (unlearned === retrained) return "forgotten";
  if (unlearned === label) return "not";
  return retrained === label ? "overly" : "different";
}

/** A measure as it is reckoned today; `forgotten`: images of the forget set, null where only a sample of them was measured. */
export function worked(
  name: keyof Figures | "gap",
  one: Figures | null,
  twin: Figures | null,
  forgotten: number | null,
): string {
  if (one === null) return "–";
  const round = (value: number) => value.toFixed(1);
  const of = (share: number) =>
    forgotten === null || forgotten === 0 ? "" : `${Math.round((share / 100) * forgotten)} of ${forgotten} = `;
  switch (name) {
    case "ua":
      return `100 − ${round(100 - one.ua)} = ${round(one.ua)} %`;
    case "mia":
      return `${of(one.mia)}${round(one.mia)} %`;
    case "ra":
    case "ta":
      return `${round(one[name])} %`;
    case "gap": {
      if (twin === null) return "–";
      const parts = (["ua", "mia", "ra", "ta"] as const).map((key) => round(Math.abs(one[key] - twin[key])));
      return `(${parts.join(" + ")}) ÷ 4 = ${round(gap(one, twin))}`;
    }
  }
}

/** Mean distance of the four measures, in points. */
export function gap(one: Figures, twin: Figures): number {
  const keys = ["ua", "ra", "ta", "mia"] as const;
  return keys.reduce((sum, key) => sum + Math.abs(one[key] - twin[key]), 0) / keys.length;
}

/** Target of generalised label smoothing: `(1 - alpha) onehot + alpha / classes`. */
export function smoothed(alpha: number, classes: number, label: number): number[] {
  return Array.from({ length: classes }, (_, k) => (k === label ? 1 - alpha : 0) + alpha / classes);
}

/** First step at which the accuracy reaches `share`; null when it never does. */
export function firstStep(accuracy: readonly number[], share: number): number | null {
  const at = accuracy.findIndex((value) => value >= share);
  return at < 0 ? null : at;
}

/** Numbers from 0 to 1, the same ones for the same seed. Good enough for pictures (a linear congruential generator, Numerical Recipes). */
export function generator(seed: number): () => number {
  let state = seed >>> 0;
  return () => (state = (Math.imul(state, 1664525) + 1013904223) >>> 0) / 2 ** 32;
}

/** The forgotten rows (up to `most`) and others at random, always the same ones for the same seed: `total` in all. */
export function sampleRows(
  forgotten: ArrayLike<number>,
  rows: number,
  most: number,
  total: number,
  seed: number,
): Uint32Array {
  const chosen = new Set(Array.from(forgotten).slice(0, most));
  const all = new Set(Array.from(forgotten));
  const others = Array.from({ length: rows }, (_, row) => row).filter((row) => !all.has(row));
  const random = generator(seed);
  for (let at = 0; at < others.length && chosen.size < total; at++) {
    const other = at + Math.floor(random() * (others.length - at));
    const row = others[other] ?? 0;
    others[other] = others[at] ?? 0;
    chosen.add(row);
  }
  return Uint32Array.from(chosen);
}

/** At most `count` retained and forgotten rows, evenly spread over theirs. */
export function examples(
  forgotten: ArrayLike<number>,
  rows: number,
  count: number,
): { retained: number[]; forgotten: number[] } {
  const gone = new Set(Array.from(forgotten));
  const spread = (all: number[]) => {
    const step = Math.max(1, Math.floor(all.length / count));
    return all.filter((_, at) => at % step === 0).slice(0, count);
  };
  return {
    retained: spread(Array.from({ length: rows }, (_, row) => row).filter((row) => !gone.has(row))),
    forgotten: spread([...gone]),
  };
}

/** The fewest shown samples with which an accuracy curve reaches `share`; null when none of those tried do. */
export function fewest(tried: readonly { shown: number; accuracy: readonly number[] }[], share: number): number | null {
  const enough = tried.filter(({ accuracy }) => firstStep(accuracy, share) !== null);
  return enough.length === 0 ? null : Math.min(...enough.map(({ shown }) => shown));
}
