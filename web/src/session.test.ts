/** Commands, with a worker that answers like the real one. */

import { beforeEach, describe, expect, it, vi } from "vitest";

import type { About, DeviceInfo } from "ugradsl";
import type { ToPage, ToWorker } from "ugradsl/internal";

type Script = (message: ToWorker, post: (answer: ToPage) => void) => void;
let script: Script;

class FakeWorker extends EventTarget {
  postMessage(message: ToWorker): void {
    script(message, (data) => setTimeout(() => this.dispatchEvent(new MessageEvent("message", { data })), 0));
  }
  terminate(): void {
    /* Nothing runs. */
  }
}
vi.stubGlobal("Worker", FakeWorker);
vi.stubGlobal("history", { replaceState: () => undefined });
/** Every file of every data set: one image of 1 x 1 pixels, of class 0, whose file has the labels' dimensions too. */
const idx = [0, 0, 8, 1, 0, 0, 0, 1, 0, 0, 0, 1, 0, 0, 0, 1, 200];
vi.stubGlobal("fetch", () => Promise.resolve(new Response(Uint8Array.from(idx))));
vi.stubGlobal("document", { baseURI: "http://localhost/" });
// The worker compiles the module itself where the page cannot.
vi.stubGlobal("WebAssembly", { ...WebAssembly, compileStreaming: () => Promise.reject(new Error("no module")) });

const device: DeviceInfo = { kind: "gpu", adapter: "", api: "", driver: "", software: false, limits: [] };
const about: About = { version: "0", device, checks: [], data: null };
const answers: Partial<Record<string, unknown>> = {
  open: about,
  load: about,
  begin: null,
  runs: [],
  defaults: { ugradsl: { p: 0.8 } },
};

function reply(message: ToWorker, post: (answer: ToPage) => void): void {
  if (message.kind !== "call") return;
  const result = message.name in answers ? answers[message.name] : new Uint32Array([1]);
  post({ kind: "answer", id: message.id, result } as ToPage);
}

beforeEach(() => {
  vi.resetModules();
  script = reply;
});

describe("a lost device", () => {
  it("is opened again once, then given up for the processor", async () => {
    const opened: string[] = [];
    let losses = 2;
    script = (message, post) => {
      if (message.kind === "call" && message.name === "open") opened.push(message.args.device);
      reply(message, post);
      if (message.kind === "call" && message.name === "begin" && losses-- > 0) post({ kind: "lost" });
    };
    const [{ start }, { phase, notices }] = await Promise.all([import("./session"), import("./state")]);
    await start();
    await vi.waitFor(() => expect(opened).toEqual(["auto", "auto", "cpu"]));
    await vi.waitFor(() => expect(phase.value).toBe("running"));
    expect(notices.value.at(-1)?.text).toContain("begins again");
  });
});

describe("begin", () => {
  it("stays done when all runs were known already", async () => {
    script = (message, post) => {
      reply(message, post);
      if (message.kind === "call" && message.name === "begin") post({ kind: "done" });
    };
    const [{ start }, { phase }] = await Promise.all([import("./session"), import("./state")]);
    await start();
    await vi.waitFor(() => expect(phase.value).toBe("done"));
  });
  it("that is refused leaves the page usable", async () => {
    script = (message, post) => {
      if (message.kind === "call" && message.name === "begin")
        post({ kind: "refusal", id: message.id, message: "row 99999" });
      else reply(message, post);
    };
    const [{ start }, { phase, notices }] = await Promise.all([import("./session"), import("./state")]);
    await start();
    expect(notices.value.at(-1)?.text).toBe("row 99999");
    expect(phase.value).not.toBe("opening");
  });
});

