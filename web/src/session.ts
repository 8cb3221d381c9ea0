/** Commands that views may give. The client of the worker behind them is private to this module. */

import { batch } from "@preact/signals";

import type { CallName, Calls, Pace, ToPage, ToWorker } from "./protocol";
import { toSettings } from "./recipe";
import { apply, notice, setRuns } from "./reduce";
import { toHash } from "./share";
import * as state from "./state";

interface Waiting {
  resolve: (result: never) => void;
  reject: (error: Error) => void;
}

let worker: Worker | null = null;
let nextId = 0;
const waiting = new Map<number, Waiting>();

function spawn(): Worker {
  worker?.terminate();
  for (const { reject } of waiting.values()) reject(new Error("the computation was started again"));
  waiting.clear();
  worker = new Worker(new URL("./worker.ts", import.meta.url), { type: "module" });
  worker.addEventListener("message", ({ data }: MessageEvent<ToPage>) => receive(data));
  worker.addEventListener("error", (event) => apply({ kind: "fault", message: event.message || "the worker failed" }));
  return worker;
}

function receive(message: ToPage): void {
  if (message.kind === "answer" || message.kind === "refusal") {
    const asked = waiting.get(message.id);
    waiting.delete(message.id);
    if (message.kind === "answer") asked?.resolve(message.result as never);
    else asked?.reject(new Error(message.message));
    return;
  }
  apply(message);
  const over = message.kind === "event" && message.event.event === "evaluated";
  if (over || message.kind === "done") void call("runs", null).then(setRuns);
}

function send(message: ToWorker): void {
  worker?.postMessage(message);
}

/** Asks the worker; rejects with the worker's sentence. */
export function call<N extends CallName>(name: N, args: Calls[N]["args"]): Promise<Calls[N]["result"]> {
  return new Promise((resolve, reject) => {
    const id = nextId++;
    waiting.set(id, { resolve, reject });
    send({ kind: "call", id, name, args } as ToWorker);
  });
}

export function setPace(pace: Pace): void {
  state.pace.value = pace;
  send({ kind: "pace", pace });
}

const sentence = (error: unknown): string => (error instanceof Error ? error.message : String(error));

/** Opens the device, loads the data and begins the experiment of the settings. */
export async function start(): Promise<void> {
  state.phase.value = "opening";
  const wanted = state.settings.peek().device;
  try {
    spawn();
    state.about.value = await call("open", { device: wanted });
    const { kind } = state.about.value.device;
    if (wanted === "auto" && kind === "cpu") slower();
  } catch (error) {
    if (wanted === "cpu") {
      apply({ kind: "fault", message: sentence(error) });
      return;
    }
    slower();
    spawn();
    state.about.value = await call("open", { device: "cpu" });
  }
  await load();
}

function slower(): void {
  notice("info", "No WebGPU here: the numbers are computed on the processor, with a smaller network.");
}

/** Loads the data of the settings and begins. */
export async function load(): Promise<void> {
  try {
    state.about.value = await call("load", { data: state.settings.peek().data, base: document.baseURI });
    state.ownImages.value = 0;
    await begin();
  } catch (error) {
    apply({ kind: "fault", message: sentence(error) });
  }
}

/** Begins the experiment of the settings: what was computed before with the same numbers comes back at once. */
export async function begin(): Promise<void> {
  const settings = state.settings.peek();
  const ids = settings.forget === "ids" ? state.chosenRows.peek() : null;
  const list = toSettings(settings, state.about.peek()?.device.kind === "cpu");
  try {
    await call("begin", { settings: list, ids, own: settings.forget === "own" });
  } catch (error) {
    notice("fault", sentence(error));
    return;
  }
  const [labels, forgetRows] = await Promise.all([call("labels", null), call("forgetRows", null)]);
  batch(() => {
    state.labels.value = labels;
    state.forgetRows.value = forgetRows;
    state.runs.value = [];
    state.snapshots.value = [];
    state.rewound.value = null;
    state.phase.value = "running";
  });
  history.replaceState(null, "", `#${hash()}`);
  if (state.pace.peek() === "pause") setPace("play");
}

/** The address that reproduces what is on the page. */
export function hash(): string {
  return toHash({
    settings: state.settings.peek(),
    rows: state.chosenRows.peek(),
    hidden: state.hidden.peek(),
  });
}
