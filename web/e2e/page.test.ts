/** The page on the processor, as for a visitor without a GPU. */

import { mkdirSync, writeFileSync } from "node:fs";
import { join } from "node:path";

import axe from "axe-core";
import { afterAll, beforeAll, describe, expect, it } from "vitest";

import { done, download, figure, open, out, visit, type Site } from "./browser";

let site: Site;
beforeAll(async () => (site = await open({ webgpu: false })));
afterAll(() => site.close());

/** Seconds instead of minutes. */
const small = "device=cpu&size=1200";

describe("first visit", () => {
  // The only test with a clock: a busy machine may delay a browser once, but a fault shows in both attempts.
  it("trains without a click, calls no other host, and never blocks the page", { retry: 1 }, async () => {
    const { page, errors, foreign, context } = await visit(site, "");
    await page.evaluate(() => {
      const gaps: number[] = [];
      let last = performance.now();
      setInterval(() => {
        const now = performance.now();
        gaps.push(now - last - 10);
        last = now;
      }, 10);
      (window as unknown as { gaps: number[] }).gaps = gaps;
    });
    // Opening a page keeps it busy; the test measures the training after that.
    await page.waitForSelector('[data-testid=status][data-phase="running"]');
    await page.evaluate(() => ((window as unknown as { gaps: number[] }).gaps.length = 0));
    await done(page);
    const longest = await page.evaluate(() => Math.max(...(window as unknown as { gaps: number[] }).gaps));
    expect(longest).toBeLessThan(100);
    expect(await page.getByTestId("notice").textContent()).toContain("No graphics processor");
    expect(await figure(page, "unlearned", "gap")).toBeLessThan((await figure(page, "original", "gap")) / 2);
    expect(await figure(page, "retrained", "ua")).toBe(100);
    expect(await page.getByTestId("selftest").getAttribute("data-passed")).toBe("true");
    expect(errors).toEqual([]);
    expect(foreign).toEqual([]);

    // The second visit needs no network.
    await page.evaluate(() => navigator.serviceWorker.ready);
    await page.reload();
    await page.waitForSelector('[data-testid=status][data-phase="running"]');
    await context.setOffline(true);
    await page.reload();
    await done(page);
    await context.close();
  });
});

describe("understanding", () => {
  it("is guided step by step, by keyboard too, and can ask whether the memory was only hidden", async () => {
    const { page, errors, context } = await visit(site, small);
    await page.getByTestId("tour-open").focus();
    await page.keyboard.press("Enter");
    const dialog = page.locator("dialog.tour");
    for (const at of [1, 2, 3, 4, 5]) {
      await expect.poll(() => dialog.textContent()).toContain(`${at} of 5`);
      expect(await page.locator(".tour-target").count()).toBe(1);
      await page.getByTestId("tour-next").click();
    }
    await expect.poll(() => dialog.isVisible()).toBe(false);
    expect(await page.evaluate(() => document.activeElement?.getAttribute("data-testid"))).toBe("tour-open");

    await done(page);
    await page.getByTestId("relearn-run").click();
    const said = page.getByTestId("relearn").getByRole("status");
    await said.waitFor({ timeout: 120_000 });
    expect(await said.textContent()).toMatch(/unlearned|Neither|Both|Even/);
    await page.getByTestId("relearn").getByText("5", { exact: true }).click();
    await page.getByTestId("relearn-run").click();
    await expect.poll(() => page.getByTestId("relearn").locator("tbody tr").count(), { timeout: 120_000 }).toBe(2);
    expect(errors).toEqual([]);
    await context.close();
  });
});

