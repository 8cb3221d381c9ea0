/** Commands for the views: devices, data, own images and files. What an experiment does is in `experiment.ts`. */

import { batch } from "@preact/signals";

import type { DeviceChoice } from "ugradsl";
import type { WorkerMessage } from "ugradsl/internal";
import { adopt, change, goToWanted, shared } from "./choices";
import { attempt, call, setPace } from "./commands";
import { ask, take } from "./data";
import { begin, clearResults, forgetQuestion, holdForTwin } from "./experiment";
import type { OwnImage } from "./image";
import { keepImages, keptImages } from "./keep";
import { methodName } from "./methods";
import { firstOfEach, inlined } from "./preview";
import { apply, notice, setRuns } from "./reduce";
import { fromFile, toFile } from "./saved";
import { sentence } from "./sentence";
import { defaults, type DataName } from "./settings";
import * as state from "./state";
import { addToTwin, closeTwin, loadTwin, openTwin } from "./twin";
import { clientOf, compile, spawn } from "./workers";

export { call, setPace } from "./commands";
export { begin, forget, race } from "./experiment";

const DEVICE_LOST =
  "The graphics processor was taken away: its driver restarted, or the system needed it. The experiment begins again.";
const DISTRUSTED =
  "The graphics processor gave wrong answers to the self-test. The page computes on the processor instead.";

const NO_OWN = "There are no images of yours to forget here, so the page forgets a class instead.";
const NO_GPU = "There is no usable graphics processor, so the page computes on the processor instead.";

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
  apply(message);
  if (message.kind === "done") {
    losses = 0;
    goToWanted();
  }
  if (message.kind === "held" && message.before === "retrain") {
    holdForTwin();
  }
  const over = message.kind === "event" && message.event.event === "evaluated";
  if (over || message.kind === "done") void call("runs", null).then(setRuns, () => undefined);
}

/**
 * Opens the device, loads the data and begins the experiment of the settings, in a new worker that knows no earlier
 * results. `own`: images to add; those that were added before, if nothing is said.
 */
export async function start(own: OwnImage[] = state.ownImages.peek()): Promise<void> {
  batch(() => {
    state.phase.value = "opening";
    state.progress.value = null;
    clearResults([]);
  });
  forgetQuestion();
  const { device: wanted, data } = state.settings.peek();
  void preview(data);
  // Fetched while the device opens; a fault is reported when they are loaded.
  ask(data).catch(() => undefined);
  const devices = wanted === "cpu" ? (["cpu"] as const) : ([wanted, "cpu"] as const);
  for (const device of devices) {
    const outcome = await open(device);
    if (outcome === "superseded") return;
    if (outcome === "open") break;
    if (device === "cpu") return;
  }
  // A GPU is shared by both networks anyway; on the processor, a second worker trains the twin meanwhile.
  if (state.about.peek()?.device.kind === "cpu") openTwin(state.pace.peek());
  else closeTwin();
  // A new worker starts at its own pace.
  setPace(state.pace.peek());
  await load(own);
}

/**
 * Shows the first pictures of a data set, from its files, unless another one is chosen meanwhile. Faults of the files
 * are reported when they are loaded.
 */
async function preview(name: DataName): Promise<void> {
  if (name === "mnist-subset") {
    state.previews.value = inlined();
    return;
  }
  const pictures = await ask(name)
    .then(({ data: { train } }) => ("images" in train ? firstOfEach(train.images, train.labels) : []))
    .catch(() => []);
  if (state.settings.peek().data === name) state.previews.value = pictures;
}

/** Opens the device in a new worker. If a later start takes over meanwhile, this one ends without a message. */
async function open(device: DeviceChoice): Promise<"open" | "failed" | "superseded"> {
  const mine = spawn("main", receive);
  try {
    const module = await compile();
    const about = await call("open", { device, ...(module && { module }) });
    state.methodDefaults.value = await call("defaults", null);
    if (about.device.kind === "gpu" && about.checks.some((check) => !check.passed)) {
      notice("warning", DISTRUSTED);
      return "failed";
    }
    state.about.value = about;
    replaceUnknownMethod();
    return "open";
  } catch (error) {
    if (clientOf("main") !== mine) return "superseded";
    if (device === "cpu") apply({ kind: "fault", message: sentence(error) });
    else if (device === "gpu") notice("warning", `${NO_GPU} ${sentence(error)}`);
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

/** Loads the data of the settings, adds own images (if nothing is said, those that were kept of it), and begins. */
export async function load(own?: OwnImage[]): Promise<void> {
  if (!(await fetchData())) return;
  const images = own ?? (await keptImages(state.settings.peek().data));
  if (images.length > 0 && !(await attempt(() => addOwn(images)))) return;
  if (state.ownImages.peek().length === 0 && state.settings.peek().forget === "own") {
    notice("warning", NO_OWN);
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
  const labels = Uint32Array.from(images, ({ label }) => label);
  await call("addImages", { pixels, labels });
  addToTwin({ pixels, labels });
  state.ownImages.value = [...state.ownImages.peek(), ...images];
  keepImages(state.settings.peek().data, state.ownImages.peek());
}

/** Takes own images back: the data are loaded anew with the others. */
export async function removeOwn(at: number): Promise<void> {
  const rest = state.ownImages.peek().filter((_, index) => index !== at);
  keepImages(state.settings.peek().data, rest);
  await load(rest);
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
  const area = data.shape.reduce((product, side) => product * side, 1);
  const { shared: chosen, own } = fromFile(text, area, data.classes);
  adopt({ ...chosen, settings: { ...chosen.settings, device: state.settings.peek().device } });
  replaceUnknownMethod();
  await load(own);
}

/** Loads the data of the settings, which drops own images. Whether it succeeded. */
function fetchData(): Promise<boolean> {
  return attempt(async () => {
    const { data } = state.settings.peek();
    void preview(data);
    const files = await take(data);
    // What was asked before was asked of other images, own ones among them.
    forgetQuestion();
    const about = await call("load", files);
    loadTwin(files);
    state.about.value = about;
    // One of the sets is smaller than the other.
    change({ size: Math.min(state.settings.peek().size, about.data?.train ?? Infinity) });
    state.ownImages.value = [];
  });
}
