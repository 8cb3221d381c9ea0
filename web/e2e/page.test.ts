/** The page on the processor, as for a visitor without a GPU. */

import { mkdirSync, writeFileSync } from "node:fs";
import { join } from "node:path";

import axe from "axe-core";
import type { Page } from "playwright-core";
import { afterAll, beforeAll, describe, expect, it } from "vitest";

import { asking, done, download, draw, figure, forget, open, out, visit, type Site } from "./browser";

let site: Site;
beforeAll(async () => (site = await open({ webgpu: false })));
afterAll(() => site.close());

/** Seconds instead of minutes. */
const quick = "device=cpu&network=mlp&size=1200";
/** The same, and the network forgets without a click. */
const small = `${quick}&forgot=1`;

/**
 * Tells how many seconds of processor time the page's own thread has used from here on, which a busy machine does not
 * change.
 */
async function clock(page: Page): Promise<() => Promise<number>> {
  const devtools = await page.context().newCDPSession(page);
  await devtools.send("Performance.enable", { timeDomain: "threadTicks" });
  const used = async (): Promise<number> => {
    const { metrics } = await devtools.send("Performance.getMetrics");
    return metrics.find(({ name }) => name === "TaskDuration")?.value ?? NaN;
  };
  const before = await used();
  return async () => (await used()) - before;
}

describe("first visit", () => {
  // The only test with a clock: a busy machine may delay a browser once, but a fault shows in both attempts.
  it("draws a 3, forgets it, and sees the middle network answer like the twin", { retry: 1 }, async () => {
    const { page, errors, foreign, context } = await visit(site, "");
    const fetched: string[] = [];
    context.on("request", (request) => /\.(wasm|idx)$/.test(request.url()) && fetched.push(request.url()));
    // Opening a page keeps it busy; the test measures the training after that.
    await page.waitForSelector('[data-testid=status][data-phase="running"]');
    const [used, start] = [await clock(page), performance.now()];
    await asking(page);
    const says = (kind: string) => page.getByTestId(`says-${kind}`).textContent();
    await draw(page, 3);
    await expect.poll(() => says("original")).toBe("3");
    await expect.poll(() => says("unlearned")).toBe("3");
    await expect.poll(() => says("retrained")).toMatch(/^[0-24-9]$/);
    const lit = async (kind: string, label: number) =>
      Number(
        new RegExp(`${label}: (\\d)`).exec(
          (await page.getByTestId(`wall-${kind}`).getAttribute("aria-label")) ?? "",
        )?.[1],
      );
    expect(await lit("unlearned", 3)).toBeGreaterThan(5);

    // No click is needed, and the page does not scroll.
    await page.keyboard.press("f");
    await done(page);
    expect(await page.evaluate(() => scrollY)).toBe(0);
    await expect.poll(() => says("unlearned"), { timeout: 60_000 }).not.toBe("3");
    await expect.poll(() => lit("unlearned", 3)).toBe(0);
    expect(await lit("retrained", 3)).toBe(0);
    expect(await lit("unlearned", 1)).toBeGreaterThan(5);
    await expect.poll(() => page.getByTestId("outcome").getAttribute("data-outcome")).toBe("forgotten");
    const share = (await used()) / ((performance.now() - start) / 1000);
    expect(share).toBeGreaterThan(0);
    expect(share).toBeLessThan(0.4);
    expect(await figure(page, "unlearned", "gap")).toBeLessThan((await figure(page, "original", "gap")) / 2);
    expect(await figure(page, "retrained", "ua")).toBe(100);

    // Time goes back, and all of the page with it; nothing is trained again.
    await page.getByTestId("rewind").fill("0");
    await expect.poll(() => says("unlearned")).toBe("3");
    expect(await page.getByTestId("status").textContent()).toContain("Step 0: it still knows");
    await page.getByTestId("forget").click();
    await expect.poll(() => says("unlearned"), { timeout: 60_000 }).not.toBe("3");

    // Of the forgotten images, the middle network answers most exactly as the twin does.
    const instances = page.getByTestId("instances");
    await instances.scrollIntoViewIfNeeded();
    await page.getByTestId("instance").first().waitFor({ timeout: 60_000 });
    const counts = [...((await instances.textContent()) ?? "").matchAll(/: (\d+) /g)].map(([, count]) => Number(count));
    expect(counts[1]).toBeGreaterThan((counts[0] ?? 0) + (counts[3] ?? 0));

    expect(await page.getByTestId("selftest").getAttribute("data-passed")).toBe("true");
    // What was said aloud: that networks learn, the question, forgetting, the verdict.
    expect(await page.getByTestId("spoken").textContent()).toContain("Forgotten");
    expect(errors).toEqual([]);
    expect(foreign).toEqual([]);
    expect(fetched.filter((url, at) => fetched.indexOf(url) !== at)).toEqual([]);

    // A later visit needs no network.
    await page.evaluate(() => navigator.serviceWorker.ready);
    await page.reload();
    await asking(page);
    await context.setOffline(true);
    await page.reload();
    await asking(page);
    await context.close();
  });
});

