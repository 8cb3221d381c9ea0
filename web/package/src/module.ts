/**
 * The class that wasm-bindgen exports, with types for the answers that it declares as `any`. Everything else is as
 * generated from `crates/ugradsl-web`, where each method is documented.
 */

import type { Lab as Module } from "../wasm/ugradsl_web.js";

import type { About, Confidences, Defaults, Measures, Relearned, RunRecord, SessionEvent, Snapshot } from "./lab.ts";

interface Answers {
  about(): About;
  confidences(model: string): Promise<Confidences>;
  defaults(): Defaults;
  measure(model: string): Promise<Measures>;
  /** undefined when all runs are over. */
  next(): Promise<SessionEvent | undefined>;
  relearn(model: string, samples: number): Promise<Relearned>;
  runs(): RunRecord[];
  /** undefined when no unlearning run is in progress. */
  snapshot(): Promise<Snapshot | undefined>;
}

export type Lab = Omit<Module, keyof Answers> & Answers;
