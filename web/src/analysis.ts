/**
 * The arithmetic behind the views, on answers of the library: what an attacker counts, and what agrees with the twin.
 */

import type { Figures } from "ugradsl";

/** The logarithm of the odds of a probability, which keeps those near 0 and 1 apart; infinite for 0 and 1. */
export const logit = (probability: number): number => Math.log(probability / (1 - probability));
export const sigmoid = (at: number): number => 1 / (1 + Math.exp(-at));

/** Share of the values that are at least `threshold`: those that the attacker calls members. */
export function shareAbove(values: ArrayLike<number>, threshold: number): number {
  let count = 0;
  for (let at = 0; at < values.length; at++) if ((values[at] ?? 0) >= threshold) count++;
  return count / Math.max(1, values.length);
}

/** A point of a ROC curve: false positive rate and true positive rate, 0 to 1. */
export interface RocPoint {
  fpr: number;
  tpr: number;
}

/** ROC of the attack "confident means member", one point per confidence, from (0, 0) to (1, 1). */
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
    // A threshold does not separate equal confidences: they make one point.
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

/** The greatest true positive rate with at most this false positive rate. */
export function tprAt(points: readonly RocPoint[], fpr: number): number {
  return points.reduce((best, point) => (point.fpr <= fpr ? Math.max(best, point.tpr) : best), 0);
}

/** Index of the greatest value; the first of equal ones. */
export function argmax(values: ArrayLike<number>): number {
  let best = 0;
  for (let at = 1; at < values.length; at++) if ((values[at] ?? 0) > (values[best] ?? 0)) best = at;
  return best;
}

/** How the unlearned network treats a forgotten sample, compared with the twin. */
export type Verdict = "not" | "forgotten" | "overly" | "different";

export function verdict(label: number, unlearned: number, retrained: number): Verdict {
  if (unlearned === retrained) return "forgotten";
  if (unlearned === label) return "not";
  return retrained === label ? "overly" : "different";
}

/** Measures, with the gap where the library has computed it: in finished runs, not in snapshots. */
export type Measured = Figures & { gap?: number | null };

const decimal = (value: number): string => value.toFixed(1);

/**
 * A measure with the numbers that it is computed from, as a line of arithmetic. `forgotten`: images of the forget
 * set, null where only a sample of them was measured.
 */
export function calculation(
  name: keyof Figures | "gap",
  measured: Measured | null,
  twin: Figures | null,
  forgotten: number | null,
): string {
  if (measured === null) return "–";
  switch (name) {
    case "ua":
      return `100 − ${decimal(100 - measured.ua)} = ${decimal(measured.ua)} %`;
    case "mia":
      return `${counted(measured.mia, forgotten)}${decimal(measured.mia)} %`;
    case "ra":
    case "ta":
      return `${decimal(measured[name])} %`;
    case "gap": {
      const gap = measured.gap ?? null;
      if (twin === null || gap === null) return "–";
      const distances = (["ua", "mia", "ra", "ta"] as const).map((key) => Math.abs(measured[key] - twin[key]));
      return `(${distances.map(decimal).join(" + ")}) ÷ 4 = ${decimal(gap)}`;
    }
  }
}

function counted(share: number, of: number | null): string {
  return of === null || of === 0 ? "" : `${Math.round((share / 100) * of)} of ${of} = `;
}

/**
 * Target of generalised label smoothing, `(1 - alpha) onehot + alpha / classes`, for pictures that explain it. The
 * loss is the library's and does not use this.
 */
export function smoothedLabel(alpha: number, classes: number, label: number): number[] {
  return Array.from({ length: classes }, (_, k) => (k === label ? 1 - alpha : 0) + alpha / classes);
}

/** Numbers from 0 to 1, the same for the same seed: the linear congruential generator of Numerical Recipes. */
export function generator(seed: number): () => number {
  let state = seed >>> 0;
  return () => (state = (Math.imul(state, 1664525) + 1013904223) >>> 0) / 2 ** 32;
}

/** Rows from 0 to `rows` that are not forgotten. */
function retained(forgotten: ReadonlySet<number>, rows: number): number[] {
  return Array.from({ length: rows }, (_, row) => row).filter((row) => !forgotten.has(row));
}

/** `total` rows: the first `most` forgotten ones, and others drawn by the seed. */
export function sampleRows(
  forgotten: ArrayLike<number>,
  rows: number,
  most: number,
  total: number,
  seed: number,
): Uint32Array {
  const all = Array.from(forgotten);
  const chosen = new Set(all.slice(0, most));
  const others = retained(new Set(all), rows);
  const random = generator(seed);
  for (let at = 0; at < others.length && chosen.size < total; at++) {
    const other = at + Math.floor(random() * (others.length - at));
    const row = others[other] ?? 0;
    others[other] = others[at] ?? 0;
    chosen.add(row);
  }
  return Uint32Array.from(chosen);
}

/** At most `count` rows of each set, evenly spread over it. */
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
  return { retained: spread(retained(gone, rows)), forgotten: spread([...gone]) };
}
