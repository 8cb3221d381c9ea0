/** Messages between a page and the worker that owns the module. */

import type {
  About,
  Activations,
  Confidences,
  Defaults,
  DeviceChoice,
  Links,
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

/** Where an experiment waits for the call `release`: for the twin of another worker, or for the word to forget. */
export type Hold = "retrain" | "unlearn";

/** The arguments of the call `begin`. */
export interface Begin {
  /** `key=value`, as `--set` of the command line takes them. */
  settings: string[];
  /** Rows to forget, in place of the setting `forget`. */
  ids: Uint32Array | null;
  /** All added images are forgotten instead. */
  own: boolean;
  /** The network is kept and measured before the first step of unlearning and at each step that is read. */
  snapshots: boolean;
  /** Nothing but the twin is computed, for another worker. */
  onlyRetrain?: boolean;
  /** The network is made to forget anew, even if it was before. */
  again?: boolean;
  hold?: readonly Hold[];
}

/** Calls of the page: arguments and result by name. */
export interface Calls {
  /** `module`: compiled already; otherwise the worker fetches it. */
  open: { args: { device: DeviceChoice; module?: WebAssembly.Module }; result: About };
  load: { args: { name: string; data: IdxFiles | Pixels }; result: About };
  defaults: { args: null; result: Defaults };
  /** Adds images to those that the next experiments train on. The result is how many have been added so far. */
  addImages: { args: { pixels: Uint8Array; labels: Uint32Array }; result: number };
  /** Begins an experiment in place of the one before. */
  begin: { args: Begin; result: null };
  /** Ends the wait of an experiment that holds. */
  release: { args: null; result: null };
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
  /** Class probabilities of any images. `model`: of a run, a snapshot or an import, or `live`. */
  predict: { args: { model: string; pixels: Uint8Array }; result: Float32Array };
  activations: { args: { model: string; pixels: Uint8Array }; result: Activations };
  links: { args: { model: string }; result: Links[] };
  testLabels: { args: null; result: Uint32Array };
  testPixels: { args: { rows: Uint32Array }; result: Uint8Array };
  /** The finished runs, for the call `takeRuns` of another worker. */
  storedRuns: { args: null; result: StoredRuns };
  takeRuns: { args: StoredRuns; result: null };
}
/** Entries of the store of a worker. */
export type StoredRuns = { name: string; bytes: Uint8Array }[];
export type CallName = keyof Calls;
/** All names, for checking messages. */
export const callNames = [
  "open",
  "load",
  "defaults",
  "addImages",
  "begin",
  "release",
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
  "predict",
  "activations",
  "links",
  "testLabels",
  "testPixels",
  "storedRuns",
  "takeRuns",
] as const satisfies readonly CallName[];

/** How the worker takes the steps. */
export type Pace = "play" | "pause" | "step";
export const paces = ["play", "pause", "step"] as const satisfies readonly Pace[];

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
  /** The experiment waits before this. */
  | { kind: "held"; before: Hold }
  /** All runs of the experiment are over. */
  | { kind: "done" }
  /** The experiment cannot go on: the module failed. */
  | { kind: "fault"; message: string }
  /** The browser took the device away. */
  | { kind: "lost" };

/** `ready`: the script of the worker has been run, and calls will be answered. */
export type ToPage = Answer | WorkerMessage | { kind: "ready" };
