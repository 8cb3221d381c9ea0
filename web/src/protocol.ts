/** Messages between the page and the worker that owns the {@link Lab}. */

import type { About, Confidences, DeviceChoice, Lab, LabEvent, Measures, Relearned, ReportForm, RunRecord, Snapshot } from "./lab";

/** Names of the data sets that the page can load. */
export type DataName = "mnist-subset" | "fashion-mnist-subset";

/** Questions with an answer: arguments and result by name. */
export interface Calls {
  /** `base`: address of the page, below which the data lies; it is fetched while the device opens. */
  open: { args: { device: DeviceChoice; data: DataName; base: string }; result: About };
  load: { args: { data: DataName; base: string }; result: About };
  defaults: { args: null; result: ReturnType<Lab["defaults"]> };
  addImages: { args: { pixels: Uint8Array; labels: Uint32Array }; result: number };
  begin: { args: { settings: string[]; ids: Uint32Array | null; own: boolean }; result: null };
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
/** All names, to tell a message from noise. */
export const callNames = [
  "open", "load", "defaults", "addImages", "begin", "runs", "measure", "report", "model", "importModel", "labels", "forgetRows",
  "pixels", "probabilities", "confidences", "embedding", "relearn",
] as const satisfies readonly CallName[];

/** How the worker walks through the steps. `slow` reads every step and waits between two. */
export type Pace = "play" | "pause" | "step" | "slow";
export const paces = ["play", "pause", "step", "slow"] as const satisfies readonly Pace[];

export type ToWorker =
  | { [N in CallName]: { kind: "call"; id: number; name: N; args: Calls[N]["args"] } }[CallName]
  | { kind: "pace"; pace: Pace };

export type ToPage =
  | { kind: "answer"; id: number; result: Calls[CallName]["result"] }
  | { kind: "refusal"; id: number; message: string }
  /** `milliseconds`: how long the worker computed for it. */
  | { kind: "event"; event: LabEvent; milliseconds: number }
  /** An image of each class, before the module is there. */
  | { kind: "preview"; images: (Uint8Array | null)[] }
  | { kind: "snapshot"; snapshot: Snapshot }
  /** All runs of the experiment are over. */
  | { kind: "done" }
  /** Nothing can go on: the device is lost or the module failed. */
  | { kind: "fault"; message: string }
  /** The browser took the device away. */
  | { kind: "lost" };