describe("understanding", () => {
  it("is guided by five actions, which block nothing", async () => {
    const { page, errors, context } = await visit(site, quick);
    // By then the page has drawn a digit by itself, which is not an action of the visitor's.
    await asking(page);
    await page.getByTestId("tour-open").focus();
    await page.keyboard.press("Enter");
    const next = page.getByTestId("tour-next");
    await expect.poll(() => page.locator(".tour-target").count()).toBe(1);
    expect(await next.textContent()).toBe("Skip");
    await draw(page, 3);
    await expect.poll(() => next.textContent()).toBe("Next");
    await next.click();
    await asking(page);
    await page.getByTestId("forget").click();
    await expect.poll(() => next.textContent()).toBe("Next");
    await next.click();
    await done(page);
    await page.getByTestId("rewind").fill("1");
    await expect.poll(() => next.textContent()).toBe("Next");
    await next.click();
    await page.getByTestId("method").selectOption("ga");
    await expect.poll(() => next.textContent()).toBe("Next");
    await next.click();
    await page.getByTestId("choose-class-8").click();
    await expect.poll(() => next.textContent()).toBe("Finish");
    await next.click();
    expect(await page.getByTestId("tour").count()).toBe(0);
    expect(await page.evaluate(() => document.activeElement?.getAttribute("data-testid"))).toBe("tour-open");
    expect(errors).toEqual([]);
    await context.close();
  });

  it("can ask whether the memory was only hidden", async () => {
    const { page, errors, context } = await visit(site, small);
    await done(page);
    await page.getByTestId("relearn-run").click();
    const said = page.getByTestId("relearn").getByRole("status");
    await said.waitFor({ timeout: 120_000 });
    expect(await said.textContent()).toMatch(/unlearned|Neither|Both|Even/);
    expect(errors).toEqual([]);
    await context.close();
  });
});

