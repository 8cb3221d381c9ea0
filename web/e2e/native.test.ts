/** The page's numbers and files are those of the native program. */

import { execFileSync } from "node:child_process";
import { readFileSync } from "node:fs";
import { join } from "node:path";

import { afterAll, beforeAll, expect, it } from "vitest";

import { done, download, figure, open, out, visit, type Site } from "./browser";

const native = process.env["UGRADSL"] ?? join(import.meta.dirname, "../../target/debug/ugradsl");
const run = (...args: string[]) =>
  execFileSync(native, args, { encoding: "utf8", stdio: ["ignore", "pipe", "inherit"] });

interface Row {
  method: string;
  ua: number;
  ra: number;
  ta: number;
  history: { step: number; retain_loss: number | null }[];
}

/**
 * Mean loss of the ten steps up to `block`, from points that are means since the point before; NaN if none is at its
 * end.
 */
function mean(row: Row, block: number): number {
  let [sum, last] = [0, block - 10];
  for (const { step, retain_loss } of row.history) {
    if (step <= block - 10 || step > block) continue;
    sum += (retain_loss ?? NaN) * (step - last);
    last = step;
  }
  return last === block ? sum / 10 : NaN;
}

let site: Site;
beforeAll(async () => (site = await open({ webgpu: false })));
afterAll(() => site.close());

it("gives the numbers of the command line, and its files go both ways", async () => {
  const { page, context } = await visit(site, "device=cpu&network=lenet&size=1200&forgot=1");
  await done(page);
  const recipe = await download(page, "export-recipe", "recipe.toml");
  const exported = await download(page, "export-json", "report.json");
  const model = await download(page, "export-model-ugradsl", "unlearned.safetensors");

  const folder = join(out, `native-${process.pid}`);
  const report = JSON.parse(run("compare", "--recipe", recipe, "--json", "--out", folder)) as { runs: Row[] };
  const rows = (JSON.parse(readFileSync(exported, "utf8")) as { runs: Row[] }).runs;
  expect(rows.map((row) => row.method)).toEqual(report.runs.map((row) => row.method));
  let compared = 0;
  for (const [at, here] of rows.entries()) {
    const there = report.runs[at];
    if (!there) throw new Error("a row is missing");
    // Vectors are shorter here, so the last digits of sums differ: one of the 117 forgotten rows may change sides.
    for (const name of ["ua", "ra", "ta"] as const) expect(Math.abs(here[name] - there[name])).toBeLessThanOrEqual(0.9);
    // What is unlearned begins with networks whose last digits have drifted apart for an epoch.
    const near = here.method === "ugradsl" ? 1e-3 : 1e-4;
    for (const block of [10, 20]) {
      const native = mean(there, block);
      if (Number.isNaN(native)) continue;
      expect(Math.abs(mean(here, block) - native), `${here.method}, steps up to ${block}`).toBeLessThan(near);
      compared++;
    }
  }

  expect(compared).toBeGreaterThanOrEqual(4);

  const measured = JSON.parse(
    run("evaluate", "--model", model, "--recipe", recipe, "--forget", "class:3", "--json"),
  ) as { measures: Row };
  expect(measured.measures.ta).toBeCloseTo(rows.find((row) => row.method === "ugradsl")?.ta ?? 0, 1);

  const retrained = report.runs.find((row) => row.method === "retrain");
  await page.getByTestId("import-model").setInputFiles(join(folder, "retrain-seed0.safetensors"));
  await expect.poll(() => page.getByTestId("imported").textContent()).toContain(`TA ${retrained?.ta.toFixed(1) ?? ""}`);
  await expect.poll(() => figure(page, "retrained", "ta")).toBeCloseTo(retrained?.ta ?? 0, 0);

  await page.getByTestId("import-model").setInputFiles(recipe);
  await expect.poll(() => page.getByTestId("notice").textContent()).toContain("safetensors");
  await context.close();
});