describe("start", () => {
  it("shows the first picture before there is a device", async () => {
    script = () => undefined;
    const [{ start }, { previews, settings }] = await Promise.all([import("./session"), import("./state")]);
    settings.value = { ...settings.value, data: "fashion-mnist-subset" };
    void start();
    await vi.waitFor(() => expect(previews.value[0]).toEqual(new Uint8Array([200])));
  });
  it("has the first digits before any data have come", async () => {
    script = () => undefined;
    const [{ start }, { previews }] = await Promise.all([import("./session"), import("./state")]);
    void start();
    expect(previews.value).toHaveLength(10);
    expect(previews.value.every((one) => one?.length === 28 * 28 && one.some((grey) => grey > 200))).toBe(true);
  });
  it("shows the first pictures of other data, too, once they are chosen", async () => {
    const [{ start, load }, { previews, settings }] = await Promise.all([import("./session"), import("./state")]);
    await start();
    expect(previews.value).toHaveLength(10);
    settings.value = { ...settings.value, data: "fashion-mnist-subset" };
    await load();
    await vi.waitFor(() => expect(previews.value[0]).toEqual(new Uint8Array([200])));
  });
  it("says so when the GPU that was asked for cannot be opened", async () => {
    script = (message, post) => {
      if (message.kind === "call" && message.name === "open" && message.args.device === "gpu")
        post({ kind: "refusal", id: message.id, message: "no adapter" });
      else reply(message, post);
    };
    const [{ start }, { settings, notices }] = await Promise.all([import("./session"), import("./state")]);
    settings.value = { ...settings.value, device: "gpu" };
    await start();
    expect(notices.value[0]?.text).toMatch(/computes on the processor instead\. no adapter$/);
  });
  it("says so when no device at all can be opened", async () => {
    script = (message, post) => {
      if (message.kind === "call") post({ kind: "refusal", id: message.id, message: "no device" });
    };
    const [{ start }, { phase }] = await Promise.all([import("./session"), import("./state")]);
    await start().catch(() => undefined);
    expect(phase.value).toBe("failed");
  });
  it("replaces a method that the library does not have", async () => {
    const [{ start }, { settings, notices }] = await Promise.all([import("./session"), import("./state")]);
    settings.value = { ...settings.value, method: "constructor" };
    await start();
    expect(settings.value.method).toBe("ugradsl");
    expect(notices.value[0]?.text).toContain("constructor");
  });
  it("again keeps the own images, which a new worker does not know", async () => {
    const added: number[] = [];
    script = (message, post) => {
      if (message.kind === "call" && message.name === "addImages") added.push(...message.args.labels);
      reply(message, post);
    };
    const [{ start, addOwn }, { settings, ownImages }] = await Promise.all([import("./session"), import("./state")]);
    await start();
    await addOwn([{ pixels: new Uint8Array(4), label: 7 }]);
    settings.value = { ...settings.value, forget: "own" };
    await start();
    expect(added).toEqual([7, 7]);
    expect(ownImages.value).toHaveLength(1);
    expect(settings.value.forget).toBe("own");
  });
  it("brings a saved file back", async () => {
    const shape = [1, 2, 2];
    answers["load"] = { ...about, data: { name: "", classes: 10, train: 4000, test: 1000, shape, digest: "" } };
    const [{ start, addOwn, restore, saved }, { settings, ownImages }] = await Promise.all([
      import("./session"),
      import("./state"),
    ]);
    await start();
    await addOwn([{ pixels: new Uint8Array([1, 2, 3, 4]), label: 7 }]);
    settings.value = { ...settings.value, forget: "own", seed: 9 };
    const file = saved();
    settings.value = { ...settings.value, forget: "class:1", seed: 1, device: "cpu" };
    ownImages.value = [];
    await restore(file);
    expect(settings.value).toMatchObject({ forget: "own", seed: 9, device: "cpu" });
    expect(ownImages.value).toEqual([{ pixels: new Uint8Array([1, 2, 3, 4]), label: 7 }]);
    answers["load"] = about;
  });
  it("tells a new worker the pace of the page", async () => {
    const paces: string[] = [];
    script = (message, post) => {
      if (message.kind === "pace") paces.push(message.pace);
      reply(message, post);
    };
    const [{ start }, { pace }] = await Promise.all([import("./session"), import("./state")]);
    pace.value = "pause";
    await start();
    expect(paces).toContain("pause");
  });
  it("that takes over from one in progress leaves it on the GPU it asked for", async () => {
    const opened: string[] = [];
    let silent = true;
    script = (message, post) => {
      if (message.kind === "call" && message.name === "open") opened.push(message.args.device);
      if (!silent) reply(message, post);
    };
    const [{ start }, { notices }] = await Promise.all([import("./session"), import("./state")]);
    const first = start();
    silent = false;
    await Promise.all([first, start()]);
    expect(opened).toEqual(["auto", "auto"]);
    expect(notices.value).toEqual([]);
  });
});