describe("choosing", () => {
  it("forgets a class, a share, picked images and own drawings", async () => {
    const { page, errors, context } = await visit(site, small);
    await done(page);
    await page.getByTestId("choose-class-7").click();
    await page.getByTestId("forget").click();
    await page.waitForSelector('[data-phase="running"]');
    await done(page);
    expect(page.url()).toContain("forget=class:7");

    await page.getByTestId("way-random").click();
    await page.getByTestId("share").fill("20");
    await page.getByTestId("forget").click();
    await page.waitForSelector('[data-phase="running"]');
    await done(page);
    expect(await figure(page, "retrained", "ua")).toBeLessThan(50);

    await page.getByTestId("way-ids").click();
    for (const at of [0, 1, 2, 3, 4]) await page.getByTestId("pick").nth(at).click();
    await page.getByTestId("forget").click();
    await page.waitForSelector('[data-phase="running"]');
    await done(page);
    await page.getByTestId("instances").scrollIntoViewIfNeeded();
    await expect.poll(() => page.getByTestId("instance").count()).toBe(5);

    await page.getByTestId("way-own").click();
    for (const turn of [0, 1, 2]) {
      const pad = await page.getByTestId("draw-pad").boundingBox();
      if (!pad) throw new Error("no pad");
      await page.mouse.move(pad.x + 60 + turn * 9, pad.y + 40);
      await page.mouse.down();
      await page.mouse.move(pad.x + 150, pad.y + 110 + turn * 7, { steps: 8 });
      await page.mouse.move(pad.x + 70, pad.y + 180, { steps: 8 });
      await page.mouse.up();
      await page.getByTestId("draw-add").click();
      await expect.poll(() => page.getByTestId("draw-list").locator("canvas").count()).toBe(turn + 1);
    }
    await page.getByTestId("forget").click();
    await page.waitForSelector('[data-phase="running"]');
    await done(page);
    await page.getByTestId("instances").scrollIntoViewIfNeeded();
    await expect.poll(() => page.getByTestId("instance").count()).toBe(3);
    expect(errors).toEqual([]);
    await context.close();
  });

  it("takes a folder and dropped files by their names, names others, and saves the images", async () => {
    const { page, errors, context } = await visit(site, small);
    await done(page);
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
    await page.reload();
    await done(page);
    await page.getByTestId("load-all").setInputFiles(file);
    await expect.poll(() => list.count(), { timeout: 60_000 }).toBe(4);
    await page.waitForSelector('[data-phase="running"]');
    await done(page);
    await page.getByTestId("instances").scrollIntoViewIfNeeded();
    await expect.poll(() => page.getByTestId("instance").count()).toBe(4);
    expect(errors).toEqual([]);
    await context.close();
  });

  it("ends closer to the twin by UGradSL+ than by gradient ascent", async () => {
    const gaps = [];
    for (const method of ["ugradsl-plus", "ga"]) {
      const { page, context } = await visit(site, `${small}&method=${method}`);
      await done(page);
      gaps.push(await figure(page, "unlearned", "gap"));
      await context.close();
    }
    expect(gaps[0]).toBeLessThan(gaps[1] ?? 0);
  });
});

describe("course", () => {
  it("pauses, takes one step, continues, and goes back", async () => {
    const { page, context } = await visit(site, small);
    const status = page.getByTestId("status");
    await page.waitForFunction(() =>
      /step [1-9]/.test(document.querySelector("[data-testid=status]")?.textContent ?? ""),
    );
    await page.keyboard.press("Space");
    await page.getByTestId("play").waitFor();
    const step = async () => Number(/step (\d+)/.exec((await status.textContent()) ?? "")?.[1]);
    await page.waitForTimeout(1000);
    const before = await step();
    await page.waitForTimeout(500);
    expect(await step()).toBe(before);
    await page.keyboard.press(".");
    await expect.poll(step).toBe(before + 1);
    await page.getByTestId("play").click();
    await done(page);
    const rewind = page.getByTestId("rewind");
    await rewind.fill("0");
    await expect.poll(() => page.getByTestId("network-unlearned").textContent()).toContain("measured on a sample");
    await context.close();
  });
});

