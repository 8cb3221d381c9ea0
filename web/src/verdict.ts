/** How forgetting ended, as the library found, in words for everybody. */

import type { Remark, RunRecord, Verdict } from "ugradsl";

import { unlearns } from "./methods";
import { capital } from "./sentence";

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

/** What the page calls the remarks of the library beside a verdict. */
const remarks: Record<Remark, Outcome> = { destroyed: "destroyed", "worse-than-nothing": "worse" };

/** Null where the library found nothing out. */
function outcomeOf({ finding }: RunRecord, trusted: boolean): Outcome | null {
  if (!finding) return null;
  // A gap that a device got wrong says nothing.
  const remark = finding.remark === "worse-than-nothing" && !trusted ? undefined : finding.remark;
  return remark ? remarks[remark] : outcomes[finding.verdict];
}

/** Null while there is no run to judge, or nothing was found out about it. */
export function judge(original: RunRecord | null, run: RunRecord | null, trusted: boolean): Judgement | null {
  if (original === null || run === null || !unlearns(run.method)) return null;
  const outcome = outcomeOf(run, trusted);
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
