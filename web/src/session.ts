/** Commands for the views. The worker that carries them out is private to this module. */

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

const NO_GPU =
  "No graphics processor with WebGPU was found. The page computes on the processor, with a smaller network.";
const DEVICE_LOST =
  "The graphics processor was taken away: its driver restarted, or the system needed it. The experiment begins again.";

let client: Client | null = null;

function spawn(): Client {
  client?.close(new Error("the computation was started again"));
  client = new Client(receive);
  return client;
}

/** Devices lost since the last experiment that was completed. */
let losses = 0;

/** Begins again: once on the same kind of device, then on the processor. */
function recover(): void {
  losses += 1;
  notice("warning", DEVICE_LOST);
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

/** Calls the worker; rejects with the worker's sentence. */
export function call<N extends CallName>(name: N, args: Calls[N]["args"]): Promise<Calls[N]["result"]> {
  return client === null ? Promise.reject(new Error("the page is not ready yet")) : client.call(name, args);
}

export function setPace(pace: Pace): void {
  state.pace.value = pace;
  client?.pace(pace);
}

const sentence = (error: unknown): string => (error instanceof Error ? error.message : String(error));

/**
 * Opens the device, loads the data and begins the experiment of the settings, in a new worker that knows no earlier
 * results.
 */
export async function start(): Promise<void> {
  const own = state.ownImages.peek();
  batch(() => {
    state.phase.value = "opening";
    state.progress.value = null;
    clearResults();
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
  if (wanted !== "cpu" && state.about.peek()?.device.kind === "cpu") notice("info", NO_GPU);
  // A new worker starts at its own pace.
  setPace(state.pace.peek());
  await load(own);
}

/**
 * Shows the first pictures, from the files that are fetched while the device opens. Their faults are reported when
 * they are loaded.
 */
async function preview(name: DataName): Promise<void> {
  try {
    const { data } = await ask(name);
    if ("images" in data.train) state.previews.value = await firstOfEach(data.train.images, data.train.labels);
  } catch {
    state.previews.value = [];
  }
}

/** Clears what the page shows of the experiment before. */
function clearResults(): void {
  state.imported.value = null;
  state.runs.value = [];
  state.snapshots.value = [];
  state.curve.value = [];
  state.rates.value = null;
  state.rewound.value = null;
}

/** Opens the device in a new worker. If a later start takes over meanwhile, this one ends without a message. */
async function open(device: DeviceChoice): Promise<"open" | "failed" | "superseded"> {
  const mine = spawn();
  try {
    state.about.value = await call("open", { device });
    state.methodDefaults.value = await call("defaults", null);
    replaceUnknownMethod();
    return "open";
  } catch (error) {
    if (client !== mine) return "superseded";
    if (device === "cpu") apply({ kind: "fault", message: sentence(error) });
    else console.warn("WebGPU cannot be used:", sentence(error));
    return "failed";
  }
}

/** Replaces a method that the library does not have: an address may name any. */
function replaceUnknownMethod(): void {
  const { method } = state.settings.peek();
  if (Object.hasOwn(state.methodDefaults.peek(), method)) return;
  notice("warning", `The method “${method}” does not exist here. ${methodName(defaults.method)} is used instead.`);
  change({ method: defaults.method });
}

/** Loads the data of the settings, adds these own images, and begins. */
export async function load(own: OwnImage[] = []): Promise<void> {
  if (!(await fetchData())) return;
  if (own.length > 0 && !(await attempt(() => addOwn(own)))) return;
  if (state.ownImages.peek().length === 0 && state.settings.peek().forget === "own") {
    change({ forget: defaults.forget });
  }
  await begin();
}

/** Adds own images to the training set of the next experiment. */
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

/** All choices as the text of a file, for {@link restore}. */
export function saved(): string {
  return toFile({ shared: shared(), own: state.ownImages.peek() });
}

/**
 * Replaces all choices by those of a saved file, and begins. The device is kept, because it belongs to this computer.
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
  replaceUnknownMethod();
  if (!(await fetchData())) return;
  if (own.length > 0) await addOwn(own);
  await begin();
}

/** Whether `work` succeeded. Its error is shown, unless a later start took over meanwhile. */
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

/** Loads the data of the settings, which drops own images. Whether it succeeded. */
function fetchData(): Promise<boolean> {
  return attempt(async () => {
    const about = await call("load", await take(state.settings.peek().data));
    state.about.value = about;
    // One of the sets is smaller than the other.
    change({ size: Math.min(state.settings.peek().size, about.data?.train ?? Infinity) });
    state.ownImages.value = [];
  });
}

/** Begins the experiment of the settings. Runs with the same settings are not computed again. */
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
    // The person may change the settings and try again.
    if (state.phase.peek() === "opening") state.phase.value = "idle";
    return;
  }
  batch(() => {
    state.current.value = settings;
    clearResults();
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
