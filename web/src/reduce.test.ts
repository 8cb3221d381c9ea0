/** Messages of the worker, and the state that they result in. */

import { beforeEach, describe, expect, it } from "vitest";

import type { Method, SessionEvent } from "ugradsl";
import { apply, notice } from "./reduce";
import * as state from "./state";

const device = { kind: "cpu", adapter: "", api: "", driver: "", software: false, limits: [] } satisfies Extract<
  SessionEvent,
  { event: "started" }
>["device"];

function event(one: SessionEvent, milliseconds = 10): void {
  apply({ kind: "event", event: one, milliseconds });
}
const started = (method: Method, resumed_at = 0) =>
  event({
    event: "started",
    method,
    seed: 0,
    steps: 100,
    steps_per_epoch: 50,
    device,
    resumed_at,
    target: null,
    beta: null,
  });
const step = (at: number, milliseconds = 10) =>
  event({ event: "step", step: at, retain_loss: 0.5, forget_loss: null, forget_accuracy: null }, milliseconds);
const unasked = { mia_correctness: null, mia_entropy: null, mia_modified_entropy: null, mia_probabilities: null };
const snapshot = (at: number) =>
  apply({ kind: "snapshot", snapshot: { step: at, model: `now@${at}`, ua: 1, ra: 2, ta: 3, mia: 4, ...unasked } });

beforeEach(() => {
  state.progress.value = null;
  state.curve.value = [];
  state.snapshots.value = [];
  state.rewound.value = null;
  state.notices.value = [];
  state.pace.value = "play";
  state.phase.value = "opening";
});

describe("events", () => {
  it("count milliseconds for each of the steps they cover", () => {
    started("ugradsl-plus");
    step(10, 50);
    expect(state.progress.value).toMatchObject({ step: 10, steps: 100, millisecondsPerStep: 5 });
    expect(state.curve.value).toEqual([{ step: 10, retainLoss: 0.5, forgetLoss: null }]);
  });
  it("show the progress of slow steps before their losses are read", () => {
    started("ugradsl-plus");
    event({ event: "working", step: 1 }, 700);
    expect(state.progress.value).toMatchObject({ step: 1, millisecondsPerStep: 700 });
    expect(state.curve.value).toEqual([]);
  });
  it("clear snapshots when forgetting begins, not when the twin is trained", () => {
    snapshot(10);
    started("retrain");
    expect(state.snapshots.value).toHaveLength(1);
    started("ugradsl-plus");
    expect(state.snapshots.value).toHaveLength(0);
  });
  it("drop what a rollback undid", () => {
    started("ugradsl-plus");
    [10, 20, 30].forEach((at) => {
      step(at);
      snapshot(at);
    });
    event({ event: "rolled-back", step: 30, to_step: 20, alarm: "non-finite", rate_scale: 0.5 });
    expect(state.curve.value.map((point) => point.step)).toEqual([10, 20]);
    expect(state.snapshots.value.map((one) => one.step)).toEqual([10, 20]);
  });
  it("say when the names of snapshots come to mean other networks", () => {
    const generations = [started, () => snapshot(10), started].map((happen) => {
      happen("ugradsl");
      return state.generation.value;
    });
    expect(generations[1]).toBe(generations[0]);
    expect(generations[2]).toBe((generations[1] ?? 0) + 1);
    snapshot(10);
    event({ event: "rolled-back", step: 10, to_step: 0, alarm: "non-finite", rate_scale: 0.5 });
    expect(state.generation.value).toBe((generations[2] ?? 0) + 1);
  });
  it("leave a snapshot that was gone back to only if it still exists", () => {
    started("ugradsl-plus");
    [10, 20, 30].forEach(snapshot);
    state.rewound.value = 2;
    event({ event: "rolled-back", step: 30, to_step: 20, alarm: "non-finite", rate_scale: 0.5 });
    expect(state.rewound.value).toBeNull();
  });
  it("end a single step in a pause, as in the worker", () => {
    started("ugradsl-plus");
    state.pace.value = "step";
    step(1);
    expect(state.pace.value).toBe("pause");
  });
});

describe("ends", () => {
  it("are shown", () => {
    apply({ kind: "done" });
    expect(state.phase.value).toBe("done");
    apply({ kind: "fault", message: "device lost" });
    expect(state.phase.value).toBe("failed");
    expect(state.notices.value.at(-1)).toEqual({ kind: "fault", text: "device lost" });
  });
  it("say the same sentence once", () => {
    notice("warning", "a");
    notice("warning", "a");
    expect(state.notices.value).toHaveLength(1);
  });
});
