/** What the person chooses: the only place where choices become state. */

import { batch } from "@preact/signals";

import type { Settings } from "./settings";
import { toHash, type Shared } from "./share";
import * as state from "./state";

/** Changes some of the settings; the next experiment begins with them. */
export function change(patch: Partial<Settings>): void {
  state.settings.value = { ...state.settings.peek(), ...patch };
}

/** Picks exactly these rows of the training set as those to forget. */
export function pick(rows: Iterable<number>): void {
  batch(() => {
    state.chosenRows.value = Uint32Array.from(new Set(rows)).sort();
    change({ forget: "ids" });
  });
}

/** Goes back to a snapshot of the unlearning run, or with null to the newest state. */
export function rewind(snapshot: number | null): void {
  state.rewound.value = snapshot;
}

/** All that an address carries. */
export function shared(): Shared {
  const [snapshots, shown] = [state.snapshots.peek(), state.shown.peek()];
  return {
    settings: state.settings.peek(),
    rows: state.chosenRows.peek(),
    hidden: state.hidden.peek(),
    ...(snapshots.length > 1 && { forgot: true as const }),
    ...(shown && { step: shown.step }),
  };
}

/** Puts an address, or what a saved file has of it, in the place of all that was chosen. */
export function adopt({ settings, rows, hidden, forgot, step }: Shared): void {
  batch(() => {
    state.wanted.value = { forgot: forgot === true, step: step ?? null };
    state.settings.value = settings;
    state.chosenRows.value = rows;
    state.hidden.value = hidden;
  });
}

/** The address that reproduces what is on the page. */
export function hash(): string {
  return toHash(shared());
}
