/** What the measures of the page mean, in the words of the library, with their formulas. */

import { measures } from "../measures";

export type MetricKey = "ua" | "ra" | "ta" | "mia" | "gap" | "tpr" | "fpr" | "auc" | "low" | "loss";

export interface Explanation {
  short: string;
  title: string;
  words: string;
  formula: string;
}

export const explanations: Record<MetricKey, Explanation> = {
  ua: {
    short: "UA",
    title: "Unlearning accuracy",
    words: measures.ua.plain,
    formula: "UA = 100 − accuracy on the forgotten images",
  },
  ra: {
    short: "RA",
    title: "Retained accuracy",
    words: measures.ra.plain,
    formula: "RA = right answers ÷ all retained images",
  },
  ta: {
    short: "TA",
    title: "Test accuracy",
    words: measures.ta.plain,
    formula: "TA = right answers ÷ all test images",
  },
  mia: {
    short: "MIA",
    title: "Membership attack",
    words: measures.mia.plain,
    formula: "MIA = forgotten images called “never seen” ÷ all forgotten images",
  },
  gap: {
    short: "Gap",
    title: "Average gap",
    words: measures.gap.plain,
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
    words: measures.auc.plain,
    formula: "AUC = share of pairs in which the member has the higher confidence (a tie counts one half)",
  },
  low: {
    short: "TPR at 1 % FPR",
    title: "Members found with very few false alarms",
    words: measures.tpr.plain,
    formula: "the greatest TPR of all thresholds with FPR ≤ 1 %",
  },
  loss: {
    short: "Loss",
    title: "Loss",
    words:
      "How far the answers are from the labels; 0 is perfect. Training makes it smaller. Unlearning makes it grow on " +
      "the forgotten images.",
    formula: "loss = mean of −Σ label × log(probability) over the classes and the batch",
  },
};
