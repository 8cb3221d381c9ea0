/** When views call the worker: once they are in sight, and again when the page shows other networks. */

import {
  computed,
  signal,
  useComputed,
  useSignal,
  useSignalEffect,
  type ReadonlySignal,
  type Signal,
} from "@preact/signals";
import type { RefObject } from "preact";
import { useEffect, useRef } from "preact/hooks";

import { kinds, type Kind } from "../kinds";
import { sentence } from "../sentence";
import { forgetRows, trio, unlearnedModel } from "../state";

/** Names of the three networks in calls of the worker. */
export type Models = Record<Kind, string>;

/** Null until all three networks exist. */
export function models(): Models | null {
  const { original, retrained } = trio.value;
  const unlearned = unlearnedModel.value;
  return original && retrained && unlearned
    ? { original: original.model, unlearned, retrained: retrained.model }
    : null;
}

/** Identifies the three networks. Two experiments can have the same names, but not the same weights. */
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

/** What is said in the place of an answer: that the networks are not there yet, or that they are being asked. */
export const waiting = computed(() =>
  models() === null ? "This begins when the network has been made to forget." : "The networks are being asked…",
);

const nothing = signal<unknown>(null);

/**
 * Calls `ask` once the panel is in sight and the networks exist, and again when they or `also` change. Answers that
 * arrive after a newer call are dropped.
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
        if (asked.current === now) problem.value = sentence(error);
      },
    );
  });
  return { panel, result, problem };
}
