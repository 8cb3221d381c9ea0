/** Writes the service worker, with which the page works offline from the second visit on, and what is preloaded. */

import { createHash } from "node:crypto";
import { readFileSync } from "node:fs";
import { join } from "node:path";

import type { Plugin } from "vite";

/** The data that the page begins with. */
const FIRST_DATA = ["train-images", "train-labels", "test-images", "test-labels"].map(
  (part) => `data/mnist-subset/${part}.idx`,
);

/** All files of the build are kept, and the first data; other data when they are first fetched. */
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
      const names = ["./", ...files.map(({ fileName }) => `./${fileName}`), ...FIRST_DATA.map((name) => `./${name}`)];
      const source = readFileSync(join(import.meta.dirname, "src/offline/worker.js"), "utf8")
        .replace("__FILES__", JSON.stringify(names))
        .replace("__VERSION__", JSON.stringify(hash.digest("hex").slice(0, 16)));
      this.emitFile({ type: "asset", fileName: "sw.js", source });
    },
  };
}

/** Has the browser fetch the module and the data at once: otherwise they are asked for by scripts that come first. */
export function preload(): Plugin {
  return {
    name: "preload",
    apply: "build",
    enforce: "post",
    transformIndexHtml: {
      order: "post",
      handler(_, { bundle }) {
        const module = Object.keys(bundle ?? {}).find((name) => name.endsWith(".wasm"));
        return [...(module ? [module] : []), ...FIRST_DATA].map((name) => ({
          tag: "link",
          attrs: { rel: "preload", as: "fetch", href: `./${name}`, crossorigin: true },
          injectTo: "head" as const,
        }));
      },
    },
  };
}