describe("choosing", () => {
  it("forgets a class, a share and picked images, each at once", async () => {
    const { page, errors, context } = await visit(site, small);
    await done(page);
    await page.keyboard.press("7");
    await asking(page);
    expect(page.url()).toContain("forget=class:7");
    expect(await page.getByTestId("column-unlearned").textContent()).toContain("still the original");
    await forget(page);

    await page.getByTestId("way-random").click();
    await page.getByTestId("share").fill("20");
    await forget(page);
    expect(page.url()).toContain("random:20");
    expect(await figure(page, "retrained", "ua")).toBeLessThan(50);

    await page.getByTestId("way-ids").click();
    for (const at of [0, 1, 2, 3, 4]) await page.getByTestId("pick").nth(at).click();
    await page.waitForSelector('[data-phase="running"]');
    await forget(page);
    await page.getByTestId("instances").scrollIntoViewIfNeeded();
    await expect.poll(() => page.getByTestId("instance").count()).toBe(5);
    expect(errors).toEqual([]);
    await context.close();
  });

  it("forgets a drawing, keeps it over a reload, and takes it back", async () => {
    const { page, errors, context } = await visit(site, quick);
    await asking(page);
    await draw(page, 4);
    await page.getByTestId("draw-label").selectOption("4");
    await page.getByTestId("draw-add").click();
    await page.waitForSelector('[data-phase="running"]');
    await forget(page);
    await page.getByTestId("instances").scrollIntoViewIfNeeded();
    await expect.poll(() => page.getByTestId("instance").count()).toBe(1);
    await page.reload();
    const list = page.getByTestId("draw-list").locator("canvas");
    await expect.poll(() => list.count(), { timeout: 60_000 }).toBe(1);
    await asking(page);
    await page.getByRole("button", { name: /Take image 1/ }).click();
    await page.waitForSelector('[data-phase="running"]');
    await asking(page);
    expect(page.url()).not.toContain("forget=own");
    expect(errors).toEqual([]);
    await context.close();
  });

  it("takes a folder and dropped files by their names, names others, and saves the images", async () => {
    const { page, errors, context } = await visit(site, quick);
    await asking(page);
    await page.getByTestId("way-own").click();
    // Any picture will do.
    const picture = await page.getByTestId("draw-pad").screenshot();
    const folder = join(out, `own-${process.pid}`);
    mkdirSync(join(folder, "7"), { recursive: true });
    writeFileSync(join(folder, "7", "one.png"), picture);
    writeFileSync(join(folder, "4_two.png"), picture);
    writeFileSync(join(folder, "broken.png"), "no picture at all");
    writeFileSync(join(folder, "notes.txt"), "seven");
    await page.getByTestId("draw-folder").setInputFiles(folder);
    const said = page.getByTestId("draw-said");
    await expect.poll(() => said.textContent()).toContain("2 images joined: 1 as 4, 1 as 7.");
    expect(await said.textContent()).toMatch(/Not images that this browser can read: .*notes\.txt/);
    expect(await said.textContent()).toContain("broken.png");

    // On another tab, to show that a drop is taken anywhere.
    await asking(page);
    await page.getByTestId("way-class").click();
    await page.evaluate(
      (bytes) => {
        const transfer = new DataTransfer();
        for (const name of ["9-x.png", "unnamed.png"])
          transfer.items.add(new File([new Uint8Array(bytes)], name, { type: "image/png" }));
        document.body.dispatchEvent(new DragEvent("drop", { dataTransfer: transfer, bubbles: true, cancelable: true }));
      },
      [...picture],
    );
    await expect.poll(() => said.textContent()).toContain("2 images joined: 1 as 3, 1 as 9.");
    expect(await said.textContent()).toContain("taken as 3: unnamed.png");
    const list = page.getByTestId("draw-list").locator("canvas");
    expect(await list.count()).toBe(4);

    const file = await download(page, "save-all", "saved.json");
    const other = await visit(site, quick);
    await asking(other.page);
    await other.page.getByTestId("load-all").setInputFiles(file);
    await expect.poll(() => other.page.getByTestId("draw-list").locator("canvas").count(), { timeout: 60_000 }).toBe(4);
    expect([...errors, ...other.errors]).toEqual([]);
    await Promise.all([context.close(), other.context.close()]);
  });
});

