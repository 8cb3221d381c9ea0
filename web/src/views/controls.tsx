/**
 * Play, pause, one step, slow motion and reset, by button and by key; and the state of the computation in a sentence.
 */

import { useEffect } from "preact/hooks";

import type { Pace } from "ugradsl/internal";
import { methodName } from "../methods";
import { setPace, start } from "../session";
import { current, pace, phase, progress, trio, trusted } from "../state";
import { percent } from "./words";

/** The state of the computation, in a sentence. */
function doing(): string {
  switch (phase.value) {
    case "opening":
      return "Opening the device and fetching the images…";
    case "idle":
      return "Ready.";
    case "failed":
      return "Stopped: see the message below.";
    case "done":
      return outcome() ?? "Done: three networks to compare.";
    case "running": {
      const now = progress.value;
      if (now === null) return "Preparing…";
      const name =
        now.method === "original"
          ? "Training the original"
          : now.method === "retrain"
            ? "Retraining the twin without the forget set"
            : `Forgetting by ${methodName(now.method)}`;
      const paused = pace.value === "pause" ? " (paused)" : "";
      return `${name}${paused}: step ${now.step} of ${now.steps}`;
    }
  }
}

/** How close the unlearned network is to its twin, once this is known. */
function outcome(): string | null {
  const [original, unlearned] = [trio.value.original?.gap, trio.value.unlearned?.gap];
  if (!trusted.value || typeof original !== "number" || typeof unlearned !== "number") return null;
  const distance = `the unlearned network is ${percent(unlearned)} points from its twin`;
  return `Done: ${distance}, the original is ${percent(original)}.`;
}

const toggle = () => setPace(pace.value === "pause" ? "play" : "pause");
/** Not `begin`, which would show the earlier results at once. */
const again = () => void start();
const keys: Record<string, () => void> = {
  " ": toggle,
  ".": () => setPace("step"),
  s: () => setPace("slow"),
  r: again,
};

/** The keys of the page, unless the focus is on an element that takes keys itself. */
function onKey(event: KeyboardEvent): void {
  const target = event.target instanceof Element ? event.target : null;
  if (event.ctrlKey || event.metaKey || event.altKey) return;
  if (target?.closest("input, select, textarea, button, a, summary, dialog, [role=tab], canvas")) return;
  const action = keys[event.key];
  if (!action) return;
  event.preventDefault();
  action();
}

export function Controls() {
  useEffect(() => {
    document.addEventListener("keydown", onKey);
    return () => document.removeEventListener("keydown", onKey);
  }, []);
  const now = progress.value;
  const speed = now?.millisecondsPerStep;
  const pressed = (one: Pace) => pace.value === one;
  const running = phase.value === "running";
  return (
    <div class="controls">
      <div class="row" role="group" aria-label="Control of the computation">
        <button
          class="button primary"
          data-testid={pressed("pause") ? "play" : "pause"}
          disabled={!running}
          onClick={toggle}
        >
          {pressed("pause") ? "▶ Play" : "❚❚ Pause"} <kbd>space</kbd>
        </button>
        <button class="button" data-testid="step" disabled={!running} onClick={() => setPace("step")}>
          One step <kbd>.</kbd>
        </button>
        <button
          class="button"
          data-testid="slow"
          disabled={!running}
          aria-pressed={pressed("slow")}
          onClick={() => setPace(pressed("slow") ? "play" : "slow")}
        >
          Slow motion <kbd>s</kbd>
        </button>
        <button class="button" data-testid="reset" disabled={phase.value === "opening"} onClick={again}>
          Start again <kbd>r</kbd>
        </button>
      </div>
      <div class="doing">
        <span role="status" data-testid="status" data-phase={phase.value}>
          {doing()}
        </span>
        {speed !== null && speed !== undefined && (
          <span class="muted">
            {" "}
            {speed.toFixed(0)} ms per step, seed {current.value.seed}
          </span>
        )}
        <progress
          max={1}
          value={now ? now.step / Math.max(1, now.steps) : phase.value === "done" ? 1 : 0}
          aria-label="Progress of this run"
        />
      </div>
    </div>
  );
}
