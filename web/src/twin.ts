/**
 * The worker of the twin: it retrains the network while the original is trained, and hands it over. Where it cannot,
 * the other worker retrains it afterwards, with the same result.
 */

import type { Begin, Calls, Pace, WorkerMessage } from "ugradsl/internal";

import { applyTwin } from "./reduce";
import { callOn, compile, end, setPaces, spawn } from "./workers";

type Load = Calls["load"]["args"];
type Images = Calls["addImages"]["args"];

/** What the twin's worker has to know before it can begin; the promise of the last piece of it. */
let ready: Promise<boolean> = Promise.resolve(false);
/** Called once the twin has been handed over, or cannot be; null when nobody waits for it. */
let handOver: (() => void) | null = null;
/** Whether the worker has taken the experiment: what it sent before that is about an earlier one. */
let begun = false;

/** Opens the worker, on the processor. */
export function openTwin(pace: Pace): void {
  ready = (async () => {
    const module = await compile();
    spawn("twin", receive);
    await callOn("twin", "open", { device: "cpu", ...(module && { module }) });
    setPaces(pace);
    return true;
  })().catch(() => false);
}

export function closeTwin(): void {
  end("twin");
  ready = Promise.resolve(false);
}

export function loadTwin(load: Load): void {
  after(() => callOn("twin", "load", load));
}

export function addToTwin(images: Images): void {
  after(() => callOn("twin", "addImages", images));
}

/** Retrains the twin of an experiment. `over` is called when it has been handed over, or cannot be. */
export function retrain(begin: Omit<Begin, "snapshots">, over: () => void): void {
  [handOver, begun] = [over, false];
  applyTwin(null);
  after(async () => {
    await callOn("twin", "begin", { ...begin, snapshots: false, onlyRetrain: true, hold: [] });
    if (handOver === over) begun = true;
  });
  void ready.then((open) => {
    if (!open && handOver === over) finish();
  });
}

function after(work: () => Promise<unknown>): void {
  ready = ready.then(async (open) => {
    if (open) await work();
    return open;
  }, closed);
  ready = ready.catch(closed);
}

const closed = (): boolean => {
  closeTwin();
  return false;
};

function receive(message: WorkerMessage): void {
  if (message.kind === "event" && begun) applyTwin(message.event);
  if (message.kind === "fault" || message.kind === "lost") {
    closeTwin();
    finish();
  }
  if (message.kind === "done" && begun) void give();
}

async function give(): Promise<void> {
  const mine = handOver;
  try {
    const runs = await callOn("twin", "storedRuns", null);
    if (handOver === mine) await callOn("main", "takeRuns", runs);
  } catch {
    // The other worker retrains the twin.
  }
  // Another experiment may have begun meanwhile.
  if (handOver === mine) finish();
}

function finish(): void {
  const over = handOver;
  [handOver, begun] = [null, false];
  over?.();
}
