import { readFileSync } from "node:fs";
import { join } from "node:path";

import tseslint from "typescript-eslint";

/** The signals of the page by their names. */
const state = readFileSync(join(import.meta.dirname, "src/state.ts"), "utf8");
const signals = [...state.matchAll(/^export const (\w+) = signal\b/gm)].map(([, name]) => name);
if (signals.length === 0) throw new Error("src/state.ts exports no signals: how do they look now?");
/** `settings.value` and, where all of the module is imported, `state.settings.value`. */
const signal = [`[object.name=/^(${signals.join("|")})$/]`, "[object.object.name='state']"];
const written = signal.map((object) => `MemberExpression[property.name='value']${object}`).join(", ");
const writers = ["choices", "commands", "experiment", "reduce", "session"];
const message = `Signals of state.ts are written by ${writers.join(".ts, ")}.ts: call a function of theirs.`;

export default tseslint.config(
  {
    ignores: [
      "dist",
      "package/dist",
      "package/wasm",
      "package/src/generated.ts",
      "src/measures.ts",
      "src/offline",
      "public",
      "scripts",
      "bench",
      "eslint.config.js",
    ],
  },
  ...tseslint.configs.strictTypeChecked,
  {
    languageOptions: { parserOptions: { projectService: true } },
    rules: {
      // Numbers in sentences are what this page is made of.
      "@typescript-eslint/restrict-template-expressions": ["error", { allowNumber: true }],
      "@typescript-eslint/no-confusing-void-expression": ["error", { ignoreArrowShorthand: true }],
    },
  },
  {
    files: ["src/**"],
    ignores: [...writers.map((name) => `src/${name}.ts`), "src/views/testing.ts", "**/*.test.{ts,tsx}"],
    rules: {
      "no-restricted-syntax": [
        "error",
        { selector: `AssignmentExpression > :matches(${written}).left`, message },
        { selector: `UpdateExpression > :matches(${written}).argument`, message },
      ],
    },
  },
  {
    files: ["**/*.{ts,tsx}"],
    ignores: ["**/*.test.{ts,tsx}"],
    rules: {
      "max-lines-per-function": ["error", { max: 60, skipComments: true }],
      "max-lines": ["error", { max: 200, skipComments: true, skipBlankLines: true }],
    },
  },
  {
    files: ["**/*.{ts,tsx}"],
    // Prettier breaks code, but neither comments nor strings.
    rules: { "max-len": ["error", { code: 120, ignoreUrls: true }] },
  },
);
