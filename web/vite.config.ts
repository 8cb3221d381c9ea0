import { defineConfig } from "vite";

import { offline } from "./offline.ts";

export default defineConfig({
  // The page itself lies at the root of the repository.
  root: "..",
  // Relative addresses: the page works below any path of any static host.
  base: "./",
  publicDir: "web/public",
  cacheDir: "web/node_modules/.vite",
  build: { outDir: "web/dist", emptyOutDir: true, target: "es2023", assetsInlineLimit: 0 },
  worker: { format: "es" },
  plugins: [offline()],
  preview: { host: "127.0.0.1" },
});
