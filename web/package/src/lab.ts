/**
 * The answers of the library as types, field for field as it serialises them. `web/e2e/package.test.ts` compares them
 * with the answers that it really gives.
 */

/** One of the library's names: `original`, `retrain`, `ugradsl`, `ugradsl-plus`, `ft`, ... */
export type Method = string;
/** `auto`: a hardware GPU if there is one, else the processor. `gpu`: any GPU, also one emulated in software. */
export type DeviceChoice = "auto" | "gpu" | "cpu";

export interface DeviceInfo {
  kind: "cpu" | "gpu";
  adapter: string;
  /** `webgpu`; on the processor `flex`. */
  api: string;
  driver: string;
  /** Threads that compute, on the processor. */
  threads?: number;
  /** The GPU is emulated by software on the processor. */
  software: boolean;
  /** Names as in WebGPU. */
  limits: [string, number][];
}

/** A known answer of the self-test. */
export interface Check {
  name: string;
  passed: boolean;
  detail: string;
}

export interface DataInfo {
  name: string;
  classes: number;
  train: number;
  test: number;
  /** Channels, height, width. */
  shape: [number, number, number];
  /** SHA-256 of shape, classes, labels and pixels. */
  digest: string;
}

export interface About {
  /** Version of the library. */
  version: string;
  device: DeviceInfo;
  checks: Check[];
  /** Null until data is loaded. */
  data: DataInfo | null;
}

/** Per cent, 0 to 100. A figure is good if it is close to that of the retrained network. */
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

export interface Measures extends Figures {
  /** The membership attack by other features; null unless the setting `attack` is `all`. */
  mia_correctness: number | null;
  mia_entropy: number | null;
  mia_modified_entropy: number | null;
  mia_probabilities: number | null;
}

/**
 * All steps were taken; the target was reached; the guards rolled back as often as allowed; outputs were not finite.
 */
export type StoppedBy = "plan" | "target" | "guard" | "diverged";

/** An event of an experiment. Losses are in nats, accuracies are 0 to 1, `measures` are in per cent. */
export type SessionEvent =
  /** A run of a method begins. */
  | {
      event: "started";
      method: Method;
      seed: number;
      /** The most that it may take. */
      steps: number;
      steps_per_epoch: number;
      device: DeviceInfo;
      /** 0 for a fresh run. */
      resumed_at: number;
      /** Accuracy on the forget set that the guards aim at. */
      target: number | null;
      /** Of the self-adaptive smoothing rate. */
      beta: number | null;
    }
  /** Steps were taken; losses are means over those since the last such event. */
  | {
      event: "step";
      step: number;
      retain_loss: number | null;
      forget_loss: number | null;
      forget_accuracy: number | null;
    }
  /** Steps were taken of which nothing has been read yet: a sign of life where steps are slow. */
  | { event: "working"; step: number }
  | { event: "epoch"; epoch: number; rates: Rates | null }
  /** The guards measured a fixed sample of both sets. */
  | { event: "guard-check"; step: number; retain_loss: number; retain_accuracy: number; forget_accuracy: number }
  /** The guards went back to an earlier state. From there on the learning rate has the factor `rate_scale`. */
  | { event: "rolled-back"; step: number; to_step: number; alarm: Alarm; rate_scale: number }
  | { event: "warning"; message: string }
  | { event: "checkpointed"; step: number }
  /** A network was measured; `runs` now has its row. */
  | { event: "evaluated"; method: Method; seed: number; measures: Measures }
  | {
      event: "finished";
      method: Method;
      seed: number;
      steps: number;
      /** Time of the steps and of the guards, without evaluation. */
      seconds: number;
      stopped_by: StoppedBy;
    };

/** Why the guards went back: a loss was not finite, or the loss on retained samples exceeded its limit. */
export type Alarm = "non-finite" | { "retain-loss": { loss: number; limit: number } };

/** Self-adaptive smoothing rates of an epoch. */
export interface Rates {
  mean: number;
  /** Rates per tenth of -1 to 0, the most negative first. */
  bins: number[];
  /** Rates that are exactly zero. */
  zeros: number;
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

/** Distances between a network's outputs and the retrained network's: divergences in nats, agreement in per cent. */
export interface Likeness {
  kl_forget: number;
  kl_test: number;
  kl_reverse_forget: number;
  kl_reverse_test: number;
  agreement_forget: number;
  agreement_test: number;
}

/** ROC of a threshold attack on the confidence in the true class, in figures. */
export interface RocFigures {
  /** 0 to 1. */
  auc: number;
  /** Per cent of the members found with at most 1 % (0.1 %) false alarms. */
  tpr_at_fpr_1: number;
  tpr_at_fpr_0_1: number;
  /** Per cent, at the best threshold. */
  balanced_accuracy: number;
  members: number;
  non_members: number;
}

/** A finished run, one row of the table. */
export interface RunRecord extends Measures {
  method: Method;
  seed: number;
  forget: string;
  /** Number of training rows in the forget set. */
  forgotten_rows: number;
  /** SHA-256 of their row numbers. */
  forget_list: string;
  /** With the setting `retrain = false`, in the row of the original: the expected measures of a retrained network. */
  expected?: Measures;
  /** Mean distance of UA, MIA, RA and TA to those of the retrained network, or to the expected ones, in points. */
  gap: number | null;
  /** Mean Jensen-Shannon divergence to the retrained network, in nats. */
  js_forget: number | null;
  js_test: number | null;
  likeness: Likeness | null;
  roc: { forget: RocFigures; retain: RocFigures } | null;
  /** Wall-clock time of the steps and of the guards. */
  seconds: number | null;
  /** `seconds` as a share of those of retraining. */
  retrain_share: number | null;
  /** Peak memory of steps and guards in bytes; only in reports of the command line. */
  peak_memory?: number;
  stopped_by: StoppedBy | null;
  steps: number;
  rollbacks: number;
  warnings: string[];
  /** SHA-256 of the weights at the start of the run; null if it started from a new network. */
  weights_before: string | null;
  /** SHA-256 of the weights at its end. */
  weights: string;
  /** Name of the network in the other calls. */
  model: string;
  history: { step: number; retain_loss: number | null; forget_accuracy: number | null }[];
  /** Identifies the run: config, data, method, request and seed. */
  digest: string;
}

/** The network at one step of an unlearning run, measured on up to 500 rows of each set. */
export interface Snapshot extends Measures {
  step: number;
  /** Its name in the other calls: `now@120`. */
  model: string;
}

/** Confidence in the true class, 0 to 1. */
export interface Confidences {
  /** Samples of the retain set: members. */
  members: Float32Array;
  /** Test samples: never seen. */
  nonMembers: Float32Array;
  /** The forget set. */
  forgotten: Float32Array;
}

/** Accuracy (0 to 1) on the forgotten samples that were *not* shown, after 0, 1, 2, ... steps of relearning. */
export interface Relearned {
  shown: number;
  unlearned: number[];
  retrained: number[];
}

export type ReportForm = "json" | "markdown" | "html" | "toml" | "command";
