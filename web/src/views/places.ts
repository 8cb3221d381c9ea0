/** Where the dots of the embedding lie: the axes of PCA, or a map of UMAP that a Worker draws. */

import { sampleRows } from "../analysis";
import { kinds, type Kind } from "../kinds";
import { call } from "../session";
import { classCount, current, forgetRows, labels } from "../state";
import type { MapAnswer, MapRequest } from "../umap";
import type { Models } from "./fetching";
import type { Dots } from "./scatter";

const TOTAL = 600;
const FORGOTTEN = 200;
/** Seed of the sample: the dots are always the same. */
const SEED = 1;

/** Axes of the plots: the directions in which features vary most, or a map of neighbourhoods. */
export type Axes = "pca" | "umap";

export interface Answer {
  axes: Axes;
  dots: Dots;
  at: Record<Kind, Float32Array>;
}

function extent(values: Float32Array[], axis: 0 | 1): [number, number] {
  let [least, most] = [Infinity, -Infinity];
  for (const all of values) {
    for (let at = axis; at < all.length; at += 2) {
      least = Math.min(least, all[at] ?? 0);
      most = Math.max(most, all[at] ?? 0);
    }
  }
  return [least, most];
}

/** Places of a sample of rows in all three networks. */
export async function ask(models: Models, axes: Axes, progress: (share: number) => void): Promise<Answer> {
  const [truth, forgotten] = [labels.peek(), forgetRows.peek()];
  const rows = sampleRows(forgotten, truth.length, FORGOTTEN, TOTAL, SEED);
  const directions = () => Promise.all(kinds.map((kind) => call("embedding", { model: models[kind], rows })));
  const [original, unlearned, retrained] = await (axes === "pca" ? directions() : neighbours(models, rows, progress));
  if (!original || !unlearned || !retrained) throw new Error("a network did not answer");
  const all = [original, unlearned, retrained];
  const frame: Dots["frame"] = [...extent(all, 0), ...extent(all, 1)];
  return {
    axes,
    dots: { rows, labels: truth, forgotten: new Set(forgotten), frame },
    at: { original, unlearned, retrained },
  };
}

/** Places of the rows on one map for all networks, one array per network. */
async function neighbours(
  models: Models,
  rows: Uint32Array,
  progress: (share: number) => void,
): Promise<Float32Array[]> {
  const classes = classCount.peek();
  const answers = await Promise.all(kinds.map((kind) => call("probabilities", { model: models[kind], rows })));
  const size = rows.length * classes;
  const probabilities = new Float32Array(kinds.length * size);
  answers.forEach((answer, at) => probabilities.set(answer, at * size));
  const map = await drawMap({ probabilities, classes, seed: current.peek().seed }, progress);
  return kinds.map((_, at) => map.subarray(2 * at * rows.length, 2 * (at + 1) * rows.length));
}

/** The Worker that draws the latest map. */
let mapWorker: Worker | null = null;

/** Draws in a Worker of its own, and ends the one that still draws an older map. */
function drawMap(request: MapRequest, progress: (share: number) => void): Promise<Float32Array> {
  mapWorker?.terminate();
  const mine = new Worker(new URL("../umap-worker.ts", import.meta.url), { type: "module" });
  mapWorker = mine;
  return new Promise<Float32Array>((resolve, reject) => {
    mine.addEventListener("message", ({ data }: MessageEvent<MapAnswer>) => {
      if (data.kind === "progress") progress(data.share);
      else if (data.kind === "map") resolve(data.at);
      else reject(new Error(data.message));
    });
    mine.addEventListener("error", (event) => reject(new Error(event.message || "the map could not be drawn")));
    mine.postMessage(request, [request.probabilities.buffer]);
  }).finally(() => mine.terminate());
}
