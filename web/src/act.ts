/** Choices that take effect at once: each begins the experiment that it asks for. */

import { change, pick } from "./choices";
import { begin } from "./session";
import type { Settings } from "./settings";
import { classCount, phase, settings } from "./state";

/** Milliseconds after which several choices count as one. */
const TOGETHER = 350;

let timer: ReturnType<typeof setTimeout> | undefined;

/** Begins, unless another choice follows immediately. */
function soon(milliseconds: number): void {
  clearTimeout(timer);
  timer = setTimeout(() => {
    // While the device is opened, the experiment begins with these choices anyway.
    if (phase.peek() !== "opening") void begin();
  }, milliseconds);
}

/** Changes settings, and begins. */
export function act(patch: Partial<Settings>, milliseconds = 0): void {
  change(patch);
  soon(milliseconds);
}

export function chooseClass(label: number): void {
  const forget = `class:${label}`;
  if (label >= classCount.peek() || settings.peek().forget === forget) return;
  act({ forget });
}

/** Picks rows to forget; several can be picked before it begins. */
export function choosePicked(rows: Iterable<number>): void {
  const chosen = [...rows];
  pick(chosen);
  if (chosen.length > 0) soon(2 * TOGETHER);
}

/** Changes a number by a slider, which is still being dragged. */
export function slide(patch: Partial<Settings>): void {
  act(patch, TOGETHER);
}
