/** The image that all three networks are asked about: a drawing, or a test image. */

import { signal } from "@preact/signals";

export interface Probe {
  /** Grey values, row by row. */
  pixels: Uint8Array;
  /** The class of a test image; null for a drawing. */
  label: number | null;
  /** The page drew it by itself, before the visitor did anything. */
  byPage?: true;
}

/** Null while the pad is empty. */
export const probe = signal<Probe | null>(null);

/** Asks the networks about an image, or about none. */
export function ask(image: Probe | null): void {
  probe.value = image;
}
