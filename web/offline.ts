/** Writes the service worker, with which the page works without a network from the second visit on. */

import { createHash } from "node:crypto";
import { readFileSync } from "node:fs";
import { join } from "node:path";

import type { Plugin } from "vite";

/** All files of the build are cached at once, data sets when they are first fetched. */
export function offline(): Plugin {
  return {
    name: "offline",
    apply: "build",
    enforce: "post",
    generateBundle(_, bundle) {
      const hash = createHash("sha256");
      const files = Object.values(bundle).filter((file) => !file.fileName.endsWith(".map"));
      for (const file of files) {
        hash.update(file.fileName);
        hash.update(file.type === "asset" ? file.source : file.code);
      }
      const source = readFileSync(join(import.meta.dirname, "src/offline/worker.js"), "utf8")
        .replace("__FILES__", JSON.stringify(["./", ...files.map((file) => `./${file.fileName}`)]))
        .replace("__VERSION__", JSON.stringify(hash.digest("hex").slice(0, 16)));
      this.emitFile({ type: "asset", fileName: "sw.js", source });
    },
  };
}
