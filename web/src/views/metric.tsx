/** The short name of a measure, which explains itself: what it counts, how, and today's three numbers. */

import type { ComponentChildren } from "preact";
import { useId, useRef } from "preact/hooks";
import { useSignal } from "@preact/signals";

import "../styles/views.css";
import { shown, trio, trusted } from "../state";
import { percent } from "./words";

export type MetricKey = "ua" | "ra" | "ta" | "mia" | "gap";

interface Explanation {
  short: string;
  title: string;
  words: string;
  formula: string;
}

const explanations: Record<MetricKey, Explanation> = {
  ua: {
    short: "UA",
    title: "Unlearning accuracy",
    words: "How often the network is wrong on the forgotten images. It should be as high as the twin's, not higher.",
    formula: "UA = 100 − accuracy on the forgotten images",
  },
  ra: {
    short: "RA",
    title: "Retained accuracy",
    words: "How often the network is right on the training images that it was allowed to keep.",
    formula: "RA = accuracy on the retained images",
  },
  ta: {
    short: "TA",
    title: "Test accuracy",
    words: "How often the network is right on images it never saw. Classes that are forgotten entirely do not count.",
    formula: "TA = accuracy on the test images",
  },
  mia: {
    short: "MIA",
    title: "Membership attack",
    words:
      "An attacker looks at how sure the network is, and guesses whether an image was in its training set. This is the share of forgotten images that the attacker takes for never seen.",
    formula: "MIA = forgotten images called “never seen” ÷ all forgotten images",
  },
  gap: {
    short: "Gap",
    title: "Average gap",
    words: "How far the network is from its retrained twin, in percentage points. Zero would be a perfect match on these four measures.",
    formula: "Gap = (|ΔUA| + |ΔRA| + |ΔTA| + |ΔMIA|) ÷ 4, Δ = distance to the twin",
  },
};

/** Today's value of a network; privacy figures only from a device that has proven to compute right. */
function today(name: MetricKey, kind: "original" | "unlearned" | "retrained"): string {
  if (!trusted.value && (name === "mia" || name === "gap")) return "not shown";
  const run = trio.value[kind];
  if (name === "gap") return kind === "retrained" ? "0.0" : percent(kind === "unlearned" && shown.value ? null : run?.gap);
  return `${percent((kind === "unlearned" ? (shown.value ?? run) : run)?.[name])} %`;
}

const MARGIN = 8;

export function MetricName({ name, children }: { name: MetricKey; children?: ComponentChildren }) {
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
    <span class="metric" onPointerEnter={(event) => event.pointerType === "mouse" && show()} onPointerLeave={(event) => event.pointerType === "mouse" && hide()}>
      <button ref={button} type="button" class="metric-name" aria-expanded={open.value} aria-controls={id} onClick={show}>
        {children ?? short}
      </button>
      <span ref={card} id={id} class="metric-card" popover="auto" role="note" aria-label={title} onToggle={() => (open.value = card.current?.matches(":popover-open") ?? false)}>
        <b>{title}</b>
        <span>{words}</span>
        <code>{formula}</code>
        <span class="metric-today">
          {(["original", "unlearned", "retrained"] as const).map((kind) => (
            <span key={kind} class={`of-${kind}`}>
              {kind}: {today(name, kind)}
            </span>
          ))}
        </span>
      </span>
    </span>
  );
}
