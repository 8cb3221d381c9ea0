/** Shows the snapshots of forgetting one after the other, at reading speed: while they come, and again later. */

import { effect, signal } from "@preact/signals";

import { rewind } from "./choices";
import { forget, setPace } from "./session";
import { pace, phase, rewound, snapshots } from "./state";

/** Milliseconds of a step. */
const [READING, SLOW] = [220, 1000];

export const playing = signal(false);
export const slowly = signal(false);

let timer: ReturnType<typeof setTimeout> | undefined;

effect(() => {
  clearTimeout(timer);
  if (!playing.value) return;
  // A snapshot that has just come is shown no sooner than the one before was read.
  timer = setTimeout(advance, slowly.value ? SLOW : READING);
});

function advance(): void {
  const [at, count] = [rewound.peek(), snapshots.peek().length];
  // After a failure no further snapshot comes.
  const over = at === null || (at + 1 >= count && phase.peek() === "failed");
  if (!playing.peek() || over) {
    playing.value = false;
    return;
  }
  if (at + 1 < count) rewind(at + 1);
  else if (phase.peek() === "done") {
    // The finished network is measured on all images.
    rewind(null);
    playing.value = false;
    return;
  }
  timer = setTimeout(advance, slowly.peek() ? SLOW : READING);
}

/** Makes the network forget, and shows how. */
export function go(): void {
  rewind(0);
  playing.value = true;
  void forget();
}

/** Shows forgetting from its first step; nothing is computed. */
export function replay(): void {
  if (snapshots.peek().length === 0) return;
  rewind(0);
  playing.value = true;
}

export function halt(): void {
  playing.value = false;
}

const computing = (): boolean => phase.peek() === "running";

/** Pauses or continues whatever moves; where nothing does, it forgets or shows it again. */
export function toggle(): void {
  if (playing.peek() || (computing() && pace.peek() !== "pause")) {
    halt();
    if (computing()) setPace("pause");
  } else if (phase.peek() === "asking") go();
  else {
    if (computing()) setPace("play");
    if (rewound.peek() !== null) playing.value = true;
    else if (phase.peek() === "done") replay();
  }
}

/** One step on: of what was computed already, else of the computation. */
export function step(): void {
  halt();
  const [at, count] = [rewound.peek(), snapshots.peek().length];
  if (at !== null && at + 1 < count) rewind(at + 1);
  else if (phase.peek() === "asking") {
    rewind(null);
    setPace("step");
    void forget();
  } else if (computing()) {
    rewind(null);
    setPace("step");
  } else rewind(null);
}

/** One step back. */
export function back(): void {
  halt();
  const at = rewound.peek() ?? snapshots.peek().length;
  if (at > 0) rewind(at - 1);
}

export function turnSlow(): void {
  slowly.value = !slowly.value;
}
