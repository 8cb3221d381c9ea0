/** The built page in the system's Chromium: a server, a browser, and helpers of all tests. */

import { mkdirSync } from "node:fs";
import { join } from "node:path";

import { chromium, type Browser, type BrowserContext, type Page } from "playwright-core";
import { preview, type PreviewServer } from "vite";

import { strokes } from "../src/strokes";

/** Where pictures and downloads go. */
export const out = join(import.meta.dirname, "../node_modules/.e2e");
mkdirSync(out, { recursive: true });

const quiet = [
  "--no-sandbox",
  "--disable-background-networking",
  "--disable-component-update",
  "--disable-sync",
  "--no-first-run",
  "--disable-quic",
];
/** WebGPU without a GPU: SwiftShader. */
const software = [
  "--enable-unsafe-webgpu",
  "--enable-features=Vulkan",
  "--use-angle=vulkan",
  "--use-vulkan=swiftshader",
];

export interface Site {
  browser: Browser;
  url: string;
  close(): Promise<void>;
}

export function launch(options: { webgpu: boolean }): Promise<Browser> {
  return chromium.launch({
    executablePath: process.env["CHROMIUM"] ?? "/usr/bin/chromium",
    args: [...quiet, ...(options.webgpu ? software : [])],
  });
}

export async function open(options: { webgpu: boolean }): Promise<Site> {
  const server: PreviewServer = await preview({
    configFile: join(import.meta.dirname, "../vite.config.ts"),
    root: join(import.meta.dirname, "../.."),
    logLevel: "error",
    preview: { port: 0, host: "127.0.0.1" },
  });
  const url = server.resolvedUrls?.local[0];
  if (url === undefined) throw new Error("the page is not served");
  const browser = await launch(options);
  return {
    browser,
    url,
    async close() {
      await browser.close();
      await server.close();
    },
  };
}

export interface Visit {
  context: BrowserContext;
  page: Page;
  /** Errors that the page did not catch. */
  errors: string[];
  /** Addresses of other hosts that were called. */
  foreign: string[];
}

export async function visit(
  site: Site,
  hash: string,
  options: Parameters<Browser["newContext"]>[0] = {},
): Promise<Visit> {
  const context = await site.browser.newContext({ viewport: { width: 1280, height: 900 }, ...options });
  const page = await context.newPage();
  const [errors, foreign]: [string[], string[]] = [[], []];
  page.on("pageerror", (error) => errors.push(String(error)));
  context.on("request", (request) => {
    const address = new URL(request.url());
    if (/^https?:$/.test(address.protocol) && address.origin !== new URL(site.url).origin) foreign.push(request.url());
  });
  await page.goto(`${site.url}#${hash}`);
  return { context, page, errors, foreign };
}

/** Waits until both networks have learned, and the page asks whether to forget. */
export async function asking(page: Page, timeout = 200_000): Promise<void> {
  await page.waitForSelector('[data-testid=status][data-phase="asking"]', { timeout });
}

/** Waits until all runs are over, and nothing is played any more. */
export async function done(page: Page, timeout = 200_000): Promise<void> {
  await page.waitForSelector('[data-testid=status][data-phase="done"]', { timeout });
  // The table follows the last event.
  await page.waitForFunction(
    () => /\d/.test(document.querySelector("[data-testid=unlearned-gap]")?.textContent ?? ""),
    undefined,
    { timeout: 60_000 },
  );
}

/** Makes the network forget what was chosen, once the page asks. */
export async function forget(page: Page): Promise<void> {
  await asking(page);
  await page.getByTestId("forget").click();
  await done(page);
}

/** Draws a digit on the pad, as a hand does. */
export async function draw(page: Page, digit: number): Promise<void> {
  await page.getByTestId("wipe").click();
  const pad = await page.getByTestId("draw-pad").boundingBox();
  if (!pad) throw new Error("no pad");
  const at = ([x, y]: readonly [number, number]) => [pad.x + x * pad.width, pad.y + y * pad.height] as const;
  for (const [first, ...rest] of strokes[digit] ?? []) {
    if (!first) continue;
    await page.mouse.move(...at(first));
    await page.mouse.down();
    for (const point of rest) await page.mouse.move(...at(point));
    await page.mouse.up();
  }
}

/** A figure of the three networks: `figure(page, "unlearned", "ua")`. */
export async function figure(page: Page, network: string, name: string): Promise<number> {
  const text = await page.getByTestId(`${network}-${name}`).textContent();
  return Number.parseFloat(/-?\d+(\.\d+)?/.exec(text ?? "")?.[0] ?? "NaN");
}

/** Path of the file that a click saves. */
export async function download(page: Page, testId: string, name: string): Promise<string> {
  const [file] = await Promise.all([page.waitForEvent("download"), page.getByTestId(testId).click()]);
  const path = join(out, name);
  await file.saveAs(path);
  return path;
}
