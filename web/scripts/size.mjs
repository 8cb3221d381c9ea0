// Prints what a visitor downloads, and fails when module and scripts outgrow their budget.
import { readFileSync, readdirSync, statSync } from "node:fs";
import { join, relative } from "node:path";
import { brotliCompressSync, constants, gzipSync } from "node:zlib";

/** Bytes that a browser loads from a host that compresses with Brotli, as most do. */
const BUDGET = 3_000_000;
const root = join(import.meta.dirname, "../dist");
const files = readdirSync(root, { recursive: true })
  .map((name) => join(root, name))
  // The card is for pages that link here, not for visitors.
  .filter((path) => statSync(path).isFile() && !path.includes("/data/") && !path.endsWith("/card.jpg"));
const brotli = (bytes) => brotliCompressSync(bytes, { params: { [constants.BROTLI_PARAM_QUALITY]: 9 } }).length;

const total = { raw: 0, gzip: 0, brotli: 0 };
console.log("file".padEnd(44), "raw".padStart(10), "gzip".padStart(10), "brotli".padStart(10));
const line = (name, size) =>
  console.log(name.padEnd(44), ...Object.values(size).map((bytes) => String(bytes).padStart(10)));
for (const path of files.sort()) {
  const bytes = readFileSync(path);
  const size = { raw: bytes.length, gzip: gzipSync(bytes, { level: 9 }).length, brotli: brotli(bytes) };
  for (const kind of Object.keys(total)) total[kind] += size[kind];
  line(relative(root, path), size);
}
line("all but data", total);
if (total.brotli > BUDGET) {
  console.error(`more than ${BUDGET} bytes compressed with Brotli`);
  process.exit(1);
}