describe("course", () => {
  it("pauses, takes one step and continues, by keys that work after a click", async () => {
    const { page, context } = await visit(site, "device=cpu&network=lenet&size=1200");
    const status = page.getByTestId("status");
    const step = async () => Number(/step (\d+)/.exec((await status.textContent()) ?? "")?.[1]);
    await expect.poll(step).toBeGreaterThan(0);
    // The button has the focus after it; the key is still the page's.
    await page.getByTestId("slow").click();
    await page.keyboard.press("Space");
    await page.getByTestId("play").waitFor();
    await page.waitForTimeout(1500);
    const before = await step();
    await page.waitForTimeout(500);
    expect(await step()).toBe(before);
    await page.keyboard.press(".");
    await expect.poll(step).toBe(before + 1);
    await page.getByTestId("play").click();
    await asking(page);
    await context.close();
  });

  it("says so when a method destroys the network, and lets another one try", async () => {
    const { page, context } = await visit(site, `${small}&method=neggrad-plus&p=0.5`);
    await done(page);
    const outcome = page.getByTestId("outcome");
    await expect.poll(() => outcome.getAttribute("data-outcome")).toMatch(/destroyed|harmed|worse/);
    const gap = await figure(page, "unlearned", "gap");
    // The same question: it is tried at once, and ends closer to the twin.
    await page.getByTestId("method").selectOption("ugradsl");
    await page.waitForSelector('[data-phase="running"]');
    await done(page);
    expect(await figure(page, "unlearned", "gap")).toBeLessThan(gap);
    expect(await page.getByTestId("trials").locator("tbody tr").count()).toBe(2);
    await context.close();
  });

  it("races all methods from the original to the twin", async () => {
    const { page, errors, context } = await visit(site, "device=cpu&network=mlp&size=400");
    await asking(page);
    await page.getByTestId("race-all").click();
    await page.waitForSelector('[data-phase="running"]');
    await done(page, 300_000);
    await expect.poll(() => page.getByTestId("racer").count()).toBeGreaterThanOrEqual(12);
    expect(await page.getByTestId("race").textContent()).toMatch(/\d+ have arrived/);
    expect(await page.getByTestId("trials").locator("tbody tr").count()).toBe(15);
    expect(errors).toEqual([]);
    await context.close();
  });
});

describe("looking closer", () => {
  it("lists the library's methods, explains its figures, and has a threshold to drag", async () => {
    const { page, errors, context } = await visit(site, small);
    await done(page);
    const methods = await page.getByTestId("method").locator("option").allTextContents();
    expect(methods.slice(0, 5)).toEqual(["UGradSL+", "UGradSL", "NegGrad+", "Fine-tuning", "Gradient ascent"]);
    await page.getByTestId("network-original").getByRole("button", { name: "MIA" }).hover();
    const card = page.locator(".metric-card:popover-open");
    await card.waitFor();
    // The figures come with the runs, which the page asks for after it is done.
    await expect.poll(() => card.textContent()).toMatch(/÷ all forgotten images.*retrained: \d+ of \d+ = \d/);

    const attack = page.getByTestId("attack");
    await attack.scrollIntoViewIfNeeded();
    await page.getByTestId("attack-tpr").waitFor({ timeout: 60_000 });
    const before = await page.getByTestId("attack-tpr").textContent();
    await page.getByTestId("attack-threshold").fill("-3");
    await expect.poll(() => page.getByTestId("attack-tpr").textContent()).not.toBe(before);
    expect(errors).toEqual([]);
    await context.close();
  });

  it("draws neighbourhoods on request, and loads UMAP only then", async () => {
    const { page, errors, context } = await visit(site, small);
    const maps: string[] = [];
    page.on("request", (request) => /umap/.test(request.url()) && maps.push(request.url()));
    await done(page);
    const view = page.getByTestId("embedding");
    await view.scrollIntoViewIfNeeded();
    await expect.poll(() => view.getAttribute("data-axes")).toBe("pca");
    await page.getByTestId("axes-umap").check();
    await expect.poll(() => view.getAttribute("data-axes"), { timeout: 60_000 }).toBe("umap");
    // Marks are the same in both arrangements.
    await page.getByTestId("embedding-class").selectOption("forgotten");
    const marked = await view.getByRole("status").allTextContents();
    await page.getByTestId("axes-pca").check();
    await expect.poll(() => view.getAttribute("data-axes")).toBe("pca");
    expect(await view.getByRole("status").allTextContents()).toEqual(marked);
    expect(errors).toEqual([]);
    await context.close();
  });
});

