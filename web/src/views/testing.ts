/** The page of a view's test: the worker is a table of answers, and the state that of a finished experiment. */

import type { About, RunRecord } from "ugradsl";
import type { CallName } from "ugradsl/internal";
import { vi } from "vitest";

import { defaults } from "../settings";
import * as state from "../state";

type Answers = Partial<Record<CallName, unknown>>;

/** Calls that the views have made since the test began. */
export const calls: { name: CallName; args: unknown }[] = [];
let answers: Answers = {};

/** What the worker answers to calls by their names; a call without an answer is refused. */
export function answer(more: Answers): void {
  answers = { ...answers, ...more };
}

/** In the place of `session.ts`, by `vi.mock`: no worker is started. */
export const session = {
  call: vi.fn((name: CallName, args: unknown) => {
    calls.push({ name, args });
    return name in answers ? Promise.resolve(answers[name]) : Promise.reject(new Error(`no answer to ${name}`));
  }),
  begin: vi.fn(() => Promise.resolve()),
  load: vi.fn(() => Promise.resolve()),
  start: vi.fn(() => Promise.resolve()),
  setPace: vi.fn(),
  addOwn: vi.fn(() => Promise.resolve()),
  importModel: vi.fn(() => Promise.resolve()),
  removeOwn: vi.fn(() => Promise.resolve()),
  forget: vi.fn(() => Promise.resolve()),
  race: vi.fn(() => Promise.resolve()),
  restore: vi.fn(() => Promise.resolve()),
  saved: vi.fn(() => "{}"),
};

const passed = { name: "kernel forward", passed: true, detail: "exact" };
export const about: About = {
  version: "0.1.0",
  device: { kind: "gpu", adapter: "Test GPU", api: "webgpu", driver: "", software: false, limits: [] },
  checks: [passed],
  data: { name: "mnist-subset", classes: 10, train: 4000, test: 1000, shape: [1, 2, 2], digest: "0123456789abcdef" },
};
/** A device that gave a wrong answer. */
export const distrusted: About = { ...about, checks: [passed, { name: "step", passed: false, detail: "off by 3" }] };

/** A row of the table. */
export function run(method: string, figures: Partial<RunRecord> = {}): RunRecord {
  const measures = { ua: 50, ra: 90, ta: 80, mia: 50, gap: 1, seconds: 2, retrain_share: 0.1 };
  return { method, model: `${method}-seed0`, weights: method, ...measures, ...figures } as RunRecord;
}

/** Rows 1 and 3 are forgotten, the experiment is done. */
export function resetPage(): void {
  calls.length = 0;
  answers = {};
  vi.resetAllMocks();
  state.about.value = about;
  state.methodDefaults.value = { "ugradsl-plus": { alpha: null, p: 0.8 }, ga: {}, "neggrad-plus": { p: 0.9 } };
  state.settings.value = state.current.value = { ...defaults, method: "ugradsl-plus" };
  state.chosenRows.value = new Uint32Array();
  state.hidden.value = [];
  state.ownImages.value = [];
  state.imported.value = null;
  state.labels.value = Uint32Array.of(0, 3, 1, 3);
  state.forgetRows.value = Uint32Array.of(1, 3);
  state.runs.value = [
    run("original", { ua: 1, gap: 40 }),
    run("retrain", { ua: 100, mia: 98, gap: null }),
    run("ugradsl-plus", { ua: 97, mia: 95, gap: 2.5 }),
  ];
  state.trials.value = [];
  state.race.value = null;
  state.snapshots.value = [];
  state.rewound.value = null;
  state.curve.value = [];
  state.rates.value = null;
  state.progress.value = null;
  state.twinProgress.value = null;
  state.lastSpeed.value = 12.5;
  state.pace.value = "play";
  state.phase.value = "done";
  state.notices.value = [];
}
