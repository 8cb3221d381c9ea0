/**
 * The answers of the library as types: those of `generated.ts` are written by the types of Rust, and these are what
 * JSON alone cannot say.
 */

export type * from "./generated.ts";

/** One of the library's names: `original`, `retrain`, `ugradsl`, `ugradsl-plus`, `ft`, ... */
export type Method = string;
/** `auto`: a hardware GPU if there is one, else the processor. `gpu`: any GPU, also one emulated in software. */
export type DeviceChoice = "auto" | "gpu" | "cpu";

/** Percentages, 0 to 100. A figure is good if it is close to that of the retrained network. */
export interface Figures {
  /** Unlearning accuracy: 100 - accuracy on the forget set. */
  ua: number;
  /** Accuracy on the retain set. */
  ra: number;
  /** Accuracy on the test set, without classes that are forgotten entirely. */
  ta: number;
  /** Share of the forget set that the membership attack by confidence calls non-member. */
  mia: number;
}

/** Settings of a method, as far as the page has controls for them. One that the method does not have is absent. */
export interface MethodSettings {
  /** Smoothing rate of the labels of the forget set; null is self-adaptive. */
  alpha?: number | null;
  /** Weight of descent on the retain set, 0 to 1; ascent on the forget set has the rest. */
  p?: number;
}
/** The default settings of each unlearning method, and so the list of these methods. */
export type Defaults = Partial<Record<Method, MethodSettings>>;

/** Confidence in the true class, 0 to 1. */
export interface Confidences {
  /** Samples of the retain set: members. */
  members: Float32Array;
  /** Test samples: never seen. */
  nonMembers: Float32Array;
  /** The forget set. */
  forgotten: Float32Array;
}

export type ReportForm = "json" | "markdown" | "html" | "toml" | "command";
