/** Rows that the person marked in one view and sees marked in all. */

import { signal } from "@preact/signals";

export const selected = signal<ReadonlySet<number>>(new Set());

export function mark(rows: Iterable<number>): void {
  selected.value = new Set(rows);
}
