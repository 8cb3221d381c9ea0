/** Turns messages of the worker into state: the only place where events become state. */

import { batch } from "@preact/signals";

import type { RunRecord, SessionEvent, Snapshot } from "ugradsl";
import type { WorkerMessage } from "ugradsl/internal";
import { unlearns } from "./methods";
import * as state from "./state";
import { questionKey, remember, settingsKey } from "./trials";

/** Weight of earlier steps in the running mean of milliseconds per step. */
const MEMORY = 0.7;

/** Progress after a message that took so long, with the running mean of milliseconds per step. */
function advanced(progress: state.Progress, step: number, milliseconds: number): state.Progress {
  const now = milliseconds / Math.max(1, step - progress.step);
  const past = progress.millisecondsPerStep;
  return { ...progress, step, millisecondsPerStep: past === null ? now : past * MEMORY + now * (1 - MEMORY) };
}

export function notice(kind: state.Notice["kind"], text: string): void {
  // A repeated sentence adds nothing.
  if (state.notices.peek().at(-1)?.text === text) return;
  state.notices.value = [...state.notices.peek().slice(-4), { kind, text }];
}

export function dismiss(text: string): void {
  state.notices.value = state.notices.peek().filter((one) => one.text !== text);
}

/** Applies a message. The loss of a device is not one of them: `session.ts` then begins again. */
export function apply(message: Exclude<WorkerMessage, { kind: "lost" }>): void {
  batch(() => {
    switch (message.kind) {
      case "event":
        applyEvent(message.event, message.milliseconds);
        break;
      case "snapshot":
        state.snapshots.value = [...state.snapshots.peek(), message.snapshot];
        follow(message.snapshot);
        break;
      case "held":
        if (message.before === "unlearn") state.phase.value = "asking";
        break;
      case "done":
        state.phase.value = "done";
        state.progress.value = null;
        break;
      case "fault":
        state.phase.value = "failed";
        notice("fault", message.message);
        break;
    }
  });
}

/** Adds a snapshot to the path of the method that made it, while methods race. */
function follow({ ua, ta }: Snapshot): void {
  const [racers, method] = [state.race.peek(), state.progress.peek()?.method];
  if (racers === null || method === undefined) return;
  const known = racers.some((one) => one.method === method);
  const all = known ? racers : [...racers, { method, path: [], run: null }];
  const point = { gone: ua, kept: ta };
  state.race.value = all.map((one) => (one.method === method ? { ...one, path: [...one.path, point] } : one));
}

/** Follows the twin in its own worker; null before it begins. */
export function applyTwin(event: SessionEvent | null): void {
  const progress = state.twinProgress.peek();
  // What it is at the end stays, until the other worker has taken it over.
  if (event === null) state.twinProgress.value = null;
  else if (event.event === "started") {
    const { method, steps, resumed_at } = event;
    state.twinProgress.value = { method, steps, step: resumed_at, millisecondsPerStep: null };
  } else if (event.event === "step" && progress !== null) {
    state.twinProgress.value = { ...progress, step: event.step };
  }
}

/**
 * Takes the rows of the finished runs, and remembers the unlearning runs among them. Rows of networks that this
 * experiment has in common with the one before stay until they are measured again.
 */
export function setRuns(runs: RunRecord[]): void {
  const missing = state.runs
    .peek()
    .filter((old) => !unlearns(old.method) && !runs.some((run) => run.method === old.method));
  state.runs.value = [...missing, ...runs];
  const current = state.current.peek();
  for (const run of runs.filter(({ method }) => unlearns(method))) {
    // Other methods than the chosen one take part in a race, with the numbers that they have by themselves.
    const settings = run.method === current.method ? current : { ...current, method: run.method, alpha: null, p: null };
    state.trials.value = remember(state.trials.peek(), {
      question: questionKey(settings, state.forgetRows.peek(), state.labels.peek().length),
      answer: settingsKey(settings, state.methodDefaults.peek()),
      settings,
      run,
    });
  }
  const arrived = (method: string) => runs.find((run) => run.method === method) ?? null;
  state.race.value = state.race.peek()?.map((one) => ({ ...one, run: arrived(one.method) })) ?? null;
}

function applyEvent(event: SessionEvent, milliseconds: number): void {
  const progress = state.progress.peek();
  switch (event.event) {
    case "started": {
      const { method, steps, resumed_at } = event;
      state.phase.value = "running";
      state.progress.value = { method, steps, step: resumed_at, millisecondsPerStep: null };
      state.curve.value = [];
      state.rates.value = null;
      if (unlearns(method)) {
        state.snapshots.value = [];
        state.rewound.value = null;
        state.generation.value = state.generation.peek() + 1;
      }
      break;
    }
    case "working":
      if (progress !== null) state.progress.value = advanced(progress, event.step, milliseconds);
      break;
    case "step": {
      if (progress === null) break;
      const after = advanced(progress, event.step, milliseconds);
      state.progress.value = after;
      state.lastSpeed.value = after.millisecondsPerStep;
      const point = { step: event.step, retainLoss: event.retain_loss, forgetLoss: event.forget_loss };
      state.curve.value = [...state.curve.peek(), point];
      // The worker pauses by itself after a single step.
      if (state.pace.peek() === "step") state.pace.value = "pause";
      break;
    }
    case "extended":
      if (progress !== null) state.progress.value = { ...progress, steps: event.steps };
      break;
    case "epoch":
      if (event.rates !== null) state.rates.value = event.rates;
      break;
    case "rolled-back":
      state.curve.value = state.curve.peek().filter((point) => point.step <= event.to_step);
      state.snapshots.value = state.snapshots.peek().filter((one) => one.step <= event.to_step);
      if ((state.rewound.peek() ?? 0) >= state.snapshots.peek().length) state.rewound.value = null;
      state.generation.value = state.generation.peek() + 1;
      notice(
        "warning",
        `The guards went back from step ${event.step} to ${event.to_step}: ` +
          (event.alarm === "non-finite" ? "a loss was not finite." : "the loss on retained images was too large."),
      );
      break;
    case "warning":
      notice("warning", event.message);
      break;
    case "target":
    case "guard-check":
    case "checkpointed":
    case "evaluated":
    case "finished":
      break;
  }
}
