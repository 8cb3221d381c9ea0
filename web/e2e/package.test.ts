/**
 * The npm package as an application has it: packed, installed into a fresh Vite project without configuration, used
 * in a browser.
 */

import { execFileSync } from "node:child_process";
import { cpSync, mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";

import type { Browser, Page } from "playwright-core";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { build, createServer, preview, type InlineConfig } from "vite";

import type * as Package from "ugradsl";
import { launch } from "./browser";

declare global {
  interface Window {
    ugradsl: typeof Package;
    example: () => Promise<unknown>;
  }
}

const root = join(import.meta.dirname, "..");
const source = join(root, "package");
const project = mkdtempSync(join(tmpdir(), "ugradsl-package-"));
function run(command: string, cwd: string, ...args: string[]): string {
  try {
    return execFileSync(command, args, { cwd, encoding: "utf8", stdio: ["ignore", "pipe", "inherit"] });
  } catch (error) {
    // The compiler writes its findings to its output.
    throw new Error(`${command} failed: ${(error as { stdout: string }).stdout}`, { cause: error });
  }
}
const check = () => run(join(root, "node_modules/.bin/tsc"), project, "-p", ".");
const vite: InlineConfig = {
  root: project,
  configFile: false,
  logLevel: "warn",
  preview: { port: 0, host: "127.0.0.1" },
  server: { port: 0, host: "127.0.0.1" },
};

/** As `npm create vite -- --template vanilla-ts` makes it, but stricter: the types of dependencies are checked too. */
const tsconfig = {
  compilerOptions: {
    target: "ES2023",
    module: "ESNext",
    lib: ["ES2023", "DOM"],
    types: [],
    moduleResolution: "bundler",
    verbatimModuleSyntax: true,
    moduleDetection: "force",
    noEmit: true,
    strict: true,
    noUnusedLocals: true,
    exactOptionalPropertyTypes: true,
  },
  include: ["src"],
};
const main = `import * as ugradsl from "ugradsl";
Object.assign(window, { ugradsl, example: () => import("./example") });
`;

function makeProject(): void {
  const [packed] = JSON.parse(run("npm", source, "pack", "--json", "--silent", "--pack-destination", project)) as {
    filename: string;
  }[];
  const manifest = {
    name: "application",
    private: true,
    type: "module",
    dependencies: { ugradsl: `file:${packed?.filename ?? ""}` },
  };
  const example = /```ts\n(import [^]*?)```/.exec(readFileSync(join(source, "README.md"), "utf8"))?.[1] ?? "";
  mkdirSync(join(project, "src"));
  mkdirSync(join(project, "public/data"), { recursive: true });
  const files = {
    "package.json": JSON.stringify(manifest),
    "tsconfig.json": JSON.stringify(tsconfig),
    "index.html":
      '<!doctype html><title>application</title><link rel="icon" href="data:," />' +
      '<script type="module" src="/src/main.ts"></script>',
    "src/main.ts": main,
    "src/example.ts": example,
  };
  for (const [name, text] of Object.entries(files)) writeFileSync(join(project, name), text);
  const assets = {
    "train-images": "train-images-idx3",
    "train-labels": "train-labels-idx1",
    "test-images": "t10k-images-idx3",
    "test-labels": "t10k-labels-idx1",
  };
  for (const [to, from] of Object.entries(assets))
    cpSync(
      join(root, `../crates/ugradsl/assets/mnist-subset/${from}-ubyte.gz`),
      join(project, `public/data/${to}.idx`),
    );
  run("npm", project, "install", "--offline", "--no-audit", "--no-fund");
}

beforeAll(async () => {
  makeProject();
  check();
  await build(vite);
});
afterAll(() => rmSync(project, { recursive: true }));

/** `script`: a further script of the page. */
async function visit(browser: Browser, urls: string[] | undefined, script = ""): Promise<Page> {
  const page = await browser.newPage();
  page.on("pageerror", (error) => console.error(String(error)));
  await page.goto(urls?.[0] ?? "");
  if (script !== "") await page.addScriptTag({ type: "module", content: script });
  await page.waitForFunction(() => "ugradsl" in window);
  return page;
}

describe("built, on the processor", () => {
  let browser: Browser;
  let page: Page;
  let close: () => Promise<void>;
  beforeAll(async () => {
    const server = await preview(vite);
    browser = await launch({ webgpu: false });
    page = await visit(browser, server.resolvedUrls?.local);
    close = () => server.close();
  });
  afterAll(async () => {
    await browser.close();
    await close();
  });

  it("runs the example of its README", async () => {
    const lines: string[] = [];
    page.on("console", (message) => lines.push(message.text()));
    await page.evaluate(() => window.example());
    const text = lines.join("\n");
    expect(text).toMatch(/^computing on /);
    expect(text).toMatch(/original: at most \d+ steps\nstep \d+: loss \d/);
    expect(text).toMatch(/retrain: UA 100\.0/);
    const ua = Number(/ugradsl-plus: UA ([\d.]+)/.exec(text)?.[1]);
    expect(ua).toBeGreaterThan(90);
    expect(text.match(/\d{5,} bytes of safetensors/g)).toHaveLength(3);
  });

  it("reports its events in order, in the types that it declares", async () => {
    const found = await page.evaluate(async () => {
      const idx = async (name: string) => new Uint8Array(await (await fetch(`data/${name}.idx`)).arrayBuffer());
      const session = await window.ugradsl.Session.create({
        device: "cpu",
        data: {
          train: { images: await idx("train-images"), labels: await idx("train-labels") },
          test: { images: await idx("test-images"), labels: await idx("test-labels") },
        },
        forget: { class: 3 },
        methods: ["ugradsl"],
        recipe: { architecture: "mlp", training: { epochs: 4 }, limit_train: 800, limit_test: 200 },
      });
      const events = [];
      for await (const event of session) events.push(event);
      const runs = await session.runs();
      const forgotten = runs.find(({ method }) => method === "ugradsl")?.model ?? "";
      const model = await session.model(forgotten);
      await session.importModel("mine", model);
      const measures = { exported: await session.measure(forgotten), imported: await session.measure("mine") };
      const report = await session.report("json");
      const html = await session.report("html");
      // The second experiment does not train the original again.
      await session.begin({
        forget: { ids: [0, 1, 2, 5, 9] },
        methods: ["ft"],
        recipe: { architecture: "mlp", training: { epochs: 4 }, limit_train: 800, limit_test: 200 },
      });
      const again = [];
      for await (const event of session) if (event.event === "started") again.push(event.method);
      const unknown = await session.model("unknown").catch((error: unknown) => String(error));
      await session[Symbol.asyncDispose]();
      const closed = await session.runs().catch((error: unknown) => String(error));
      return {
        about: session.about,
        methods: session.methods,
        events,
        runs,
        model: [...model],
        measures,
        report,
        html,
        again,
        unknown,
        closed,
      };
    });
    const { events, runs } = found;
    const told = (name: string) =>
      events.flatMap((event) => (event.event === name && "method" in event ? [event.method] : []));
    const methods = runs.map(({ method }) => method);
    expect(methods.toSorted()).toEqual(["original", "retrain", "ugradsl"]);
    for (const name of ["started", "finished", "evaluated"]) expect(told(name)).toEqual(methods);
    let [step, running] = [0, false];
    for (const event of events) {
      if (event.event === "started") [step, running] = [event.resumed_at, true];
      if (event.event === "finished") running = false;
      if (event.event !== "step") continue;
      expect(running).toBe(true);
      expect(event.step).toBeGreaterThan(step);
      step = event.step;
    }
    const figures = new Map(runs.map((one) => [one.method, one]));
    expect(figures.get("retrain")?.ua).toBe(100);
    expect(figures.get("ugradsl")?.ua).toBeGreaterThan(90);
    expect(figures.get("original")?.ua).toBeLessThan(50);
    expect(found.measures.imported).toEqual(found.measures.exported);
    expect(found.measures.exported.ua).toBe(figures.get("ugradsl")?.ua);
    const report = JSON.parse(found.report) as { runs: unknown[]; environment: { version: string } };
    expect(report.runs).toEqual(runs);
    expect(found.html).toContain("<html");
    const head = Buffer.from(found.model).readUInt32LE(0);
    expect(
      Object.keys(JSON.parse(Buffer.from(found.model.slice(8, 8 + head)).toString()) as object).length,
    ).toBeGreaterThan(6);
    expect(found.again).toEqual(["retrain", "ft"]);
    expect(found.methods).toContain("ugradsl-plus");
    expect(found.unknown).toContain('there is no network "unknown"');
    expect(found.closed).toContain("the session is closed");
    expect(found.about.version).toBe(
      (JSON.parse(readFileSync(join(source, "package.json"), "utf8")) as { version: string }).version,
    );

    // The compiler compares the answers of the library with the types of the package, field for field.
    const declared = {
      About: [found.about],
      SessionEvent: events,
      RunRecord: runs,
      Measures: Object.values(found.measures),
    };
    const lines = Object.entries(declared).map(
      ([type, values]) => `export const of${type}: ${type}[] = ${JSON.stringify(values)};`,
    );
    const imports = `import type { ${Object.keys(declared).join(", ")} } from "ugradsl";`;
    const wrong = ['{ event: "checkpointed", step: 1, more: 2 }', '{ event: "checkpointed" }'].map(
      (value, at) => `// @ts-expect-error\nexport const wrong${at}: SessionEvent = ${value};`,
    );
    writeFileSync(join(project, "src/emitted.ts"), [imports, ...lines, ...wrong].join("\n"));
    check();
  });

  it("stops when the loop is left, and continues from there", async () => {
    const found = await page.evaluate(async () => {
      // Two classes of 4 x 4 pixels in two colours: bright above, or bright below.
      const rows = 2000;
      const labels = Array.from({ length: rows }, (_, row) => row % 2);
      const pixels = Uint8Array.from({ length: rows * 2 * 16 }, (_, at) =>
        (at >> 3) % 2 === Math.floor(at / 32) % 2 ? 255 : at % 97,
      );
      const set = { pixels, labels };
      const session = await window.ugradsl.Session.create({
        device: "cpu",
        data: { name: "halves", height: 4, width: 4, channels: 2, train: set, test: set },
        forget: { random: 0.1 },
        methods: ["ugradsl"],
        recipe: { architecture: "mlp", training: { epochs: 30 } },
      });
      const steps: number[] = [];
      for await (const event of session) {
        if (event.event !== "step") continue;
        steps.push(event.step);
        if (steps.length === 3) break;
      }
      await new Promise((resolve) => setTimeout(resolve, 1000));
      // While paused, the loop yields only the events that were under way when it was left.
      session.pause();
      const rest = session[Symbol.asyncIterator]();
      let late = 0;
      const pending = (async () => {
        for (;;) {
          const { value, done } = await rest.next();
          if (done === true) return;
          late++;
          if (value.event === "step") steps.push(value.step);
        }
      })();
      await new Promise((resolve) => setTimeout(resolve, 500));
      const atRest = late;
      session.step();
      await new Promise((resolve) => setTimeout(resolve, 500));
      const afterStep = late;
      session.resume();
      await new Promise((resolve) => setTimeout(resolve, 500));
      const running = late;
      session.close();
      await pending;
      return {
        shape: session.about.data?.shape,
        classes: session.about.data?.classes,
        steps,
        atRest,
        afterStep,
        running,
      };
    });
    expect(found.shape).toEqual([2, 4, 4]);
    expect(found.classes).toBe(2);
    expect(found.atRest).toBeLessThanOrEqual(3);
    expect(found.afterStep).toBeGreaterThan(found.atRest);
    expect(found.afterStep).toBeLessThanOrEqual(found.atRest + 3);
    expect(found.running).toBeGreaterThan(found.afterStep + 3);
    expect(found.steps).toEqual(found.steps.toSorted((one, other) => one - other));
  });
});

describe("as files of a static host", () => {
  it("rejects in the library's words", async () => {
    // The files of the project, node_modules included, without a build.
    const server = await preview({ ...vite, build: { outDir: "." } });
    const browser = await launch({ webgpu: false });
    const page = await visit(
      browser,
      server.resolvedUrls?.local,
      'import * as ugradsl from "/node_modules/ugradsl/dist/index.js"; Object.assign(window, { ugradsl });',
    );
    const sentences = await page.evaluate(async () => {
      const set = { pixels: Uint8Array.of(0, 80, 160, 240), labels: [0, 1, 0, 1] };
      const data = { height: 1, width: 1, train: set, test: set };
      const file = "public/data/train-labels.idx";
      const attempts = [
        { data, forget: { class: 7 } },
        { data, forget: { class: 1 }, recipe: { epocs: 3 } },
        { data, forget: { ids: [-1] } },
        { data: { ...data, width: 2 }, forget: { class: 1 } },
        { data: { train: { images: file, labels: file }, test: { images: file, labels: file } }, forget: { class: 1 } },
      ];
      const sentence = (options: Package.SessionOptions) =>
        window.ugradsl.Session.create({ device: "cpu", ...options }).then(
          () => "",
          (error: unknown) => String(error),
        );
      return Promise.all(attempts.map(sentence));
    });
    const expected = [
      "class",
      'unknown key "epocs"',
      "-1 is not the number of a row to forget",
      "8 pixel values",
      "images",
    ];
    for (const [at, words] of expected.entries()) expect(sentences[at]).toContain(words);
    // A worker that does not exist, or whose script fails, rejects and does not wait for ever.
    const create = () =>
      page.evaluate(() => {
        const set = { pixels: Uint8Array.of(0, 255), labels: [0, 1] };
        const options = {
          device: "cpu" as const,
          data: { height: 1, width: 1, train: set, test: set },
          forget: { class: 1 },
        };
        return window.ugradsl.Session.create(options).then(
          () => "",
          (error: unknown) => String(error),
        );
      });
    await page.route("**/worker.js", (route) =>
      route.fulfill({ contentType: "text/javascript", body: 'throw new Error("no such luck");' }),
    );
    expect(await create()).toContain("no such luck");
    await page.unroute("**/worker.js");
    await page.route("**/worker.js", (route) => route.abort());
    expect(await create()).toContain("the worker cannot be loaded");
    await browser.close();
    await server.close();
  });
});

describe("in development, on WebGPU in software", () => {
  it("computes, and reports when the device is lost", async () => {
    const server = await createServer(vite);
    await server.listen();
    const browser = await launch({ webgpu: true });
    try {
      const page = await visit(browser, server.resolvedUrls?.local);
      const outcome = page.evaluate(async () => {
        const set = {
          pixels: Uint8Array.from({ length: 64 * 16 }, (_, at) => ((at >> 4) % 2) * 255),
          labels: Array.from({ length: 64 }, (_, row) => row % 2),
        };
        const session = await window.ugradsl.Session.create({
          device: "gpu",
          data: { height: 4, width: 4, train: set, test: set },
          forget: { class: 1 },
          methods: ["ugradsl"],
          recipe: { architecture: "mlp", training: { epochs: 2 } },
        });
        for await (const event of session) if (event.event === "finished") document.title = event.method;
        const methods = (await session.runs()).map(({ method }) => method);
        await session.begin({ forget: { class: 0 }, recipe: { architecture: "mlp", training: { epochs: 10_000 } } });
        try {
          for await (const event of session) if (event.event === "step") document.title = "again";
          return { api: session.about.device.api, methods, lost: "not at all" };
        } catch (error) {
          const afterwards = await session.runs().catch((later: unknown) => String(later));
          return {
            api: session.about.device.api,
            methods,
            lost: String(error),
            known: error instanceof window.ugradsl.DeviceLostError,
            afterwards,
          };
        }
      });
      await page.waitForFunction(() => document.title === "again", undefined, { timeout: 200_000 });
      await (await browser.newBrowserCDPSession()).send("Browser.crashGpuProcess");
      const found = await outcome;
      expect(found.api).toBe("webgpu");
      expect(found.methods.toSorted()).toEqual(["original", "retrain", "ugradsl"]);
      expect(found.lost).toContain("graphics processor");
      expect(found.known).toBe(true);
      expect(found.afterwards).toContain("graphics processor");
    } finally {
      await browser.close();
      await server.close();
    }
  });
});
