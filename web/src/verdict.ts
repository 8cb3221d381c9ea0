/** How forgetting ended, in words for everybody: from what the library found, and from the distance to the twin. */

import type { RunRecord, Verdict } from "ugradsl";

import { unlearns } from "./methods";

export type Outcome = "forgotten" | "partly" | "kept" | "harmed" | "destroyed" | "worse" | "nothing";

export interface Judgement {
  outcome: Outcome;
  /** In a few words. */
  title: string;
  /** Why. */
  reason: string;
}

const titles: Record<Outcome, string> = {
  forgotten: "Forgotten, and the rest is intact",
  partly: "Only partly forgotten",
  kept: "Not forgotten",
  harmed: "The network is harmed",
  destroyed: "The network is destroyed",
  worse: "Worse than doing nothing",
  nothing: "There was nothing to forget",
};

/** What the page calls the verdicts of the library. */
const outcomes: Record<Verdict, Outcome> = {
  reached: "forgotten",
  partly: "partly",
  "not-forgotten": "kept",
  harmed: "harmed",
  "nothing-to-do": "nothing",
};

/** Share of its accuracy on retained images below which a network counts as destroyed. */
const DESTROYED = 0.7;

/** Null where the library found nothing out. */
function outcomeOf(original: RunRecord, run: RunRecord, trusted: boolean): Outcome | null {
  if (run.ra < DESTROYED * original.ra) return "destroyed";
  // Without a trusted device there is no gap.
  if (trusted && (run.gap ?? 0) > (original.gap ?? Infinity)) return "worse";
  return run.finding ? outcomes[run.finding.verdict] : null;
}

/** Null while there is no run to judge, or nothing was found out about it. */
export function judge(original: RunRecord | null, run: RunRecord | null, trusted: boolean): Judgement | null {
  if (original === null || run === null || !unlearns(run.method)) return null;
  const outcome = outcomeOf(original, run, trusted);
  if (outcome === null) return null;
  const points = (value: number | null) => (value ?? NaN).toFixed(1);
  const distance =
    trusted && run.gap !== null && original.gap !== null
      ? `It is ${points(run.gap)} points from the twin; the original is ${points(original.gap)}.`
      : "";
  const rest = `It reads ${run.ra.toFixed(0)} % of the retained images, the original ${original.ra.toFixed(0)} %.`;
  const words = run.finding ? `${capital(run.finding.words)}.` : "";
  const why: Record<Outcome, string> = {
    forgotten: distance,
    partly: `${words} ${distance}`,
    kept: `${words} ${distance}`,
    harmed: `${words} ${rest}`,
    destroyed: `${rest} Forgetting everything is not unlearning: more is not better.`,
    worse: `${distance} It would have been closer without any unlearning.`,
    nothing: words,
  };
  return { outcome, title: titles[outcome], reason: why[outcome].trim() };
}

const capital = (text: string): string => text.charAt(0).toUpperCase() + text.slice(1);
