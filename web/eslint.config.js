import { readFileSync, readdirSync } from "node:fs";
import { join, posix } from "node:path";

import tseslint from "typescript-eslint";

const SRC = join(import.meta.dirname, "src");
/** The modules that write the signals of state.ts. Those of any other module are written there alone. */
const WRITERS = { "state.ts": ["choices.ts", "commands.ts", "experiment.ts", "reduce.ts", "session.ts"] };

const files = readdirSync(SRC, { recursive: true })
  .map((file) => String(file).replaceAll("\\", "/"))
  .filter((file) => /\.tsx?$/.test(file) && !/\.test\.|^views\/testing\.ts$/.test(file))
  .map((file) => ({ file, text: readFileSync(join(SRC, file), "utf8") }));
/** The signals that each module exports, by the module's name. */
const signals = new Map(
  files.map(({ file, text }) => [
    file,
    [...text.matchAll(/^export const (\w+)(?:: [^=]+)? = signal\b/gm)].map(([, name]) => name),
  ]),
);
if (!signals.get("state.ts")?.length) throw new Error("src/state.ts exports no signals: how do they look now?");

/** What `text` imports from modules of the page: names, or all of a module under one name. */
function imports(file, text) {
  const found = text.matchAll(/^import (?:\* as (\w+)|\{([^}]*)\}) from "(\.[^"]*)";/gm);
  return [...found].map(([, all, names, from]) => ({
    all,
    names: (names ?? "").split(",").map((name) => name.trim().replace(/^type /, "")),
    module: [`${posix.join(posix.dirname(file), from)}.ts`, `${posix.join(posix.dirname(file), from)}.tsx`],
  }));
}

/** The rules of one file: it writes no signal that it imports, unless it is one of the writers. */
function rules({ file, text }) {
  return imports(file, text).flatMap(({ all, names, module }) => {
    const owner = module.find((one) => signals.get(one)?.length);
    const writers = WRITERS[owner] ?? [owner];
    if (owner === undefined || writers.includes(file)) return [];
    const known = names.filter((name) => signals.get(owner).includes(name));
    const signal = all ? `[object.object.name='${all}']` : `[object.name=/^(${known.join("|")})$/]`;
    const written = `MemberExpression[property.name='value']${signal}`;
    const message = `Signals of ${owner} are written by ${writers.join(", ")}: call a function of theirs.`;
    return [
      { selector: `AssignmentExpression > ${written}.left`, message },
      { selector: `UpdateExpression > ${written}.argument`, message },
    ];
  });
}

const written = files
  .map((one) => ({ file: one.file, rules: rules(one) }))
  .filter(({ rules }) => rules.length > 0)
  .map(({ file, rules }) => ({ files: [`src/${file}`], rules: { "no-restricted-syntax": ["error", ...rules] } }));

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
  ...written,
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
