/**
 * The class that wasm-bindgen exports, with types for the answers that it declares as `any`. Everything else is as
 * generated from `crates/ugradsl-web`, where each method is documented.
 */

import type { Lab as Module } from "../wasm/ugradsl_web.js";

import type {
  About,
  Activations,
  Confidences,
  Defaults,
  Links,
  Measures,
  Relearned,
  RunRecord,
  SessionEvent,
  Snapshot,
} from "./lab.ts";

interface Answers {
  about(): About;
  activations(model: string, pixels: Uint8Array): Promise<Activations>;
  confidences(model: string): Promise<Confidences>;
  defaults(): Defaults;
  links(model: string): Promise<Links[]>;
  measure(model: string): Promise<Measures>;
  /** undefined when all runs are over. */
  next(): Promise<SessionEvent | undefined>;
  relearn(model: string, samples: number): Promise<Relearned>;
  runs(): RunRecord[];
  /** undefined when no unlearning run is in progress. */
  snapshot(): Promise<Snapshot | undefined>;
  /** Names and bytes by turns. */
  stored_runs(): (string | Uint8Array)[];
}

export type Lab = Omit<Module, keyof Answers> & Answers;
