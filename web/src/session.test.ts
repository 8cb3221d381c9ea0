/** Commands against a worker that answers as the real one does. */

import { beforeEach, describe, expect, it, vi } from "vitest";

import type { About, DeviceInfo } from "./lab";
import type { ToPage, ToWorker } from "./protocol";

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
vi.stubGlobal("document", { baseURI: "http://localhost/" });

const device: DeviceInfo = { kind: "gpu", adapter: "", api: "", driver: "", software: false, limits: [] };
const about: About = { version: "0", device, checks: [], data: null };
const answers: Partial<Record<string, unknown>> = { open: about, load: about, begin: null, runs: [] };

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
      if (message.kind === "call" && message.name === "begin") post({ kind: "refusal", id: message.id, message: "row 99999" });
      else reply(message, post);
    };
    const [{ start }, { phase, notices }] = await Promise.all([import("./session"), import("./state")]);
    await start();
    expect(notices.value.at(-1)?.text).toBe("row 99999");
    expect(phase.value).not.toBe("opening");
  });
});

describe("start", () => {
  it("says so when no device at all can be opened", async () => {
    script = (message, post) => {
      if (message.kind === "call") post({ kind: "refusal", id: message.id, message: "no device" });
    };
    const [{ start }, { phase }] = await Promise.all([import("./session"), import("./state")]);
    await start().catch(() => undefined);
    expect(phase.value).toBe("failed");
  });
  it("tells a new worker the pace of the page", async () => {
    const paces: string[] = [];
    script = (message, post) => {
      if (message.kind === "pace") paces.push(message.pace);
      reply(message, post);
    };
    const [{ start }, { pace }] = await Promise.all([import("./session"), import("./state")]);
    pace.value = "slow";
    await start();
    expect(paces).toContain("slow");
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
