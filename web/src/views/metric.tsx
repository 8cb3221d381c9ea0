/** The short name of a measure, with a card that explains it: its meaning, its formula, and the current numbers. */

import type { ComponentChildren } from "preact";
import { useId, useRef } from "preact/hooks";
import { useSignal } from "@preact/signals";

import { calculation } from "../analysis";
import type { Kind } from "../kinds";
import { explanations, type MetricKey } from "./explanations";
import { forgetRows, shown, trio, trusted } from "../state";

/** The current numbers of the networks. */
export type Numbers = Partial<Record<Kind, string>>;

/** Numbers of the three networks. Privacy figures are shown only from a device that passed its self-test. */
function currentNumbers(name: MetricKey): Numbers {
  if (name !== "ua" && name !== "ra" && name !== "ta" && name !== "mia" && name !== "gap") return {};
  const { original, unlearned, retrained } = trio.value;
  const passing = shown.value;
  const figure = (measures: typeof original | typeof passing, forgotten: number | null) =>
    !trusted.value && (name === "mia" || name === "gap")
      ? "not shown"
      : calculation(name, measures, retrained, forgotten);
  const all = forgetRows.value.length;
  return {
    original: figure(original, all),
    // A snapshot is measured on a sample, whose size is not that of the set.
    unlearned: passing ? figure(passing, null) : figure(unlearned, all),
    retrained: figure(retrained, all),
  };
}

const MARGIN = 8;

export interface MetricNameProps {
  name: MetricKey;
  /** Numbers to show in place of those of the three networks. */
  numbers?: Numbers;
  /** One of several equal names, of which the tab key reaches the first only. */
  again?: boolean;
  children?: ComponentChildren;
}

export function MetricName({ name, numbers, again, children }: MetricNameProps) {
  const id = useId();
  const button = useRef<HTMLButtonElement>(null);
  const card = useRef<HTMLSpanElement>(null);
  const open = useSignal(false);
  const { short, title, words, formula } = explanations[name];
  const show = () => {
    if (!button.current || !card.current || card.current.matches(":popover-open")) return;
    card.current.showPopover();
    const anchor = button.current.getBoundingClientRect();
    const { width, height } = card.current.getBoundingClientRect();
    const below = anchor.bottom + height + MARGIN < innerHeight;
    card.current.style.left = `${Math.max(MARGIN, Math.min(anchor.left, innerWidth - width - MARGIN))}px`;
    card.current.style.top = `${Math.max(MARGIN, below ? anchor.bottom : anchor.top - height)}px`;
  };
  const hide = () => card.current?.hidePopover();
  return (
    <span
      class="metric"
      onPointerEnter={(event) => event.pointerType === "mouse" && show()}
      onPointerLeave={(event) => event.pointerType === "mouse" && hide()}
    >
      <button
        ref={button}
        type="button"
        class="metric-name"
        tabIndex={again ? -1 : undefined}
        aria-expanded={open.value}
        aria-controls={id}
        onClick={show}
      >
        {children ?? short}
      </button>
      <span
        ref={card}
        id={id}
        class="metric-card"
        popover="auto"
        role="note"
        aria-label={title}
        onToggle={() => (open.value = card.current?.matches(":popover-open") ?? false)}
      >
        <b>{title}</b>
        <span>{words}</span>
        <code>{formula}</code>
        <span class="metric-today">
          {Object.entries(numbers ?? currentNumbers(name)).map(([kind, text]) => (
            <span key={kind} class={`of-${kind}`}>
              {kind}: {text}
            </span>
          ))}
        </span>
      </span>
    </span>
  );
}
