import { fileURLToPath } from "node:url";

import { defineConfig } from "vitest/config";

import { firstDigits } from "./first-digits.ts";
import { offline, preload } from "./offline.ts";

const source = (name: string): string => fileURLToPath(new URL(`package/src/${name}.ts`, import.meta.url));

export default defineConfig({
  // The page itself lies at the root of the repository.
  root: "..",
  // Relative addresses: the page works below any path of any static host.
  base: "./",
  publicDir: "web/public",
  cacheDir: "web/node_modules/.vite",
  // The package by its name, from its sources: it need not be compiled first. `tsconfig.json` has the same two names.
  resolve: {
    alias: [
      { find: /^ugradsl$/, replacement: source("index") },
      { find: /^ugradsl\/internal$/, replacement: source("internal") },
    ],
  },
  build: { outDir: "web/dist", emptyOutDir: true, target: "es2023", assetsInlineLimit: 0 },
  worker: { format: "es" },
  plugins: [firstDigits(), offline(), preload()],
  preview: { host: "127.0.0.1" },
  test: {
    projects: [
      {
        extends: true,
        test: { name: "modules", include: ["web/src/**/*.test.ts", "web/package/src/**/*.test.ts"] },
      },
      {
        extends: true,
        // Views are rendered into a document that draws nothing.
        test: {
          name: "views",
          include: ["web/src/**/*.test.tsx"],
          environment: "happy-dom",
          setupFiles: ["web/src/views/setup.ts"],
        },
      },
    ],
    coverage: {
      include: ["web/src/**/*.{ts,tsx}", "web/package/src/**/*.ts"],
      reporter: ["text"],
      reportsDirectory: "web/node_modules/.coverage",
    },
  },
});
