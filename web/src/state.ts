/**
 * All that the page shows, as signals. Views read them. They are written in three places (`eslint.config.js` sees to
 * it): `choices.ts` (what the person chooses), `reduce.ts` (what the worker reports) and `session.ts` (what commands
 * do).
 */

import { computed, signal } from "@preact/signals";

import type { About, Defaults, Measures, Method, Rates, RunRecord, Snapshot } from "ugradsl";
import type { Pace } from "ugradsl/internal";
import type { OwnImage } from "./image";
import { defaults, type Settings } from "./settings";
import type { Trial } from "./trials";

/** A point of the curves. */
export interface CurvePoint {
  step: number;
  retainLoss: number | null;
  forgetLoss: number | null;
}

/** Where a run is. */
export interface Progress {
  method: Method;
  step: number;
  steps: number;
  millisecondsPerStep: number | null;
}

/** The three networks that are compared, by the names that the lab knows them by. */
export interface Trio {
  original: RunRecord | null;
  unlearned: RunRecord | null;
  retrained: RunRecord | null;
}

/** As the controls show them; the next experiment begins with them. */
export const settings = signal<Settings>(defaults);
/** Those of the experiment on show. */
export const current = signal<Settings>(defaults);
/** Rows of the training set to forget, when `settings.forget` is `ids`. */
export const chosenRows = signal<Uint32Array>(new Uint32Array());
export const about = signal<About | null>(null);
/** What the library does when nothing is said. */
export const methodDefaults = signal<Defaults>({});
export const pace = signal<Pace>("play");
export const progress = signal<Progress | null>(null);
/** Milliseconds of a step, of the run that took one last. */
export const lastSpeed = signal<number | null>(null);
/** Panels that a teacher's link leaves out. */
export const hidden = signal<string[]>([]);
/** Own images that were handed to the worker. */
export const ownImages = signal<OwnImage[]>([]);
/** A network from a file, and how it fares on the data of the page. */
export const imported = signal<{ name: string; measures: Measures } | null>(null);
export const curve = signal<CurvePoint[]>([]);
export const rates = signal<Rates | null>(null);
export const snapshots = signal<Snapshot[]>([]);
/** Index into {@link snapshots} that the person went back to; null: the newest state. */
export const rewound = signal<number | null>(null);
export const runs = signal<RunRecord[]>([]);
/** An image of each class, before there is an experiment to ask for them. */
export const previews = signal<(Uint8Array | null)[]>([]);
/** Unlearning runs of this visit. */
export const trials = signal<Trial[]>([]);
export const labels = signal<Uint32Array>(new Uint32Array());
export const forgetRows = signal<Uint32Array>(new Uint32Array());
/** `idle` before the first experiment, `done` when all its runs are over. */
export const phase = signal<"opening" | "idle" | "running" | "done" | "failed">("opening");
/** Sentences for the person: warnings and faults, newest last. */
export const notices = signal<{ kind: "info" | "warning" | "fault"; text: string }[]>([]);

const newest = (method: Method): RunRecord | null => runs.value.findLast((run) => run.method === method) ?? null;
/** Finished runs of the current experiment. */
export const trio = computed<Trio>(() => ({
  original: newest("original"),
  unlearned: newest(current.value.method),
  retrained: newest("retrain"),
}));
/** The snapshot on show, if one is. */
export const shown = computed<Snapshot | null>(() => {
  const index = rewound.value;
  return index === null ? null : (snapshots.value[index] ?? null);
});
/** Name of the unlearned network on show: a snapshot that the person went back to, or the finished run. */
export const unlearnedModel = computed<string | null>(() => shown.value?.model ?? trio.value.unlearned?.model ?? null);
/** False as soon as one known answer was wrong, or none was asked for: no privacy figure may be shown then. */
export const trusted = computed(
  () => about.value !== null && about.value.checks.length > 0 && about.value.checks.every((check) => check.passed),
);
/** Points of UA that are within the noise of a sample: snapshots are measured on some hundred images. */
const NOISE = 1;
/** UA of the unlearned network is above the twin's: more was forgotten than retraining would forget. */
export const overForgotten = computed(() => {
  const twin = trio.value.retrained;
  const now = shown.value ?? trio.value.unlearned ?? snapshots.value.at(-1) ?? null;
  return twin !== null && now !== null && now.ua > twin.ua + NOISE;
});
