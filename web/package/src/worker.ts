/**
 * The dedicated Worker in which everything is computed, so that the page never waits.
 *
 * One queue holds all work on the {@link Lab}: its methods must not overlap. Between two events the queue is given to
 * the page's questions.
 */

import init, { Lab as Module } from "../wasm/ugradsl_web.js";

import { readMessage } from "./message.ts";
import type { Lab } from "./module.ts";
import type { CallName, Calls, Pace, ToPage } from "./protocol.ts";

/** Time between two steps of slow motion: long enough to read what happens. */
const SLOW = 3000;
/** Milliseconds that a question of the page may have to wait. */
const WAIT = 400;

let lab: Lab | null = null;
let pace: Pace = "play";
/** An experiment is in progress. */
let active = false;
/** Networks of unlearning are kept and measured on the way. */
let snapshots = false;
let walking = false;
/** Steps between two reads: as many as keep the page's questions waiting for no longer than {@link WAIT}. */
let reach = 1;
/** The last piece of work; the next one waits for it. */
let last: Promise<unknown> = Promise.resolve();

function post(message: ToPage): void {
  postMessage(message);
}

/** Runs `work` when everything asked for before is done. */
function queue<T>(work: () => Promise<T> | T): Promise<T> {
  const result = last.then(work);
  last = result.catch(() => undefined);
  return result;
}

/**
 * Says when the browser takes the device away. The module keeps its device to itself and would wait
 * for an answer that never comes, so it is watched where it is asked for.
 */
function watchDevices(): void {
  if (typeof GPUAdapter === "undefined") return;
  // eslint-disable-next-line @typescript-eslint/unbound-method -- applied to its adapter below
  const request = GPUAdapter.prototype.requestDevice;
  GPUAdapter.prototype.requestDevice = async function (this: GPUAdapter, ...args) {
    const device = await request.apply(this, args);
    void device.lost.then(({ reason }) => {
      if (reason !== "destroyed") post({ kind: "lost" });
    });
    return device;
  };
}
watchDevices();

function opened(): Lab {
  if (lab === null) throw new Error("no device is open");
  return lab;
}

const calls: { [N in CallName]: (args: Calls[N]["args"]) => Promise<Calls[N]["result"]> | Calls[N]["result"] } = {
  async open({ device }) {
    await init();
    lab = await Module.open(device);
    return lab.about();
  },
  load({ name, data }) {
    if ("shape" in data) {
      const { shape, train, test } = data;
      opened().load_images(name, Uint32Array.from(shape), train.pixels, train.labels, test.pixels, test.labels);
    } else {
      const { train, test } = data;
      opened().load(name, train.images, train.labels, test.images, test.labels);
    }
    // The module drops the experiment on the data before.
    active = false;
    return opened().about();
  },
  defaults: () => opened().defaults(),
  addImages: ({ pixels, labels }) => opened().add_images(pixels, labels),
  begin({ settings, ids, own, snapshots: wanted }) {
    opened().begin(settings, ids ?? undefined, own);
    snapshots = wanted;
    active = true;
    void walk();
    return null;
  },
  runs: () => opened().runs(),
  measure: ({ model }) => opened().measure(model),
  report: ({ form }) => opened().report(form),
  model: ({ name }) => opened().model(name),
  importModel({ name, bytes }) {
    opened().import_model(name, bytes);
    return null;
  },
  labels: () => opened().labels(),
  forgetRows: () => opened().forget_rows(),
  pixels: ({ rows }) => opened().pixels(rows),
  probabilities: ({ model, rows }) => opened().probabilities(model, rows),
  confidences: ({ model }) => opened().confidences(model),
  embedding: ({ model, rows }) => opened().embedding(model, rows),
  relearn: ({ model, samples }) => opened().relearn(model, samples),
};

async function answer<N extends CallName>(id: number, name: N, args: Calls[N]["args"]): Promise<void> {
  try {
    const result = await queue(() => calls[name](args));
    post({ kind: "answer", id, result });
  } catch (error) {
    post({ kind: "refusal", id, message: error instanceof Error ? error.message : String(error) });
  }
}

/** Goes from event to event until it is told to pause or all is done. */
async function walk(): Promise<void> {
  if (walking) return;
  walking = true;
  try {
    while (active && pace !== "pause") {
      const stepped = await queue(advance);
      if (!stepped) continue;
      if (pace === "step") pace = "pause";
      // Lets messages in; slow motion also lets the person see.
      await new Promise((resume) => setTimeout(resume, pace === "slow" ? SLOW : 0));
    }
  } catch (error) {
    active = false;
    post({ kind: "fault", message: error instanceof Error ? error.message : String(error) });
  } finally {
    walking = false;
  }
}

/** One event; whether steps were taken. */
async function advance(): Promise<boolean> {
  // A question that came before may have ended or paused the experiment.
  if (!active || pace === "pause") return false;
  const lab = opened();
  lab.set_read_every(pace === "play" ? reach : 1);
  const start = performance.now();
  const event = await lab.next();
  const milliseconds = performance.now() - start;
  if (event === undefined) {
    active = false;
    post({ kind: "done" });
    return false;
  }
  post({ kind: "event", event, milliseconds });
  if (event.event !== "step") return false;
  if (pace === "play") reach = milliseconds > WAIT ? Math.max(1, reach >> 1) : Math.min(10, reach + 1);
  const snapshot = snapshots ? await lab.snapshot() : undefined;
  if (snapshot !== undefined) post({ kind: "snapshot", snapshot });
  return true;
}

self.addEventListener("message", ({ data }: MessageEvent<unknown>) => {
  const message = readMessage(data);
  if (typeof message === "string") {
    post({ kind: "refusal", id: -1, message });
  } else if (message.kind === "pace") {
    pace = message.pace;
    void walk();
  } else {
    void answer(message.id, message.name, message.args);
  }
});
post({ kind: "ready" });
