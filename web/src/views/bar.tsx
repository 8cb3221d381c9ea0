/** The bar on top: what the page does, its controls, and what is going on in a sentence. */

import { useEffect } from "preact/hooks";

import { onKey, onPointer } from "../keys";
import { methodName } from "../methods";
import { go, playing, replay, slowly, step, toggle, turnSlow } from "../player";
import { start } from "../session";
import { current, pace, phase, progress, shown, snapshots, trio, trusted, twinProgress } from "../state";
import { judge } from "../verdict";
import { forgottenName } from "../words";
import { Share } from "./share-link";
import { theme, turn } from "./theme";
import { Tour } from "./tour";

/** What is going on, in a sentence. */
export function doing(): string {
  const gone = forgottenName(current.value);
  if (shown.value !== null && phase.value !== "failed")
    return `Step ${shown.value.step}: it still knows ${(100 - shown.value.ua).toFixed(0)} % of ${gone}`;
  switch (phase.value) {
    case "opening":
      return "Opening the device and fetching the images…";
    case "idle":
      return "Change a setting to begin.";
    case "failed":
      return "Stopped: see the message.";
    case "asking":
      return `It knows ${gone}. Make it forget?`;
    case "done":
      return judge(trio.value.original, trio.value.unlearned, trusted.value)?.title ?? "Done";
    case "running":
      return running(gone);
  }
}

function running(gone: string): string {
  const now = progress.value;
  const paused = pace.value === "pause" ? "paused: " : "";
  const latest = snapshots.value.at(-1);
  if (latest !== undefined && trio.value.unlearned === null)
    return `${paused}step ${latest.step}: it still knows ${(100 - latest.ua).toFixed(0)} % of ${gone}`;
  if (now?.method === "original") return `${paused}learning, step ${now.step} of ${now.steps}`;
  const twin = twinProgress.value ?? (now?.method === "retrain" ? now : null);
  if (twin !== null && trio.value.retrained === null)
    return `${paused}the twin learns without ${gone}, step ${twin.step} of ${twin.steps}`;
  return now === null ? "Preparing…" : `${paused}${methodName(now.method)} begins`;
}

/** What is said to screen readers: once per phase. */
function spoken(): string {
  const gone = forgottenName(current.value);
  switch (phase.value) {
    case "opening":
      return "The device is being opened.";
    case "running":
      return snapshots.value.length > 1 ? `The network forgets ${gone}.` : "Two networks are learning.";
    case "asking":
      return `Both networks have learned. Press Forget to make the middle one forget ${gone}.`;
    case "done": {
      const found = judge(trio.value.original, trio.value.unlearned, trusted.value);
      return found ? `${found.title}. ${found.reason}` : "Done.";
    }
    default:
      return "";
  }
}

function Transport() {
  const moves = playing.value || (phase.value === "running" && pace.value !== "pause");
  const idle = phase.value === "opening" || phase.value === "idle" || phase.value === "failed";
  const asks = phase.value === "asking";
  const can = snapshots.value.length > 1;
  return (
    <div class="transport" role="group" aria-label="Controls">
      <button
        class="button primary forget"
        data-testid="forget"
        disabled={!asks && !(can && phase.value === "done")}
        onClick={() => (asks ? go() : replay())}
      >
        {phase.value === "done" && can ? "Watch again" : "Forget"} <kbd>f</kbd>
      </button>
      <button
        class="button round"
        data-testid={moves ? "pause" : "play"}
        aria-label={moves ? "Pause" : "Play"}
        title={`${moves ? "Pause" : "Play"} (space)`}
        disabled={idle}
        onClick={toggle}
      >
        {moves ? "❚❚" : "▶"}
      </button>
      <button
        class="button round"
        data-testid="step"
        aria-label="One step"
        title="One step (.)"
        disabled={idle}
        onClick={step}
      >
        ▶❙
      </button>
      <button
        class="button round"
        data-testid="slow"
        aria-label="Slow motion"
        title="Slow motion (s)"
        aria-pressed={slowly.value}
        onClick={turnSlow}
      >
        ½
      </button>
      <button
        class="button round"
        data-testid="reset"
        aria-label="Start again"
        title="Start again (r)"
        disabled={phase.value === "opening"}
        onClick={() => void start()}
      >
        ↺
      </button>
    </div>
  );
}

export function Bar() {
  useEffect(() => {
    document.addEventListener("keydown", onKey);
    document.addEventListener("pointerdown", onPointer, { capture: true });
    return () => {
      document.removeEventListener("keydown", onKey);
      document.removeEventListener("pointerdown", onPointer, { capture: true });
    };
  }, []);
  return (
    <header class="bar">
      <h1>
        <span class="visually-hidden">ugradsl: </span>Make it forget <em>{forgottenName(current.value)}</em>
      </h1>
      <Transport />
      <p class="doing" data-testid="status" data-phase={phase.value}>
        {doing()}
      </p>
      <p class="visually-hidden" role="status" data-testid="spoken">
        {spoken()}
      </p>
      <nav class="tools" aria-label="Page">
        <Tour />
        <Share />
        <button
          class="button round"
          onClick={turn}
          aria-label={`Change to ${theme.value === "dark" ? "light" : "dark"} colours`}
        >
          {theme.value === "dark" ? "☀" : "☾"}
        </button>
      </nav>
    </header>
  );
}
