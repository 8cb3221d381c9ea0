/** Commands that views may give. The client of the worker behind them is private to this module. */

import { batch } from "@preact/signals";

import type { DeviceChoice } from "./lab";
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
  const mine = new Worker(new URL("./worker.ts", import.meta.url), { type: "module" });
  worker = mine;
  // What an ended worker had already sent is about another experiment.
  mine.addEventListener("message", ({ data }: MessageEvent<ToPage>) => worker === mine && receive(data));
  mine.addEventListener("error", (event) => worker === mine && apply({ kind: "fault", message: event.message || "the worker failed" }));
  return mine;
}

/** Devices lost since an experiment last ended well. */
let losses = 0;

/** Begins again by itself: on the same kind of device once, then on the processor. */
function recover(): void {
  losses += 1;
  notice("warning", "The graphics processor was taken away (a driver restarted, or the system needed it). The experiment begins again.");
  if (losses > 1) state.settings.value = { ...state.settings.peek(), device: "cpu" };
  void start();
}

function receive(message: ToPage): void {
  if (message.kind === "answer" || message.kind === "refusal") {
    const asked = waiting.get(message.id);
    waiting.delete(message.id);
    if (message.kind === "answer") asked?.resolve(message.result as never);
    else asked?.reject(new Error(message.message));
    return;
  }
  if (message.kind === "lost") {
    recover();
    return;
  }
  if (message.kind === "done") losses = 0;
  apply(message);
  const over = message.kind === "event" && message.event.event === "evaluated";
  if (over || message.kind === "done") void call("runs", null).then(setRuns, () => undefined);
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
  const devices = wanted === "cpu" ? (["cpu"] as const) : ([wanted, "cpu"] as const);
  for (const device of devices) {
    const outcome = await open(device);
    if (outcome === "superseded") return;
    if (outcome === "open") break;
    if (device === "cpu") return;
  }
  if (wanted !== "cpu" && state.about.peek()?.device.kind === "cpu") slower();
  // A new worker does not know what the page was set to.
  setPace(state.pace.peek());
  await load();
}

/** A new worker on this device. A later start that takes over ends this one quietly. */
async function open(device: DeviceChoice): Promise<"open" | "failed" | "superseded"> {
  const mine = spawn();
  try {
    state.about.value = await call("open", { device });
    state.methodDefaults.value = await call("defaults", null);
    return "open";
  } catch (error) {
    if (worker !== mine) return "superseded";
    if (device === "cpu") apply({ kind: "fault", message: sentence(error) });
    else console.warn("WebGPU cannot be used:", sentence(error));
    return "failed";
  }
}

function slower(): void {
  notice("info", "No graphics processor with WebGPU here: the numbers are computed on the processor, with a smaller network.");
}

/** Loads the data of the settings and begins. */
export async function load(): Promise<void> {
  const mine = worker;
  try {
    const about = await call("load", { data: state.settings.peek().data, base: document.baseURI });
    state.about.value = about;
    // The controls show what there is: one set is smaller than the other.
    const size = Math.min(state.settings.peek().size, about.data?.train ?? Infinity);
    state.settings.value = { ...state.settings.peek(), size };
    state.ownImages.value = [];
    if (state.settings.peek().forget === "own") {
      state.settings.value = { ...state.settings.peek(), forget: state.defaults.forget };
    }
    await begin();
  } catch (error) {
    if (worker === mine) apply({ kind: "fault", message: sentence(error) });
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
    // Other settings may be taken: the page must not wait for these.
    if (state.phase.peek() === "opening") state.phase.value = "idle";
    return;
  }
  batch(() => {
    state.current.value = settings;
    state.imported.value = null;
    state.runs.value = [];
    state.snapshots.value = [];
    state.rewound.value = null;
    state.phase.value = "running";
  });
  history.replaceState(null, "", `#${hash()}`);
  if (state.pace.peek() === "pause") setPace("play");
  const [labels, forgetRows] = await Promise.all([call("labels", null), call("forgetRows", null)]);
  batch(() => {
    state.labels.value = labels;
    state.forgetRows.value = forgetRows;
  });
}

/** The address that reproduces what is on the page. */
export function hash(): string {
  return toHash({
    settings: state.settings.peek(),
    rows: state.chosenRows.peek(),
    hidden: state.hidden.peek(),
  });
}
