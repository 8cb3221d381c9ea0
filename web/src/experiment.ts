/** An experiment of the settings: it begins, waits for the twin and with its question, and makes the network forget. */

import { batch } from "@preact/signals";

import type { RunRecord } from "ugradsl";
import { hash } from "./choices";
import { attempt, call, setPace } from "./commands";
import { listed, unlearns } from "./methods";
import { toSettings } from "./recipe";
import { notice } from "./reduce";
import { sentence } from "./sentence";
import type { Settings } from "./settings";
import * as state from "./state";
import { originalKey, questionKey } from "./trials";
import { retrain } from "./twin";
import { clientOf } from "./workers";

/** Whether the twin is there, or is left to the worker of the experiment. */
let twinIsOver = false;
let waitsForTwin = false;

/** The original is trained, and the experiment waits for the twin. */
export function holdForTwin(): void {
  waitsForTwin = true;
  goOn();
}

/** Continues once the original and the twin are both there. */
function goOn(): void {
  if (!waitsForTwin || !twinIsOver) return;
  waitsForTwin = false;
  void call("release", null).catch(() => undefined);
}

/** Clears what the page shows of the experiment before, but for these runs. */
export function clearResults(kept: RunRecord[]): void {
  state.imported.value = null;
  state.runs.value = kept;
  state.snapshots.value = [];
  state.curve.value = [];
  state.rates.value = null;
  state.rewound.value = null;
  state.race.value = null;
  state.generation.value = state.generation.peek() + 1;
}

const question = (settings: Settings): string =>
  questionKey(settings, state.chosenRows.peek(), state.ownImages.peek().length);
/** What was asked last, and whether the network was made to forget it. */
let lastQuestion: string | null = null;
let forgets = false;

/** No later experiment continues what was asked before. */
export function forgetQuestion(): void {
  lastQuestion = null;
}

/** The runs that an experiment has in common with the one before. */
function common(settings: Settings): RunRecord[] {
  const now = question(settings);
  if (lastQuestion === null) return [];
  if (now === lastQuestion) return state.runs.peek().filter(({ method }) => !unlearns(method));
  return originalKey(now) === originalKey(lastQuestion)
    ? state.runs.peek().filter(({ method }) => method === "original")
    : [];
}

/**
 * Begins the experiment of the settings. The original and the twin are not computed again. A new question waits for
 * {@link forget}; another method for the same one is tried at once.
 */
export async function begin(): Promise<void> {
  const settings = state.settings.peek();
  const asked = question(settings);
  const goes = state.wanted.peek().forgot || (asked === lastQuestion && forgets);
  if (!(await send(settings, [settings.method], goes))) return;
  [lastQuestion, forgets] = [asked, goes];
}

/** Has all methods forget the same, one after the other. */
export async function race(): Promise<void> {
  const settings = state.current.peek();
  const methods = listed(Object.keys(state.methodDefaults.peek()));
  // The chosen method is the last: its network is the one that stays.
  const others = methods.filter((method) => method !== settings.method);
  if (!(await send(settings, [...others, settings.method], true))) return;
  forgets = true;
}

/** Whether the worker took the experiment. */
async function send(settings: Settings, methods: string[], goes: boolean): Promise<boolean> {
  const processor = state.about.peek()?.device.kind === "cpu";
  const known = common(settings);
  const twin = processor && !known.some(({ method }) => method === "retrain");
  const experiment = {
    settings: toSettings(settings, state.methodDefaults.peek(), methods),
    ids: settings.forget === "ids" ? state.chosenRows.peek() : null,
    own: settings.forget === "own",
  };
  const hold = [...(twin ? (["retrain"] as const) : []), ...(goes ? [] : (["unlearn"] as const))];
  const mine = clientOf("main");
  [waitsForTwin, twinIsOver] = [false, !twin];
  try {
    await call("begin", { ...experiment, snapshots: true, again: true, hold });
  } catch (error) {
    if (clientOf("main") === mine) refused(error);
    return false;
  }
  if (twin) {
    retrain(experiment, () => {
      twinIsOver = true;
      goOn();
    });
  }
  shows(settings, known, methods);
  await attempt(async () => {
    const [labels, forgetRows] = await Promise.all([call("labels", null), call("forgetRows", null)]);
    batch(() => {
      state.labels.value = labels;
      state.forgetRows.value = forgetRows;
    });
  });
  return true;
}

function refused(error: unknown): void {
  notice("fault", sentence(error));
  // The person may change the settings and try again.
  if (state.phase.peek() === "opening") state.phase.value = "idle";
}

/** The page shows the experiment that has begun; several methods race. */
function shows(settings: Settings, known: RunRecord[], methods: string[]): void {
  batch(() => {
    state.current.value = settings;
    state.wanted.value = { ...state.wanted.peek(), forgot: false };
    clearResults(known);
    if (methods.length > 1) state.race.value = [];
    state.phase.value = "running";
  });
  history.replaceState(null, "", `#${hash()}`);
  if (state.pace.peek() === "pause") setPace("play");
}

/** Makes the network forget what was chosen. */
export async function forget(): Promise<void> {
  forgets = true;
  if (state.phase.peek() !== "asking") return;
  state.phase.value = "running";
  if (state.pace.peek() === "pause") setPace("play");
  // A worker that has ended refuses the call; a new one has begun another experiment.
  await call("release", null).catch(() => undefined);
}
