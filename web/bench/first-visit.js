/**
 * How long a first visit takes, as Markdown: the built page in a browser that has never seen it, from the address to
 * the first picture, the first trained network and all three of them.
 *
 *     node first-visit.js [--runs 3] [cpu] [webgpu]
 *
 * CHROMIUM names the browser, CHROMIUM_GPU=1 says that it may use the machine's GPU; without it WebGPU is computed in
 * software, on a smaller experiment, which shows that it works and not how fast it is.
 */

import { cpus } from "node:os";
import { join } from "node:path";
import { parseArgs } from "node:util";

import { chromium } from "playwright-core";
import { preview } from "vite";

const { values, positionals } = parseArgs({
  options: { runs: { type: "string", default: "3" } },
  allowPositionals: true,
});
const runs = Math.max(1, Number.parseInt(values.runs, 10) || 1);
const hardware = Boolean(process.env.CHROMIUM_GPU);
const software = [
  "--enable-unsafe-webgpu",
  "--enable-features=Vulkan",
  "--use-angle=vulkan",
  "--use-vulkan=swiftshader",
];
const quiet = ["--no-sandbox", "--disable-background-networking", "--disable-component-update", "--no-first-run"];

/** `hash`: what the page is asked for. With `forgot` it forgets without the click of a visitor. */
const subjects = {
  cpu: { label: "processor, as a visitor gets it", args: [], hash: "forgot=1" },
  webgpu: hardware
    ? {
        label: "WebGPU, as a visitor gets it",
        args: ["--enable-unsafe-webgpu", "--enable-features=Vulkan"],
        hash: "forgot=1",
      }
    : {
        label: "WebGPU in software, MLP on 400 images",
        args: software,
        hash: "device=gpu&network=mlp&size=400&forgot=1",
      },
};
const wanted = positionals.length > 0 ? positionals : Object.keys(subjects);
const unknown = wanted.find((name) => !(name in subjects));
if (unknown !== undefined) throw new Error(`there is no ${unknown}: choose from ${Object.keys(subjects).join(", ")}`);

/** A digit of the data set is drawn. */
const pictured = () =>
  [...document.querySelectorAll("[data-testid=choose] canvas.digit")].some((canvas) => canvas.width > 1) &&
  performance.now();
/** A step of training has been taken. */
const stepped = () =>
  /step [1-9]/.test(document.querySelector("[data-testid=status]")?.textContent ?? "") && performance.now();
const trained = () =>
  /\d/.test(document.querySelector("[data-testid=original-ta]")?.textContent ?? "") && performance.now();
const finished = () =>
  document.querySelector("[data-testid=status]")?.getAttribute("data-phase") === "done" && performance.now();

/** Seconds of the stages, and milliseconds per step, in a new browser: nothing is cached, no shader compiled. */
async function visit({ args, hash }, url) {
  const browser = await chromium.launch({
    executablePath: process.env.CHROMIUM ?? "/usr/bin/chromium",
    args: [...quiet, ...args],
  });
  try {
    const page = await browser.newPage({ viewport: { width: 1440, height: 900 } });
    await page.goto(`${url}#${hash}`);
    const when = async (what) =>
      (await (await page.waitForFunction(what, undefined, { timeout: 600_000 })).jsonValue()) / 1000;
    const speed = async () =>
      Number.parseFloat(
        /([\d.]+) ms per step/.exec((await page.getByTestId("honesty").textContent()) ?? "")?.[1] ?? "NaN",
      );
    const stages = [await when(pictured), await when(stepped), await when(trained)];
    const training = await speed();
    stages.push(await when(finished));
    const paint = await page.evaluate(
      () => performance.getEntriesByName("first-contentful-paint")[0]?.startTime ?? NaN,
    );
    const facts = await page.locator("[data-testid=honesty] dl > *").allTextContents();
    return {
      figures: [paint / 1000, ...stages, training, await speed()],
      facts: facts.map((text, at) => (at % 2 === 0 ? `${text}:` : `${text};`)).join(" "),
    };
  } finally {
    await browser.close();
  }
}

const median = (numbers) => numbers.toSorted((one, other) => one - other)[numbers.length >> 1];

const server = await preview({
  configFile: join(import.meta.dirname, "../vite.config.ts"),
  root: join(import.meta.dirname, "../.."),
  logLevel: "error",
  preview: { port: 0, host: "127.0.0.1" },
});
const [url] = server.resolvedUrls.local;
console.log(
  `${cpus()[0]?.model ?? "unknown processor"}, ${cpus().length} threads; median of ${runs}; seconds from the address on\n`,
);
console.log(
  "| first visit | first paint | digits | first step | original trained | all three ready | ms per step, training | ms per step, forgetting |",
);
console.log("|---|---|---|---|---|---|---|---|");
const notes = [];
for (const name of wanted) {
  const { label } = subjects[name];
  try {
    const rounds = [];
    for (let round = 0; round < runs; round++) rounds.push(await visit(subjects[name], url));
    const cells = rounds[0].figures.map((_, at) => median(rounds.map(({ figures }) => figures[at])));
    console.log(
      `| ${[label, ...cells.map((figure, at) => figure.toFixed(at < 5 ? 2 : figure < 10 ? 1 : 0))].join(" | ")} |`,
    );
    notes.push(`${label}: ${rounds[0].facts}`);
  } catch (error) {
    console.log(`| ${label} | none | | | | | | |`);
    console.error(`${label}: ${String(error).split("\n")[0]}`);
    process.exitCode = 1;
  }
}
console.log(`\n${notes.join("\n\n")}`);
await server.close();