describe("sharing", () => {
  it("leaves out the parts that a teacher unchecks", async () => {
    const { page, context } = await visit(site, quick);
    await page.getByTestId("teacher").locator("summary").click();
    await page.getByTestId("part-relearn").uncheck();
    expect(await page.getByTestId("teacher-link").getAttribute("href")).toContain("hide=relearn");
    await context.close();
  });

  it("opens a link as it was, one that is pasted into the tab, and ignores nonsense", async () => {
    const { page, context, errors } = await visit(
      site,
      `${small}&forget=class:5&method=ugradsl-plus&seed=7&alpha=-0.8&hide=attack&step=2`,
    );
    // The step of the link is shown, which has no gap.
    await page.waitForSelector('[data-phase="done"]', { timeout: 200_000 });
    for (const part of ["forget=class:5", "method=ugradsl-plus", "seed=7", "alpha=-0.8", "hide=attack"])
      expect(page.url()).toContain(part);
    expect(await page.getByTestId("attack").count()).toBe(0);
    expect(await page.getByTestId("seed").inputValue()).toBe("7");
    await expect.poll(() => page.getByTestId("status").textContent()).toContain("Step 2");
    await page.evaluate((hash) => (location.hash = hash), `${quick}&forget=class:2`);
    await page.waitForSelector('[data-phase="opening"]');
    await asking(page);
    expect(await page.getByTestId("choose-class-2").getAttribute("aria-pressed")).toBe("true");
    await context.close();
    const odd = await visit(site, `${quick}&forget=<script>&seed=NaN&alpha=1e99&rows=-4.x&method=__proto__&step=-1`);
    await asking(odd.page);
    expect([...errors, ...odd.errors]).toEqual([]);
    await odd.context.close();
  });
});

describe("every screen", () => {
  it.each([
    [360, 740, "dark"],
    [720, 450, "light"],
    [1440, 900, "light"],
  ] as const)("fits %i x %i px in %s and has no serious accessibility fault", async (width, height, colorScheme) => {
    const { page, context } = await visit(site, small, { viewport: { width, height }, colorScheme });
    await done(page);
    await page.waitForTimeout(1500);
    await page.screenshot({ path: `${out}/page-${width}-${colorScheme}.png` });
    // Nothing that stays on the screen covers more than a third of it.
    const covered = await page.evaluate(() =>
      Math.max(
        0,
        ...[...document.querySelectorAll("#app *")]
          .filter((one) => ["fixed", "sticky"].includes(getComputedStyle(one).position))
          .map((one) => (one.matches(".metric-card") ? 0 : one.getBoundingClientRect().height / innerHeight)),
      ),
    );
    expect(covered).toBeLessThan(0.34);
    const whole = await page.evaluate(() => document.body.scrollHeight);
    for (let y = 0; y < whole; y += 400) {
      await page.mouse.wheel(0, 400);
      await page.waitForTimeout(100);
    }
    await page.waitForTimeout(1500);
    expect(await page.evaluate(() => document.documentElement.scrollWidth)).toBeLessThanOrEqual(width);
    await page.evaluate(axe.source);
    const found = await page.evaluate(() => (window as unknown as { axe: typeof axe }).axe.run());
    const serious = found.violations.filter((one) => one.impact === "serious" || one.impact === "critical");
    expect(serious.map((one) => `${one.id}: ${one.nodes.map((node) => node.html).join("; ")}`)).toEqual([]);
    await context.close();
  });

  it.each([
    [1440, 900],
    [1280, 720],
  ])("has everything that matters in one screen of %i x %i", async (width, height) => {
    const { page, context } = await visit(site, quick, { viewport: { width, height } });
    await asking(page);
    for (const part of ["choose", "trio", "draw-pad", "remark", "timeline", "race", "verdict", "forget"]) {
      const box = await page.getByTestId(part).boundingBox();
      expect((box?.y ?? Infinity) + (box?.height ?? 0), part).toBeLessThanOrEqual(height + 1);
    }
    await context.close();
  });
});
