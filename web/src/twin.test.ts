/** The twin's worker hands over the twin of the experiment that the page shows, and of no earlier one. */

import { beforeEach, expect, it, vi } from "vitest";

import type { SessionEvent } from "ugradsl";
import type { WorkerMessage } from "ugradsl/internal";

const worker = { receive: (() => undefined) as (message: WorkerMessage) => void, calls: [] as string[] };
/** Answers the call that has waited longest. */
let waiting: (() => void)[] = [];
vi.mock("./workers", () => ({
  compile: () => Promise.resolve(undefined),
  end: () => undefined,
  setPaces: () => undefined,
  spawn: (_: string, receive: typeof worker.receive) => (worker.receive = receive),
  callOn: (place: string, name: string) => {
    worker.calls.push(`${place} ${name}`);
    return name === "begin" ? new Promise<void>((resolve) => waiting.push(resolve)) : Promise.resolve([]);
  },
}));

const { openTwin, retrain } = await import("./twin");
const { twinProgress } = await import("./state");
const begin = { settings: [], ids: null, own: false };
const started = { event: "started", method: "retrain", steps: 40, resumed_at: 0 } as unknown as SessionEvent;
const asked = (count: number) => vi.waitFor(() => expect(waiting).toHaveLength(count));

beforeEach(() => {
  worker.calls = [];
  waiting = [];
  openTwin("play");
});

it("is handed over once its worker is done, and then the experiment continues", async () => {
  const over = vi.fn();
  retrain(begin, over);
  await asked(1);
  waiting[0]?.();
  await Promise.resolve();
  worker.receive({ kind: "event", event: started, milliseconds: 1 });
  expect(twinProgress.value?.steps).toBe(40);
  worker.receive({ kind: "done" });
  await vi.waitFor(() => expect(over).toHaveBeenCalledOnce());
  expect(worker.calls.slice(-2)).toEqual(["twin storedRuns", "main takeRuns"]);
});

it("is not taken from an earlier experiment, whose end comes late", async () => {
  const [first, second] = [vi.fn(), vi.fn()];
  retrain(begin, first);
  await asked(1);
  waiting[0]?.();
  await Promise.resolve();
  retrain(begin, second);
  worker.receive({ kind: "event", event: started, milliseconds: 1 });
  worker.receive({ kind: "done" });
  await asked(2);
  expect(twinProgress.value).toBeNull();
  expect(worker.calls).not.toContain("twin storedRuns");
  waiting[1]?.();
  await Promise.resolve();
  worker.receive({ kind: "done" });
  await vi.waitFor(() => expect(second).toHaveBeenCalledOnce());
  expect(first).not.toHaveBeenCalled();
});

it("is left to the other worker where its own fails", async () => {
  const over = vi.fn();
  retrain(begin, over);
  await asked(1);
  worker.receive({ kind: "fault", message: "out of memory" });
  expect(over).toHaveBeenCalledOnce();
});
