/** Commands that views may give. The worker behind them is private to this module. */

import { batch } from "@preact/signals";

import { Client } from "ugradsl/internal";
import type { DeviceChoice } from "ugradsl";
import type { CallName, Calls, Pace, WorkerMessage } from "ugradsl/internal";
import { adopt, change, hash, shared } from "./choices";
import { ask, take } from "./data";
import type { OwnImage } from "./image";
import { methodName } from "./methods";
import { firstOfEach } from "./preview";
import { toSettings } from "./recipe";
import { apply, notice, setRuns } from "./reduce";
import { fromFile, toFile } from "./saved";
import { defaults, type DataName } from "./settings";
import * as state from "./state";

let client: Client | null = null;

function spawn(): Client {
  client?.close(new Error("the computation was started again"));
  client = new Client(receive);
  return client;
}

/** Devices lost since an experiment last ended well. */
let losses = 0;

/** Begins again by itself: on the same kind of device once, then on the processor. */
function recover(): void {
  losses += 1;
  notice(
    "warning",
    "The graphics processor was taken away (a driver restarted, or the system needed it). The experiment begins again.",
  );
  if (losses > 1) change({ device: "cpu" });
  void start();
}

function receive(message: WorkerMessage): void {
  if (message.kind === "lost") {
    recover();
    return;
  }
  if (message.kind === "done") losses = 0;
  apply(message);
  const over = message.kind === "event" && message.event.event === "evaluated";
  if (over || message.kind === "done") void call("runs", null).then(setRuns, () => undefined);
}

/** Asks the worker; rejects with the worker's sentence. */
export function call<N extends CallName>(name: N, args: Calls[N]["args"]): Promise<Calls[N]["result"]> {
  return client === null ? Promise.reject(new Error("the page is not ready yet")) : client.call(name, args);
}

export function setPace(pace: Pace): void {
  state.pace.value = pace;
  client?.pace(pace);
}

const sentence = (error: unknown): string => (error instanceof Error ? error.message : String(error));

/**
 * Opens the device, loads the data and begins the experiment of the settings, all afresh: nothing that was computed
 * before comes back.
 */
export async function start(): Promise<void> {
  const own = state.ownImages.peek();
  batch(() => {
    state.phase.value = "opening";
    state.progress.value = null;
    forgetResults();
  });
  const { device: wanted, data } = state.settings.peek();
  void preview(data);
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
  await load(own);
}

/**
 * The first picture comes from the files, which are on their way while the device opens. A fault of theirs is told
 * when they are loaded.
 */
async function preview(name: DataName): Promise<void> {
  try {
    const { data } = await ask(name);
    if ("images" in data.train) state.previews.value = await firstOfEach(data.train.images, data.train.labels);
  } catch {
    state.previews.value = [];
  }
}

/** What the page shows of an experiment that is over. */
function forgetResults(): void {
  state.imported.value = null;
  state.runs.value = [];
  state.snapshots.value = [];
  state.curve.value = [];
  state.rates.value = null;
  state.rewound.value = null;
}

/** A new worker on this device. A later start that takes over ends this one quietly. */
async function open(device: DeviceChoice): Promise<"open" | "failed" | "superseded"> {
  const mine = spawn();
  try {
    state.about.value = await call("open", { device });
    state.methodDefaults.value = await call("defaults", null);
    knownMethod();
    return "open";
  } catch (error) {
    if (client !== mine) return "superseded";
    if (device === "cpu") apply({ kind: "fault", message: sentence(error) });
    else console.warn("WebGPU cannot be used:", sentence(error));
    return "failed";
  }
}

/** An address may name a method that this version of the library does not have. */
function knownMethod(): void {
  const { method } = state.settings.peek();
  if (Object.hasOwn(state.methodDefaults.peek(), method)) return;
  notice("warning", `There is no method “${method}” here: ${methodName(defaults.method)} takes its place.`);
  change({ method: defaults.method });
}

