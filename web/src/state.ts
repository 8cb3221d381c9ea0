/**
 * All that the page shows, as signals, which the views read. Few files write them, and ESLint refuses others:
 * `choices.ts` (what the person chooses), `reduce.ts` (events of the library), and `session.ts`, `experiment.ts` and
 * `commands.ts` (what commands do).
 */

import { computed, signal } from "@preact/signals";

import type { About, Defaults, Measures, Method, Rates, RunRecord, Snapshot } from "ugradsl";
import type { Pace } from "ugradsl/internal";
import type { OwnImage } from "./image";
import { defaults, type Settings } from "./settings";
import type { Trial } from "./trials";

/** A point of the loss curves. */
export interface CurvePoint {
  step: number;
  retainLoss: number | null;
  forgetLoss: number | null;
}

/** A method on its way: percentages of what was forgotten and of what was kept. */
export interface Racer {
  method: Method;
  path: { gone: number; kept: number }[];
  /** At the end, measured on all images. */
  run: RunRecord | null;
}

/** How far a run is. */
export interface Progress {
  method: Method;
  step: number;
  steps: number;
  millisecondsPerStep: number | null;
}

/** The runs of the three networks that are compared. */
export interface Trio {
  original: RunRecord | null;
  unlearned: RunRecord | null;
  retrained: RunRecord | null;
}

/** Settings of the controls, and of the next experiment. */
export const settings = signal<Settings>(defaults);
/** Settings of the experiment that the page shows. */
export const current = signal<Settings>(defaults);
/** Rows of the training set that are forgotten when `settings.forget` is `ids`. */
export const chosenRows = signal<Uint32Array>(new Uint32Array());
export const about = signal<About | null>(null);
/** Default settings of the library's methods. */
export const methodDefaults = signal<Defaults>({});
export const pace = signal<Pace>("play");
export const progress = signal<Progress | null>(null);
/** How far the twin is in its own worker; null while it does not train there. */
export const twinProgress = signal<Progress | null>(null);
/** What a link asks for beyond the settings: that the network forgets unasked, and the step to show then. */
export const wanted = signal<{ forgot: boolean; step: number | null }>({ forgot: false, step: null });
/** Methods that race from the original to the twin, in the order in which they began; null before a race. */
export const race = signal<Racer[] | null>(null);
/**
 * Grows whenever names of networks come to mean others: with each experiment, with the snapshots of another run, which
 * are named by their steps, and when the guards go back.
 */
export const generation = signal(0);
/** Milliseconds per step of the latest run. */
export const lastSpeed = signal<number | null>(null);
/** Panels that a teacher's link leaves out. */
export const hidden = signal<string[]>([]);
/** Own images in the training set of the worker. */
export const ownImages = signal<OwnImage[]>([]);
/** A network from a file, measured on the data of the page. */
export const imported = signal<{ name: string; measures: Measures } | null>(null);
export const curve = signal<CurvePoint[]>([]);
export const rates = signal<Rates | null>(null);
export const snapshots = signal<Snapshot[]>([]);
/** Index into {@link snapshots} that the person went back to; null: the newest state. */
export const rewound = signal<number | null>(null);
export const runs = signal<RunRecord[]>([]);
/** An image of each class of the data, for the choice of a class. */
export const previews = signal<(Uint8Array | null)[]>([]);
/** Unlearning runs of this visit. */
export const trials = signal<Trial[]>([]);
export const labels = signal<Uint32Array>(new Uint32Array());
export const forgetRows = signal<Uint32Array>(new Uint32Array());
/**
 * `idle` before the first experiment, `asking` while it waits with the question whether to forget, `done` when all its
 * runs are over.
 */
export const phase = signal<"opening" | "idle" | "running" | "asking" | "done" | "failed">("opening");
/** A sentence for the person: a warning or a fault. */
export interface Notice {
  kind: "warning" | "fault";
  text: string;
}
/** Newest last. */
export const notices = signal<Notice[]>([]);

/** How many classes the data have; of the page's own sets while none is loaded. */
export const classCount = computed(() => about.value?.data?.classes ?? 10);

const newest = (method: Method): RunRecord | null => runs.value.findLast((run) => run.method === method) ?? null;
/** Finished runs of the current experiment. */
export const trio = computed<Trio>(() => ({
  original: newest("original"),
  unlearned: newest(current.value.method),
  retrained: newest("retrain"),
}));
/** The snapshot that the person went back to. */
export const shown = computed<Snapshot | null>(() => {
  const index = rewound.value;
  return index === null ? null : (snapshots.value[index] ?? null);
});
/** Name of the unlearned network that the page shows: a snapshot that the person went back to, or the finished run. */
export const unlearnedModel = computed<string | null>(() => shown.value?.model ?? trio.value.unlearned?.model ?? null);
/** Whether the device passed its self-test. If it did not, or had none, no privacy figure may be shown. */
export const trusted = computed(
  () => about.value !== null && about.value.checks.length > 0 && about.value.checks.every((check) => check.passed),
);
/** Points of UA that are within the noise of a sample: snapshots are measured on a few hundred images. */
const NOISE = 1;
/** Whether the UA of the unlearned network exceeds the twin's: more was forgotten than by retraining. */
export const overForgotten = computed(() => {
  const twin = trio.value.retrained;
  const now = shown.value ?? trio.value.unlearned ?? snapshots.value.at(-1) ?? null;
  return twin !== null && now !== null && now.ua > twin.ua + NOISE;
});
