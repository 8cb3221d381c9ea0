/** What an application sees, with a worker that answers like the real one. */

import { beforeEach, describe, expect, it, vi } from "vitest";

import type { SessionEvent } from "./lab.ts";
import type { ToPage, ToWorker } from "./protocol.ts";
import { DeviceLostError, Session, type SessionOptions } from "./session.ts";

const warning = (message: string): SessionEvent => ({ event: "warning", message });
const set = { pixels: Uint8Array.of(0, 255), labels: [0, 1] };
const options: SessionOptions = { data: { height: 1, width: 1, train: set, test: set }, forget: { class: 1 } };

let workers: FakeWorker[];
/** Devices that give a wrong answer to the self-test. */
let wrong: string[];

class FakeWorker extends EventTarget {
  readonly received: ToWorker[] = [];
  ended = false;
  constructor() {
    super();
    workers.push(this);
    this.send({ kind: "ready" });
  }
  send(data: ToPage): void {
    setTimeout(() => this.dispatchEvent(new MessageEvent("message", { data })), 0);
  }
  postMessage(message: ToWorker): void {
    this.received.push(message);
    if (message.kind !== "call") return;
    const { id, name } = message;
    if (name === "runs") {
      this.send({ kind: "refusal", id, message: "no experiment" });
      return;
    }
    if (name === "predict") {
      this.send({ kind: "answer", id, result: Float32Array.of(0.25, 0.75, 1, 0) });
      return;
    }
    const device = name === "open" ? message.args.device : "";
    const checks = [{ name: "forward", passed: !wrong.includes(device), detail: "off by 1" }];
    const data = { classes: 2, shape: [1, 1, 1] };
    const about = { version: "1", device: { kind: device }, checks, data };
    const result = name === "defaults" ? { ft: {} } : name === "begin" ? null : about;
    this.send({ kind: "answer", id, result } as ToPage);
  }
  terminate(): void {
    this.ended = true;
  }
  paces(): string[] {
    return this.received.flatMap((message) => (message.kind === "pace" ? [message.pace] : []));
  }
}
vi.stubGlobal("Worker", FakeWorker);

beforeEach(() => {
  workers = [];
  wrong = [];
});

async function create(device: "auto" | "gpu" = "auto"): Promise<[Session, FakeWorker]> {
  const session = await Session.create({ ...options, device });
  const worker = workers.at(-1);
  if (!worker) throw new Error("no worker was started");
  return [session, worker];
}

describe("a session", () => {
  it("yields its events in order, and works only while it is iterated", async () => {
    const [session, worker] = await create();
    expect(session.methods).toEqual(["ft"]);
    for (const message of ["a", "b"]) worker.send({ kind: "event", event: warning(message), milliseconds: 1 });
    worker.send({ kind: "done" });
    const events = [];
    for await (const event of session) events.push(event);
    expect(events).toEqual([warning("a"), warning("b")]);
    expect(worker.paces()).toEqual(["pause", "play", "pause"]);
  });
  it("is paused by leaving the loop, and keeps the events after it", async () => {
    const [session, worker] = await create();
    for (const message of ["a", "b"]) worker.send({ kind: "event", event: warning(message), milliseconds: 1 });
    for await (const event of session) if (event.event === "warning") break;
    worker.send({ kind: "done" });
    const rest = [];
    for await (const event of session) rest.push(event);
    expect(rest).toEqual([warning("b")]);
    expect(worker.paces()).toEqual(["pause", "play", "pause", "play", "pause"]);
  });
  it("can be iterated once at a time, and begins nothing meanwhile", async () => {
    const [session] = await create();
    const first = session[Symbol.asyncIterator]().next();
    await expect(session[Symbol.asyncIterator]().next()).rejects.toThrow("iterated already");
    await expect(session.begin({ forget: { class: 0 } })).rejects.toThrow("leave the loop first");
    session.close();
    expect((await first).done).toBe(true);
  });
  it("rejects with the library's sentence, and after its end with another", async () => {
    const [session, worker] = await create();
    await expect(session.runs()).rejects.toThrow("no experiment");
    session.close();
    expect(worker.ended).toBe(true);
    await expect(session.runs()).rejects.toThrow("the session is closed");
  });
  it("asks a network about any images", async () => {
    const [session, worker] = await create();
    const answers = await session.predict(Uint8Array.of(7, 9), "retrain-seed0");
    expect(answers).toEqual([Float32Array.of(0.25, 0.75), Float32Array.of(1, 0)]);
    const call = worker.received.find((message) => message.kind === "call" && message.name === "predict");
    expect(call).toMatchObject({ args: { model: "retrain-seed0", pixels: Uint8Array.of(7, 9) } });
  });
  it("ends by a signal, while it is created and later", async () => {
    const reason = new Error("the visitor left");
    await expect(Session.create({ ...options, signal: AbortSignal.abort(reason) })).rejects.toBe(reason);
    const ending = new AbortController();
    const session = await Session.create({ ...options, signal: ending.signal });
    ending.abort(reason);
    expect(workers.at(-1)?.ended).toBe(true);
    await expect(session.runs()).rejects.toBe(reason);
  });
  it("tells how much of its files has come", async () => {
    const bytes = new Uint8Array(30);
    vi.stubGlobal("fetch", () => Promise.resolve(new Response(bytes, { headers: { "content-length": "30" } })));
    const idx = { images: "images.idx", labels: "labels.idx" };
    const seen: unknown[] = [];
    await Session.create({ ...options, data: { train: idx, test: idx }, onProgress: (one) => seen.push(one) });
    expect(seen).toContainEqual({ what: "data", loaded: 30, total: 30 });
    vi.unstubAllGlobals();
    vi.stubGlobal("Worker", FakeWorker);
  });
  it("ends its loop with an error when the device is lost", async () => {
    const [session, worker] = await create();
    worker.send({ kind: "lost" });
    await expect(session[Symbol.asyncIterator]().next()).rejects.toBeInstanceOf(DeviceLostError);
    await expect(session.runs()).rejects.toBeInstanceOf(DeviceLostError);
  });
});

describe("a device that computes wrongly", () => {
  it("is replaced by the processor, if the choice was left open", async () => {
    wrong = ["auto"];
    await create();
    expect(workers.map(({ ended }) => ended)).toEqual([true, false]);
  });
  it("is refused, if it was asked for", async () => {
    wrong = ["gpu"];
    await expect(create("gpu")).rejects.toThrow("the device computes wrongly: forward, off by 1");
    expect(workers.map(({ ended }) => ended)).toEqual([true]);
  });
});
