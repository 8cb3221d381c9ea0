/** The short name of a measure, which explains itself: what it counts, how, and today's numbers. */

import type { ComponentChildren } from "preact";
import { useId, useRef } from "preact/hooks";
import { useSignal } from "@preact/signals";

import "../styles/views.css";
import { calculation } from "../analysis";
import { forgetRows, shown, trio, trusted } from "../state";

export type MetricKey = "ua" | "ra" | "ta" | "mia" | "gap" | "tpr" | "fpr" | "auc" | "low" | "loss";

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
    formula: "RA = right answers ÷ all retained images",
  },
  ta: {
    short: "TA",
    title: "Test accuracy",
    words: "How often the network is right on images it never saw. Classes that are forgotten entirely do not count.",
    formula: "TA = right answers ÷ all test images",
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
    words:
      "How far the network is from its retrained twin, in percentage points. Zero would be a perfect match on these four measures.",
    formula: "Gap = (|ΔUA| + |ΔMIA| + |ΔRA| + |ΔTA|) ÷ 4, Δ = distance to the twin",
  },
  tpr: {
    short: "TPR",
    title: "Members found (true positive rate)",
    words: "Of the images that really were in the training set, the share that the attacker finds.",
    formula: "TPR = members with a confidence of at least the threshold ÷ all members",
  },
  fpr: {
    short: "FPR",
    title: "False alarms (false positive rate)",
    words: "Of the images that the network never saw, the share that the attacker wrongly calls members.",
    formula: "FPR = never seen images with a confidence of at least the threshold ÷ all never seen images",
  },
  auc: {
    short: "AUC",
    title: "Area under the curve",
    words:
      "Take one image from the training set and one from outside: how often is the network surer about the first? One half is guessing.",
    formula: "AUC = share of pairs in which the member has the higher confidence (a tie counts one half)",
  },
  low: {
    short: "TPR at 1 % FPR",
    title: "Members found with hardly a false alarm",
    words:
      "The strict test: of a hundred images never seen, the attacker may accuse one. How many members does it still find?",
    formula: "the greatest TPR of all thresholds with FPR ≤ 1 %",
  },
  loss: {
    short: "Loss",
    title: "Loss",
    words:
      "How far the answers are from the labels; 0 is perfect. Training makes it smaller. Unlearning makes it grow on the forgotten images.",
    formula: "loss = mean of −Σ label × log(probability) over the classes and the batch",
  },
};

/** Today's numbers where the page has them: privacy figures only from a device that has proven to compute right. */
export type Today = Partial<Record<"original" | "unlearned" | "retrained", string>>;

function today(name: MetricKey): Today {
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
    // Measured on a sample: its size is not that of the set.
    unlearned: passing ? figure(passing, null) : figure(unlearned, all),
    retrained: figure(retrained, all),
  };
}

const MARGIN = 8;

export interface MetricNameProps {
  name: MetricKey;
  /** Numbers of the place where it stands; without them those of the three networks. */
  numbers?: Today;
  /** Leaves the way of the tab key to the first of several equal names. */
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
          {Object.entries(numbers ?? today(name)).map(([kind, text]) => (
            <span key={kind} class={`of-${kind}`}>
              {kind}: {text}
            </span>
          ))}
        </span>
      </span>
    </span>
  );
}