function slower(): void {
  notice(
    "info",
    "No graphics processor with WebGPU here: the numbers are computed on the processor, with a smaller network.",
  );
}

/** Loads the data of the settings and begins, with these own images. */
export async function load(own: OwnImage[] = []): Promise<void> {
  if (!(await fetchData())) return;
  if (own.length > 0 && !(await attempt(() => addOwn(own)))) return;
  if (state.ownImages.peek().length === 0 && state.settings.peek().forget === "own") {
    change({ forget: defaults.forget });
  }
  await begin();
}

/** Adds own images to those that the next experiment trains on. */
export async function addOwn(images: OwnImage[]): Promise<void> {
  const pixels = new Uint8Array(images.reduce((sum, one) => sum + one.pixels.length, 0));
  let at = 0;
  for (const one of images) {
    pixels.set(one.pixels, at);
    at += one.pixels.length;
  }
  await call("addImages", { pixels, labels: Uint32Array.from(images, ({ label }) => label) });
  state.ownImages.value = [...state.ownImages.peek(), ...images];
}

/** Takes a network from a safetensors file and measures it on the data of the page. */
export async function importModel(file: File): Promise<void> {
  const { name } = file;
  await call("importModel", { name, bytes: new Uint8Array(await file.arrayBuffer()) });
  state.imported.value = { name, measures: await call("measure", { model: name }) };
}

/** All that was chosen, as a file that {@link restore} takes. */
export function saved(): string {
  return toFile({ shared: shared(), own: state.ownImages.peek() });
}

/**
 * Puts a saved file in the place of all that was chosen, and begins. The device stays: it belongs to the machine.
 * Rejects with a sentence.
 */
export async function restore(text: string): Promise<void> {
  const data = state.about.peek()?.data;
  if (!data) throw new Error("the page is not ready yet");
  const { shared: chosen, own } = fromFile(
    text,
    data.shape.reduce((product, side) => product * side, 1),
    data.classes,
  );
  adopt({ ...chosen, settings: { ...chosen.settings, device: state.settings.peek().device } });
  knownMethod();
  if (!(await fetchData())) return;
  if (own.length > 0) await addOwn(own);
  await begin();
}

/** Whether it went well; says what did not, unless a later start took over meanwhile. */
async function attempt(work: () => Promise<void>): Promise<boolean> {
  const mine = client;
  try {
    await work();
    return true;
  } catch (error) {
    if (client === mine) apply({ kind: "fault", message: sentence(error) });
    return false;
  }
}

/** Whether the data of the settings is there; own images are gone then. */
function fetchData(): Promise<boolean> {
  return attempt(async () => {
    const about = await call("load", await take(state.settings.peek().data));
    state.about.value = about;
    // The controls show what there is: one set is smaller than the other.
    change({ size: Math.min(state.settings.peek().size, about.data?.train ?? Infinity) });
    state.ownImages.value = [];
  });
}

/** Begins the experiment of the settings: what was computed before with the same numbers comes back at once. */
export async function begin(): Promise<void> {
  const settings = state.settings.peek();
  const ids = settings.forget === "ids" ? state.chosenRows.peek() : null;
  const list = toSettings(settings, state.methodDefaults.peek(), state.about.peek()?.device.kind === "cpu");
  const mine = client;
  try {
    await call("begin", { settings: list, ids, own: settings.forget === "own", snapshots: true });
  } catch (error) {
    if (client !== mine) return;
    notice("fault", sentence(error));
    // Other settings may be taken: the page must not wait for these.
    if (state.phase.peek() === "opening") state.phase.value = "idle";
    return;
  }
  batch(() => {
    state.current.value = settings;
    forgetResults();
    state.phase.value = "running";
  });
  history.replaceState(null, "", `#${hash()}`);
  if (state.pace.peek() === "pause") setPace("play");
  await attempt(async () => {
    const [labels, forgetRows] = await Promise.all([call("labels", null), call("forgetRows", null)]);
    batch(() => {
      state.labels.value = labels;
      state.forgetRows.value = forgetRows;
    });
  });
}
