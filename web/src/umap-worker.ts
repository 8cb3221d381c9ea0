/**
 * The Worker that draws UMAP maps: apart from the networks' Worker, which it must not hold up, and loaded when first
 * asked for.
 */

import { layOut, type MapAnswer, type MapRequest } from "./umap";

function post(answer: MapAnswer): void {
  postMessage(answer);
}

self.addEventListener("message", ({ data }: MessageEvent<MapRequest>) => {
  try {
    const at = layOut(data, (share) => post({ kind: "progress", share }));
    post({ kind: "map", at });
  } catch (error) {
    post({ kind: "fault", message: error instanceof Error ? error.message : String(error) });
  }
});
