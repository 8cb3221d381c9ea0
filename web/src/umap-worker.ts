/**
 * The Worker that draws UMAP maps. It is not the Worker of the networks, which must not wait for a map, and is loaded
 * on first use.
 */

import { sentence } from "./sentence";
import { layOut, type MapAnswer, type MapRequest } from "./umap";

function post(answer: MapAnswer): void {
  postMessage(answer);
}

self.addEventListener("message", ({ data }: MessageEvent<MapRequest>) => {
  try {
    const at = layOut(data, (share) => post({ kind: "progress", share }));
    post({ kind: "map", at });
  } catch (error) {
    post({ kind: "fault", message: sentence(error) });
  }
});
