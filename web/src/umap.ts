/**
 * UMAP of what the networks answer. Answers mean the same in all networks (features do not: every training gives them
 * other axes), so one map can hold all three, and a place on it means the same for each.
 */

import { UMAP } from "umap-js";

import { generator } from "./analysis";

/** Neighbours that a dot keeps close, as the method's authors propose. */
const NEIGHBOURS = 15;
const ROUNDS = 200;
/** Probabilities below it are noise. */
const LEAST = 1e-6;

export interface MapRequest {
  /** `rows * classes`. */
  probabilities: Float32Array;
  classes: number;
  seed: number;
}

export type MapAnswer =
  /** How much of the work is done, 0 to 1. */
  | { kind: "progress"; share: number }
  /** Two numbers for each row. */
  | { kind: "map"; at: Float32Array }
  | { kind: "fault"; message: string };

/**
 * Logits up to a constant: `log p`, less its mean over the classes. Probabilities themselves would put all sure
 * answers of a class on one point.
 */
export function logits(probabilities: ArrayLike<number>, classes: number): number[][] {
  return Array.from({ length: Math.floor(probabilities.length / classes) }, (_, row) => {
    const logs = Array.from({ length: classes }, (_, k) =>
      Math.log(Math.max(LEAST, probabilities[row * classes + k] ?? 0)),
    );
    const mean = logs.reduce((sum, value) => sum + value, 0) / classes;
    return logs.map((value) => value - mean);
  });
}

/** The map, the same one for the same request; `progress` is told the share that is done. */
export function layOut({ probabilities, classes, seed }: MapRequest, progress: (share: number) => void): Float32Array {
  const data = logits(probabilities, classes);
  // With hardly any rows there are no neighbours to keep: all lie in the middle.
  if (data.length < 4) return new Float32Array(2 * data.length);
  const umap = new UMAP({
    random: generator(seed),
    nNeighbors: Math.min(NEIGHBOURS, data.length - 1),
    nEpochs: ROUNDS,
    minDist: 0.1,
  });
  const rounds = umap.initializeFit(data);
  for (let round = 0; round < rounds; round++) {
    umap.step();
    if (round % 10 === 9) progress((round + 1) / rounds);
  }
  return Float32Array.from(umap.getEmbedding().flat());
}
