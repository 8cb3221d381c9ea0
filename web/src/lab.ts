/** What the WebAssembly module offers, as types: the one place where the page and the library meet. */

/** By the library's names. Which ones unlearn is for `Lab.defaults` to say; only `original` and `retrain` are fixed. */
export type Method = string;
export type DeviceChoice = "auto" | "gpu" | "cpu";

export interface DeviceInfo {
  kind: "cpu" | "gpu";
  adapter: string;
  api: string;
  driver: string;
  software: boolean;
  limits: [string, number][];
}

/** One known answer of the self-test. */
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
  digest: string;
}

export interface About {
  version: string;
  device: DeviceInfo;
  checks: Check[];
  /** Absent until data was loaded. */
  data: DataInfo | null;
}

/** Per cent, 0 to 100. */
export interface Measures {
  ua: number;
  ra: number;
  ta: number;
  mia: number;
}

export type StoppedBy = "plan" | "target" | "guard" | "diverged";

export type LabEvent =
  | {
      event: "started";
      method: Method;
      seed: number;
      steps: number;
      steps_per_epoch: number;
      device: DeviceInfo;
      resumed_at: number;
      target: number | null;
      beta: number | null;
    }
  | {
      event: "step";
      step: number;
      retain_loss: number | null;
      forget_loss: number | null;
      /** 0 to 1. */
      forget_accuracy: number | null;
    }
  | { event: "epoch"; epoch: number; rates: Rates | null }
  | { event: "probe"; step: number; retain_loss: number; retain_accuracy: number; forget_accuracy: number }
  | { event: "rolled-back"; step: number; to_step: number; alarm: unknown; rate_scale: number }
  | { event: "warning"; message: string }
  | { event: "checkpointed"; step: number }
  | { event: "evaluated"; method: Method; seed: number; measures: Measures }
  | {
      event: "finished";
      method: Method;
      seed: number;
      steps: number;
      seconds: number;
      stopped_by: StoppedBy;
    };

/** Self-adaptive smoothing rates of an epoch. */
export interface Rates {
  mean: number;
  /** Rates per tenth of -1 to 0, the most negative first. */
  bins: number[];
  /** Rates that are exactly zero. */
  zeros: number;
}

/** Numbers of a method that the page shows. */
export interface MethodNumbers {
  /** Weight of descent on the retain set. */
  p: number;
}

/** A finished run, one row of the table. */
export interface RunRecord extends Measures {
  method: Method;
  seed: number;
  forget: string;
  /** Mean distance of UA, MIA, RA and TA to the retrained network, in points. */
  gap: number | null;
  js_forget: number | null;
  js_test: number | null;
  seconds: number | null;
  retrain_share: number | null;
  stopped_by: StoppedBy | null;
  steps: number;
  rollbacks: number;
  warnings: string[];
  /** SHA-256 of the weights. */
  weights: string;
  /** Name by which `model`, `probabilities`, `confidences` and `embedding` know it. */
  model: string;
}

/** The network as it was at one step of an unlearning run, measured on a sample of up to 500 rows of each set. */
export interface Snapshot extends Measures {
  step: number;
  /** Name by which the calls below know it: `now@120`. */
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

/** The class that wasm-bindgen exports. */
export interface Lab {
  about(): About;
  /** Data from idx files (gzipped or not); `name` is `mnist-subset` or `fashion-mnist-subset`. */
  load(name: string, trainImages: Uint8Array, trainLabels: Uint8Array, testImages: Uint8Array, testLabels: Uint8Array): void;
  /**
   * Adds own images to the training set of the experiments that begin from now on, after its (limited) rows.
   * `pixels`: n * height * width bytes. Returns how many own images there are now. A later `load` starts afresh.
   */
  add_images(pixels: Uint8Array, labels: Uint32Array): number;
  /**
   * A new experiment: settings are `key=value` as `--set` of the command line takes them; `ids` are rows of the training
   * set to forget, `own` asks for all own images instead, else the setting `forget` holds. Runs that were done before with the same numbers come back at once.
   */
  begin(settings: string[], ids?: Uint32Array, own?: boolean): void;
  /** The numbers of each unlearning method when nothing is said: at the same time the list of these methods. */
  defaults(): Partial<Record<Method, MethodNumbers>>;
  /** Steps between two `step` events from now on; 0: the default of 10. */
  set_read_every(steps: number): void;
  /** Goes on to the next event; undefined when all runs are over. */
  next(): Promise<LabEvent | undefined>;
  /** Keeps the network of the unlearning run in progress and measures it; undefined when no such run is in progress. */
  snapshot(): Promise<Snapshot | undefined>;
  runs(): RunRecord[];
  /** Of any network, on all rows of the current experiment. */
  measure(model: string): Promise<Measures>;
  report(form: ReportForm): string;
  /** safetensors. */
  model(name: string): Uint8Array;
  /** Takes a safetensors file that `model` or the command line wrote; it is known by `name` from then on. */
  import_model(name: string, bytes: Uint8Array): void;
  labels(): Uint32Array;
  /** Rows to forget of the current experiment. */
  forget_rows(): Uint32Array;
  pixels(rows: Uint32Array): Uint8Array;
  /** `rows.length * classes` values. */
  probabilities(model: string, rows: Uint32Array): Promise<Float32Array>;
  confidences(model: string): Promise<Confidences>;
  /** Features on the first two principal components of the original's: `rows.length * 2`. */
  embedding(model: string, rows: Uint32Array): Promise<Float32Array>;
  /** Shows `samples` forgotten rows to the unlearned network (`model`) and to the twin, for up to 20 steps. */
  relearn(model: string, samples: number): Promise<Relearned>;
  free(): void;
}