describe("looking closer", () => {
  it("lists the library's methods, explains its figures, and has a threshold to drag", async () => {
    const { page, errors, context } = await visit(site, small);
    await done(page);
    const methods = await page.getByTestId("method").locator("option").allTextContents();
    expect(methods.slice(0, 5)).toEqual(["UGradSL+", "UGradSL", "NegGrad+", "Fine-tuning", "Gradient ascent"]);
    // The default method has a row already; another method gets a second one.
    await page.getByTestId("method").selectOption("ga");
    await page.getByTestId("forget").click();
    await expect.poll(() => page.getByTestId("trials").locator("tbody tr").count(), { timeout: 120_000 }).toBe(2);
    await done(page);
    await page
      .getByTestId("trials")
      .getByRole("button", { name: /Show: UGradSL/ })
      .click();
    await done(page);
    await expect.poll(() => page.getByTestId("method").inputValue()).toBe("ugradsl-plus");
    await page.getByTestId("method").selectOption("ft");
    expect(await page.getByTestId("alpha").isDisabled()).toBe(true);
    expect(await page.getByTestId("method-line").textContent()).toContain("trains on");

    await page.getByTestId("network-original").getByRole("button", { name: "MIA" }).hover();
    const card = page.locator(".metric-card:popover-open");
    await card.waitFor();
    // The figures come with the runs, which the page asks for after it is done.
    await expect.poll(() => card.textContent()).toMatch(/÷ all forgotten images.*retrained: \d+ of \d+ = \d/);

    const attack = page.getByTestId("attack");
    await attack.scrollIntoViewIfNeeded();
    const chart = attack.locator(".chart.dragged .u-over").first();
    await chart.waitFor();
    // It is drawn again with the last answers.
    await expect.poll(() => chart.scrollIntoViewIfNeeded().then(() => "in view", String)).toBe("in view");
    const box = await chart.boundingBox();
    if (!box) throw new Error("no chart");
    await page.mouse.move(box.x + box.width * 0.8, box.y + box.height * 0.7);
    await page.mouse.down();
    await page.mouse.move(box.x + box.width * 0.25, box.y + box.height * 0.7, { steps: 4 });
    await page.mouse.up();
    expect(Number(await page.getByTestId("attack-threshold").inputValue())).toBeCloseTo(0.25, 1);
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
    expect(maps).toEqual([]);
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

  it("shows the stages of a step in slow motion", async () => {
    const { page, errors, context } = await visit(site, "device=cpu&size=4000");
    await page.waitForFunction(
      () => /Forgetting.*step [1-9]/.test(document.querySelector("[data-testid=status]")?.textContent ?? ""),
      undefined,
      { timeout: 200_000 },
    );
    await page.keyboard.press("s");
    const lit = page.getByTestId("stages").locator("li.lit b");
    for (const stage of [
      "Retained batch",
      "Forgotten batch",
      "Labels smoothed",
      "Ascent and descent combined",
      "Weights moved",
    ])
      await expect.poll(() => lit.textContent(), { interval: 50 }).toBe(stage);
    await expect.poll(() => page.getByTestId("stages").locator(".batch canvas").count()).toBe(12);
    expect(errors).toEqual([]);
    await context.close();
  });
});

describe("sharing", () => {
  it("leaves out the parts that a teacher unchecks", async () => {
    const { page, context } = await visit(site, small);
    await page.getByTestId("teacher").locator("summary").click();
    await page.getByTestId("part-relearn").uncheck();
    expect(await page.getByTestId("teacher-link").getAttribute("href")).toContain("hide=relearn");
    await context.close();
  });

  it("opens a shared address as it was, and ignores nonsense in one", async () => {
    const { page, context, errors } = await visit(
      site,
      `${small}&forget=class:5&method=ugradsl&seed=7&alpha=-0.8&hide=attack`,
    );
    await done(page);
    for (const part of ["forget=class:5", "method=ugradsl", "seed=7", "alpha=-0.8", "hide=attack"])
      expect(page.url()).toContain(part);
    expect(await page.getByTestId("attack").count()).toBe(0);
    expect(await page.getByTestId("seed").inputValue()).toBe("7");
    await context.close();
    const odd = await visit(
      site,
      "device=cpu&size=1200&forget=<script>&seed=NaN&alpha=1e99&rows=-4.x&method=__proto__",
    );
    await done(odd.page);
    expect([...errors, ...odd.errors]).toEqual([]);
    await odd.context.close();
  });
});

describe("every screen", () => {
  it.each([
    [360, "dark"],
    [1440, "light"],
  ] as const)("fits %i px in %s and has no serious accessibility fault", async (width, colorScheme) => {
    const { page, context } = await visit(site, small, { viewport: { width, height: 800 }, colorScheme });
    await done(page);
    const height = await page.evaluate(() => document.body.scrollHeight);
    for (let y = 0; y < height; y += 400) {
      await page.mouse.wheel(0, 400);
      await page.waitForTimeout(100);
    }
    await page.waitForTimeout(2000);
    expect(await page.evaluate(() => document.documentElement.scrollWidth)).toBeLessThanOrEqual(width);
    await page.evaluate(() => scrollTo(0, 0));
    await page.screenshot({ path: `${out}/page-${width}-${colorScheme}.png`, fullPage: true });
    await page.evaluate(axe.source);
    const found = await page.evaluate(() => (window as unknown as { axe: typeof axe }).axe.run());
    const serious = found.violations.filter((one) => one.impact === "serious" || one.impact === "critical");
    expect(serious.map((one) => `${one.id}: ${one.nodes.map((node) => node.html).join("; ")}`)).toEqual([]);
    await context.close();
  });
});
