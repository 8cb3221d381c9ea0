import type { ReadonlySignal } from "@preact/signals";

/** Has the effect that calls it run again when one of the signals changes. */
export function depend(...signals: ReadonlySignal<unknown>[]): void {
  signals.forEach((signal) => signal.value);
}
