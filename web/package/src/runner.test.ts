/** The pace of the worker's loop, with a lab that computes nothing. */

import { afterEach, beforeEach, describe, expect, it, vi } from "vitest";

import type { SessionEvent, Snapshot } from "./lab.ts";
import type { Lab } from "./module.ts";
import type { CallName, Calls, Hold, Pace, ToPage } from "./protocol.ts";
import { Runner, WAIT } from "./runner.ts";

const started = (method: string): SessionEvent => ({ event: "started", method, resumed_at: 0 }) as SessionEvent;
const step = (at: number): SessionEvent => ({
  event: "step",
  step: at,
  retain_loss: 0.5,
  forget_loss: null,
  forget_accuracy: null,
});

/** Ten steps, of which each takes `milliseconds`. */
class FakeLab {
  events: (SessionEvent | Error)[] = Array.from({ length: 10 }, (_, at) => step(at + 1));
  milliseconds = 10;
  /** Calls of methods that wait, while one of them is under way. */
  overlaps = 0;
  readonly readEvery: number[] = [];
  readonly begun: unknown[][] = [];
  #busy = false;

  begin(...args: unknown[]): void {
    this.begun.push(args);
  }
  set_read_every(steps: number): void {
    this.readEvery.push(steps);
  }
  async next(): Promise<SessionEvent | undefined> {
    await this.#work();
    const event = this.events.shift();
    if (event instanceof Error) throw event;
    return event;
  }
  async measure(model: string): Promise<{ model: string }> {
    await this.#work();
    return { model };
  }
  snapshot(): Promise<Snapshot> {
    return Promise.resolve({ step: 0, model: "now@0" } as Snapshot);
  }
  load(): void {
    if (this.#busy) this.overlaps++;
  }
  load_images(...args: unknown[]): void {
    this.begun.push(args);
  }
  stored_runs(): (string | Uint8Array)[] {
    return ["retrain.json", Uint8Array.of(1)];
  }
  take_run(...args: unknown[]): void {
    this.begun.push(args);
  }
  about(): object {
    return { version: "0" };
  }
  labels(): Uint32Array {
    return Uint32Array.of(7);
  }

  async #work(): Promise<void> {
    if (this.#busy) this.overlaps++;
    this.#busy = true;
    await new Promise((resolve) => setTimeout(resolve, this.milliseconds));
    this.#busy = false;
  }
}

let lab: FakeLab;
let runner: Runner;
let sent: ToPage[];
let lastId: number;

beforeEach(() => {
  vi.useFakeTimers();
  lab = new FakeLab();
  sent = [];
  lastId = 0;
  runner = new Runner(
    () => Promise.resolve(lab as unknown as Lab),
    (message) => sent.push(message),
  );
});
afterEach(() => {
  vi.useRealTimers();
});

function call<N extends CallName>(name: N, args: Calls[N]["args"]): number {
  runner.receive({ kind: "call", id: ++lastId, name, args });
  return lastId;
}
const setPace = (pace: Pace) => runner.receive({ kind: "pace", pace });
const answer = (id: number) => sent.find((message) => "id" in message && message.id === id);
const steps = () => sent.flatMap((one) => (one.kind === "event" && one.event.event === "step" ? [one.event.step] : []));
const last = () => sent.at(-1);

async function begin({ pace, snapshots }: { pace?: Pace; snapshots?: boolean } = {}): Promise<void> {
  call("open", { device: "cpu" });
  if (pace !== undefined) setPace(pace);
  call("begin", { settings: ["seeds=[1]"], ids: null, own: false, snapshots: snapshots === true });
  await vi.advanceTimersByTimeAsync(0);
}

describe("the loop", () => {
  it("goes from event to event, and says when all runs are over", async () => {
    await begin();
    expect(lab.begun).toEqual([[["seeds=[1]"], undefined, false, undefined, undefined]]);
    await vi.advanceTimersByTimeAsync(1000);
    expect(steps()).toEqual([1, 2, 3, 4, 5, 6, 7, 8, 9, 10]);
    expect(last()).toEqual({ kind: "done" });
    expect(sent.find((one) => one.kind === "event")).toMatchObject({ milliseconds: 10 });
    await vi.advanceTimersByTimeAsync(1000);
    expect(sent.filter(({ kind }) => kind === "done")).toHaveLength(1);
  });

  it("pauses after the step in progress, and continues from there", async () => {
    await begin();
    await vi.advanceTimersByTimeAsync(25);
    setPace("pause");
    await vi.advanceTimersByTimeAsync(1000);
    expect(steps()).toEqual([1, 2, 3]);
    setPace("play");
    await vi.advanceTimersByTimeAsync(1000);
    expect(steps()).toHaveLength(10);
  });

  it("does nothing before it is told to, when it was paused at first", async () => {
    await begin({ pace: "pause" });
    await vi.advanceTimersByTimeAsync(1000);
    expect(steps()).toEqual([]);
  });

  it("takes a single step at a time, over the events before it", async () => {
    lab.events.unshift({ event: "warning", message: "first" });
    await begin({ pace: "step" });
    await vi.advanceTimersByTimeAsync(1000);
    expect(steps()).toEqual([1]);
    setPace("step");
    await vi.advanceTimersByTimeAsync(1000);
    expect(steps()).toEqual([1, 2]);
    expect(lab.readEvery.every((every) => every === 1)).toBe(true);
  });

  it("stops between two events when other data is loaded", async () => {
    await begin();
    await vi.advanceTimersByTimeAsync(25);
    const bytes = new Uint8Array();
    const set = { images: bytes, labels: bytes };
    const id = call("load", { name: "mnist", data: { train: set, test: set } });
    await vi.advanceTimersByTimeAsync(1000);
    expect(steps()).toEqual([1, 2, 3]);
    expect(answer(id)).toEqual({ kind: "answer", id, result: { version: "0" } });
    expect(lab.overlaps).toBe(0);
  });

  it("reports an error of the lab once, and can begin again", async () => {
    lab.events.splice(1, 0, new Error("out of memory"));
    await begin();
    await vi.advanceTimersByTimeAsync(1000);
    expect(steps()).toEqual([1]);
    expect(sent.filter(({ kind }) => kind === "fault")).toEqual([{ kind: "fault", message: "out of memory" }]);
    await begin();
    await vi.advanceTimersByTimeAsync(1000);
    expect(steps()).toHaveLength(10);
  });

  it("takes a snapshot before unlearning and at each step that is read, if they are wanted", async () => {
    lab.events.unshift(started("ga"));
    await begin({ snapshots: true });
    await vi.advanceTimersByTimeAsync(1000);
    expect(sent.filter(({ kind }) => kind === "snapshot")).toHaveLength(11);
  });
});

describe("an experiment that holds", () => {
  const evaluated = { event: "evaluated", method: "original" } as SessionEvent;
  const hold = async (...where: Hold[]) => {
    call("open", { device: "cpu" });
    call("begin", { settings: [], ids: null, own: false, snapshots: true, hold: where });
    await vi.advanceTimersByTimeAsync(500);
  };
  const held = () => sent.filter(({ kind }) => kind === "held");

  it("waits for the twin, then with its question, and goes on when it is released", async () => {
    lab.events.unshift(evaluated, started("ga"));
    await hold("retrain", "unlearn");
    expect(held()).toEqual([{ kind: "held", before: "retrain" }]);
    call("release", null);
    await vi.advanceTimersByTimeAsync(500);
    expect(held()).toHaveLength(2);
    // The network before the first step is known while it waits.
    expect(sent.filter(({ kind }) => kind === "snapshot")).toHaveLength(1);
    expect(steps()).toEqual([]);
    call("release", null);
    await vi.advanceTimersByTimeAsync(500);
    expect(steps()).toHaveLength(10);
  });
  it("is not released by another pace", async () => {
    lab.events.unshift(started("ga"));
    await hold("unlearn");
    setPace("step");
    await vi.advanceTimersByTimeAsync(500);
    expect(steps()).toEqual([]);
  });
  it("gives way to another one, which need not hold", async () => {
    lab.events.unshift(started("ga"));
    await hold("unlearn");
    lab.events.unshift(started("ga"));
    await hold();
    expect(steps()).toHaveLength(10);
  });
});

describe("reading", () => {
  it("comes less often while steps are fast, up to ten steps apart", async () => {
    lab.events = Array.from({ length: 12 }, (_, at) => step(at + 1));
    await begin();
    await vi.advanceTimersByTimeAsync(1000);
    expect(lab.readEvery.slice(0, 12)).toEqual([1, 2, 3, 4, 5, 6, 7, 8, 9, 10, 10, 10]);
  });
  it("comes at each of the first steps of unlearning, and then up to four steps apart", async () => {
    lab.events = [started("ga"), ...Array.from({ length: 20 }, (_, at) => step(at + 1))];
    await begin({ snapshots: true });
    await vi.advanceTimersByTimeAsync(1000);
    expect(lab.readEvery.slice(0, 16)).toEqual([1, 1, 1, 1, 1, 1, 1, 1, 1, 1, 1, 2, 3, 4, 4, 4]);
  });
  it("comes twice as often once a call would have to wait for too long", async () => {
    await begin();
    await vi.advanceTimersByTimeAsync(55);
    lab.milliseconds = WAIT + 1;
    await vi.advanceTimersByTimeAsync(2000);
    expect(lab.readEvery.slice(5, 10)).toEqual([6, 7, 3, 1, 1]);
  });
});

describe("calls", () => {
  it("carry the runs of one worker to another", async () => {
    call("open", { device: "cpu" });
    const id = call("storedRuns", null);
    await vi.advanceTimersByTimeAsync(0);
    const runs = [{ name: "retrain.json", bytes: Uint8Array.of(1) }];
    expect(answer(id)).toEqual({ kind: "answer", id, result: runs });
    call("takeRuns", runs);
    await vi.advanceTimersByTimeAsync(0);
    expect(lab.begun).toEqual([["retrain.json", Uint8Array.of(1)]]);
  });
  it("get their turn between two events, and never overlap with one", async () => {
    await begin();
    await vi.advanceTimersByTimeAsync(5);
    const ids = [call("measure", { model: "a" }), call("labels", null)];
    await vi.advanceTimersByTimeAsync(30);
    expect(ids.map(answer)).toEqual([
      { kind: "answer", id: ids[0], result: { model: "a" } },
      { kind: "answer", id: ids[1], result: Uint32Array.of(7) },
    ]);
    expect(steps().length).toBeLessThan(4);
    await vi.advanceTimersByTimeAsync(1000);
    expect(lab.overlaps).toBe(0);
  });
  it("hand over pixels in the order of the module", async () => {
    call("open", { device: "cpu" });
    const set = { pixels: Uint8Array.of(1), labels: Uint32Array.of(0) };
    call("load", { name: "own", data: { shape: [1, 1, 1], train: set, test: set } });
    await vi.advanceTimersByTimeAsync(0);
    expect(lab.begun).toEqual([["own", Uint32Array.of(1, 1, 1), set.pixels, set.labels, set.pixels, set.labels]]);
  });
  it("are refused in a sentence before a device is open", async () => {
    const id = call("labels", null);
    await vi.advanceTimersByTimeAsync(0);
    expect(answer(id)).toEqual({ kind: "refusal", id, message: "no device is open" });
  });
  it("that fail leave the loop as it is", async () => {
    await begin();
    const id = call("runs", null);
    await vi.advanceTimersByTimeAsync(1000);
    expect(answer(id)?.kind).toBe("refusal");
    expect(steps()).toHaveLength(10);
  });
});

describe("noise", () => {
  it.each([null, "x", { kind: "pace", pace: "fast" }, { kind: "call", id: 1, name: "constructor", args: null }])(
    "is refused and changes nothing: %j",
    async (noise) => {
      await begin({ pace: "pause" });
      runner.receive(noise);
      await vi.advanceTimersByTimeAsync(100);
      expect(last()).toMatchObject({ kind: "refusal", id: -1 });
      expect(steps()).toEqual([]);
    },
  );
});
