/**
 * Milliseconds of a training step and of an UGradSL+ step, of the page's module and of two libraries beside it, as
 * Markdown.
 *
 *     node run.js ["ugradsl webgpu" "tfjs webgl" …]
 *
 * CHROMIUM names the browser, CHROMIUM_GPU=1 says that it may use the machine's GPU. Without it graphics are computed
 * in software, step by slow step, and fewer of them are timed.
 */

import { cpus } from "node:os";
import { join } from "node:path";

import { chromium } from "playwright-core";
import { build, preview } from "vite";

const here = import.meta.dirname;
const config = {
  configFile: false,
  root: here,
  publicDir: join(here, "../public"),
  cacheDir: join(here, "node_modules/.vite"),
  logLevel: "error",
  build: { target: "es2023", outDir: "dist", chunkSizeWarningLimit: 10_000 },
  preview: { host: "127.0.0.1", port: 0 },
};
await build(config);
const server = await preview(config);
const hardware = Boolean(process.env.CHROMIUM_GPU);
const software = [
  "--enable-unsafe-webgpu",
  "--enable-features=Vulkan",
  "--use-angle=vulkan",
  "--use-vulkan=swiftshader",
];
const browser = await chromium.launch({
  executablePath: process.env.CHROMIUM ?? "/usr/bin/chromium",
  args: ["--no-sandbox", "--disable-background-networking", ...(hardware ? ["--enable-unsafe-webgpu"] : software)],
});

const subjects = [
  ["ugradsl", "webgpu"],
  ["tfjs", "webgpu"],
  ["tfjs", "webgl"],
  ["jax-js", "webgpu"],
  ["ugradsl", "cpu"],
  ["tfjs", "cpu"],
  ["jax-js", "wasm"],
];
const tasks = ["lenet", "convnet"].flatMap((network) => ["train", "forget"].map((kind) => ({ network, kind })));
const only = process.argv.slice(2);

/** A page of its own for every figure: what one leaves behind is not on the next one's account. */
async function measure(task) {
  const page = await browser.newPage();
  try {
    await page.goto(server.resolvedUrls.local[0]);
    await page.waitForFunction(() => "measure" in window);
    const late = new Promise((_, reject) =>
      setTimeout(() => reject(new Error("more than ten minutes")), 600_000).unref(),
    );
    return await Promise.race([page.evaluate((task) => window.measure(task), task), late]);
  } catch (error) {
    console.error(`${Object.values(task).join(" ")}: ${String(error).split("\n")[0]}`);
    return null;
  } finally {
    await page.close();
  }
}

/** Steps that are timed, and as many before them. */
const steps = (backend) => (!hardware && backend.startsWith("webg") ? 2 : 8);

console.log(`${cpus()[0]?.model ?? "unknown processor"}, ${cpus().length} threads\n`);
console.log("| ms per step | LeNet 128, training | UGradSL+ | ConvNet 250, training | UGradSL+ |");
console.log("|---|---|---|---|---|");
for (const [library, backend] of subjects) {
  const label = `${library} ${backend}`;
  if (only.length > 0 && !only.includes(label)) continue;
  const cells = [];
  for (const task of tasks) {
    const figure = await measure({ library, backend, steps: steps(backend), ...task });
    cells.push(figure === null ? "none" : figure.toFixed(figure < 10 ? 1 : 0));
  }
  console.log(`| ${[label, ...cells].join(" | ")} |`);
}
await browser.close();
await server.close();
