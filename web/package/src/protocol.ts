/** Messages between a page and the worker that owns the module. */

import type {
  About,
  Confidences,
  Defaults,
  DeviceChoice,
  Measures,
  Relearned,
  ReportForm,
  RunRecord,
  SessionEvent,
  Snapshot,
} from "./lab.ts";

/** Bytes of idx files, gzipped or not. */
export interface IdxFiles {
  train: { images: Uint8Array; labels: Uint8Array };
  test: { images: Uint8Array; labels: Uint8Array };
}

/** Rows of images: `labels.length * channels * height * width` bytes, row by row and channel by channel. */
export interface Pixels {
  /** Channels, height, width. */
  shape: [number, number, number];
  train: { pixels: Uint8Array; labels: Uint32Array };
  test: { pixels: Uint8Array; labels: Uint32Array };
}

/** Calls of the page: arguments and result by name. */
export interface Calls {
  open: { args: { device: DeviceChoice }; result: About };
  load: { args: { name: string; data: IdxFiles | Pixels }; result: About };
  defaults: { args: null; result: Defaults };
  /** Adds images to those that the next experiments train on. The result is how many have been added so far. */
  addImages: { args: { pixels: Uint8Array; labels: Uint32Array }; result: number };
  /**
   * Begins an experiment. `settings` are `key=value` as `--set` of the command line takes them; `ids` are rows to
   * forget; with `own` all added images are forgotten instead. With `snapshots` the network is kept and measured at
   * each step of unlearning that is read.
   */
  begin: { args: { settings: string[]; ids: Uint32Array | null; own: boolean; snapshots: boolean }; result: null };
  runs: { args: null; result: RunRecord[] };
  measure: { args: { model: string }; result: Measures };
  report: { args: { form: ReportForm }; result: string };
  model: { args: { name: string }; result: Uint8Array };
  importModel: { args: { name: string; bytes: Uint8Array }; result: null };
  labels: { args: null; result: Uint32Array };
  forgetRows: { args: null; result: Uint32Array };
  pixels: { args: { rows: Uint32Array }; result: Uint8Array };
  probabilities: { args: { model: string; rows: Uint32Array }; result: Float32Array };
  confidences: { args: { model: string }; result: Confidences };
  embedding: { args: { model: string; rows: Uint32Array }; result: Float32Array };
  relearn: { args: { model: string; samples: number }; result: Relearned };
}
export type CallName = keyof Calls;
/** All names, for checking messages. */
export const callNames = [
  "open",
  "load",
  "defaults",
  "addImages",
  "begin",
  "runs",
  "measure",
  "report",
  "model",
  "importModel",
  "labels",
  "forgetRows",
  "pixels",
  "probabilities",
  "confidences",
  "embedding",
  "relearn",
] as const satisfies readonly CallName[];

/** How the worker takes the steps. `slow` reads every step and waits between two. */
export type Pace = "play" | "pause" | "step" | "slow";
export const paces = ["play", "pause", "step", "slow"] as const satisfies readonly Pace[];

export type ToWorker =
  | { [N in CallName]: { kind: "call"; id: number; name: N; args: Calls[N]["args"] } }[CallName]
  | { kind: "pace"; pace: Pace };

/** Answers to calls. */
export type Answer =
  { kind: "answer"; id: number; result: Calls[CallName]["result"] } | { kind: "refusal"; id: number; message: string };

/** Messages that the worker sends by itself. */
export type WorkerMessage =
  /** `milliseconds`: how long the worker computed until the event. */
  | { kind: "event"; event: SessionEvent; milliseconds: number }
  | { kind: "snapshot"; snapshot: Snapshot }
  /** All runs of the experiment are over. */
  | { kind: "done" }
  /** The experiment cannot go on: the module failed. */
  | { kind: "fault"; message: string }
  /** The browser took the device away. */
  | { kind: "lost" };

/** `ready`: the script of the worker has been run, and calls will be answered. */
export type ToPage = Answer | WorkerMessage | { kind: "ready" };
