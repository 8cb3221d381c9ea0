/** When views ask the worker: not before they are seen, and again as soon as the networks are others. */

import { signal, useComputed, useSignal, useSignalEffect, type ReadonlySignal, type Signal } from "@preact/signals";
import type { RefObject } from "preact";
import { useEffect, useRef } from "preact/hooks";

import { forgetRows, trio, unlearnedModel } from "../state";

/** The three networks by the names that the worker knows them by. */
export interface Models {
  original: string;
  unlearned: string;
  retrained: string;
}
export type Kind = keyof Models;
export const kinds = ["original", "unlearned", "retrained"] as const satisfies readonly Kind[];
export const kindNames: Record<Kind, string> = { original: "Original", unlearned: "Unlearned", retrained: "Retrained" };

/** Null until all three networks are there. */
export function models(): Models | null {
  const { original, retrained } = trio.value;
  const unlearned = unlearnedModel.value;
  return original && retrained && unlearned
    ? { original: original.model, unlearned, retrained: retrained.model }
    : null;
}

/** Which networks these are. Names alone do not tell two experiments apart: the weights do. */
export function identity(): string | null {
  const named = models();
  const { original, unlearned, retrained } = trio.value;
  return (
    named && [...kinds.map((kind) => named[kind]), original?.weights, unlearned?.weights, retrained?.weights].join()
  );
}

export interface Fetched<T> {
  panel: RefObject<HTMLElement | null>;
  result: Signal<T | null>;
  problem: Signal<string | null>;
}

const nothing = signal<unknown>(null);

/**
 * Asks once the panel is in sight and the networks are there. `also`: a signal whose changes are a reason to ask again.
 * Answers that come after a newer question are dropped.
 */
export function useFetched<T>(
  ask: (models: Models) => Promise<T>,
  also: ReadonlySignal<unknown> = nothing,
): Fetched<T> {
  const panel = useRef<HTMLElement>(null);
  const visible = useSignal(false);
  const result = useSignal<T | null>(null);
  const problem = useSignal<string | null>(null);
  const current = useRef(ask);
  current.current = ask;
  useEffect(() => {
    const watcher = new IntersectionObserver((entries) => {
      visible.value = entries.some((entry) => entry.isIntersecting);
    });
    if (panel.current) watcher.observe(panel.current);
    return () => watcher.disconnect();
  }, []);
  const wanted = useComputed(() => ({ named: models(), key: identity(), rows: forgetRows.value, also: also.value }));
  const asked = useRef<typeof wanted.value | null>(null);
  useSignalEffect(() => {
    const now = wanted.value;
    const last = asked.current;
    if (!visible.value || (last?.key === now.key && last.rows === now.rows && last.also === now.also)) return;
    asked.current = now;
    if (last === null || last.rows !== now.rows || now.named === null) result.value = null;
    problem.value = null;
    if (now.named === null) return;
    current.current(now.named).then(
      (answer) => {
        if (asked.current === now) result.value = answer;
      },
      (error: unknown) => {
        if (asked.current === now) problem.value = error instanceof Error ? error.message : String(error);
      },
    );
  });
  return { panel, result, problem };
}
