/**
 * UMAP of the networks' outputs. Outputs mean the same in all networks (features do not: their axes differ with each
 * training), so one map can hold all three networks, and a place on it means the same for each.
 */

import { UMAP } from "umap-js";

import { generator } from "./analysis";

/** Neighbours that stay close to a dot, as the authors of UMAP propose. */
const NEIGHBOURS = 15;
const EPOCHS = 200;
/** Probabilities below it count as noise. */
const LEAST = 1e-6;

export interface MapRequest {
  /** `rows * classes`. */
  probabilities: Float32Array;
  classes: number;
  seed: number;
}

export type MapAnswer =
  /** Share of the work that is done, 0 to 1. */
  | { kind: "progress"; share: number }
  /** Two numbers per row. */
  | { kind: "map"; at: Float32Array }
  | { kind: "fault"; message: string };

/**
 * Logits up to a constant: `log p` minus its mean over the classes. Plain probabilities would place all confident
 * outputs of a class at one point.
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

/** The map, which is the same for the same request. `progress` is called with the share of the work that is done. */
export function layOut({ probabilities, classes, seed }: MapRequest, progress: (share: number) => void): Float32Array {
  const data = logits(probabilities, classes);
  // So few rows have no neighbourhoods: all are placed in the middle.
  if (data.length < 4) return new Float32Array(2 * data.length);
  const umap = new UMAP({
    random: generator(seed),
    nNeighbors: Math.min(NEIGHBOURS, data.length - 1),
    nEpochs: EPOCHS,
    minDist: 0.1,
  });
  const epochs = umap.initializeFit(data);
  for (let epoch = 1; epoch <= epochs; epoch++) {
    umap.step();
    if (epoch % 10 === 0) progress(epoch / epochs);
  }
  return Float32Array.from(umap.getEmbedding().flat());
}
