/** Warnings and faults, beside the choices that led to them. */

import { dismiss } from "../reduce";
import { start } from "../session";
import { about, notices, phase, trusted } from "../state";

export function Notices() {
  const distrust = about.value !== null && !trusted.value;
  return (
    <div class="notices" aria-live="polite" data-testid="notice">
      {distrust && (
        <p class="alarm" data-testid="distrust">
          This device failed the self-test. No privacy figure (MIA, gap, attack) is shown.
        </p>
      )}
      {notices.value.map(({ kind, text }) => (
        <p key={text} class={kind === "warning" ? "notice" : "alarm"}>
          {text}{" "}
          <button class="plain" aria-label={`Dismiss: ${text}`} onClick={() => dismiss(text)}>
            ✕
          </button>
        </p>
      ))}
      {phase.value === "failed" && (
        <button class="button primary" data-testid="restart" onClick={() => void start()}>
          Start again
        </button>
      )}
    </div>
  );
}
