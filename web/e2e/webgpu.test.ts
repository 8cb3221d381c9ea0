/** The page on WebGPU, in software if need be, and on a device that computes wrongly. */

import { afterAll, beforeAll, expect, it } from "vitest";

import { done, figure, open, visit, type Site } from "./browser";

let site: Site;
beforeAll(async () => (site = await open({ webgpu: true })));
afterAll(() => site.close());

/** A software GPU needs seconds per step: as few steps as possible. */
const tiny = "device=gpu&network=mlp&size=200&forgot=1";

it("trains, retrains and forgets on WebGPU", async () => {
  const { page, errors, context } = await visit(site, tiny);
  await done(page, 590_000);
  expect(await page.getByTestId("honesty").textContent()).toContain("webgpu");
  expect(await page.getByTestId("selftest").getAttribute("data-passed")).toBe("true");
  expect(await figure(page, "retrained", "ua")).toBe(100);
  expect(await figure(page, "original", "ra")).toBeGreaterThan(50);
  expect(errors).toEqual([]);
  await context.close();
});

it("computes on the processor when a shader is broken", async () => {
  const context = await site.browser.newContext({ serviceWorkers: "block" });
  // The shader is text in the module: with one name changed it is invalid WGSL.
  await context.route("**/*.wasm", async (route) => {
    const answer = await route.fetch();
    const body = await answer.body();
    const at = body.indexOf("fn row_max(");
    expect(at).toBeGreaterThan(0);
    body.write("fn row_mux(", at, "latin1");
    await route.fulfill({ response: answer, body });
  });
  const page = await context.newPage();
  await page.goto(`${site.url}#${tiny}`);
  await expect
    .poll(() => page.getByTestId("notice").textContent(), { timeout: 120_000 })
    .toContain("wrong answers to the self-test");
  await done(page);
  expect(await page.getByTestId("honesty").textContent()).toContain("processor");
  expect(await page.getByTestId("selftest").getAttribute("data-passed")).toBe("true");
  await context.close();
});

it("begins again when the device is lost", async () => {
  // The test kills the GPU process, so it has a browser of its own.
  const own = await open({ webgpu: true });
  const { page } = await visit(own, tiny);
  await page.waitForSelector('[data-testid=status][data-phase="running"]', { timeout: 120_000 });
  const devtools = await own.browser.newBrowserCDPSession();
  await devtools.send("Browser.crashGpuProcess");
  await expect.poll(() => page.getByTestId("notice").textContent(), { timeout: 60_000 }).toContain("begins again");
  await page.waitForSelector('[data-testid=status][data-phase="running"]', { timeout: 120_000 });
  await own.close();
});
