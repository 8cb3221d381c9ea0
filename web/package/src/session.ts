/// <reference lib="esnext.disposable" preserve="true" />
/** The public face of the package: an experiment in a worker of its own. */

import { Client } from "./client.ts";
import { allPixels, toLoad, type Data } from "./data.ts";
import type { About, DeviceChoice, Measures, Method, ReportForm, RunRecord, SessionEvent } from "./lab.ts";
import { load, type LoadingOptions, type LoadingProgress } from "./loading.ts";
import { moduleAddress } from "./module-address.ts";
import type { Picture } from "./pictures.ts";
import type { WorkerMessage } from "./protocol.ts";
import { toSettings, type ExperimentOptions } from "./settings.ts";

export interface SessionOptions extends ExperimentOptions {
  /** Default `auto`. */
  device?: DeviceChoice;
  data: Data;
  /** Ends the session, also while it is being created. */
  signal?: AbortSignal;
  /** Called while module and data are loaded. */
  onProgress?: (progress: LoadingProgress) => void;
}

/**
 * The browser took the graphics processor away, because its driver restarted or the system needed it. Results that were
 * not read yet are lost.
 */
export class DeviceLostError extends Error {
  override readonly name = "DeviceLostError";
  constructor() {
    super("the graphics processor was taken away by the browser or the system");
  }
}

/**
 * A device, a data set and an experiment on them: train a network, retrain its twin without the samples to forget, make
 * the first network forget by each method, and measure them all. The work is done while the session is iterated:
 *
 *     for await (const event of session) console.log(event);
 *
 * Leaving the loop stops the work, and iterating again continues it. Methods reject with the library's sentence, and
 * with {@link DeviceLostError} once the device is lost. They wait for the step in progress at most.
 */
export class Session implements AsyncIterable<SessionEvent> {
  readonly #client: Client;
  #about: About | null = null;
  #methods: Method[] = [];
  /** Events that have not been iterated yet. */
  #events: SessionEvent[] = [];
  /** Why there will be no further event. */
  #end: "done" | "closed" | Error | null = null;
  /** Ends the wait of the loop. */
  #wake: () => void = () => undefined;
  #iterated = false;
  #paused = false;

  private constructor() {
    this.#client = new Client((message) => this.#receive(message));
  }

  /**
   * Opens the device in a worker of its own, loads the data and begins the experiment; nothing is computed yet.
   *
   * A device that fails its self-test is not used: `auto` then takes the processor, and `gpu` rejects. Damaged data and
   * settings that make no sense reject too.
   */
  static async create({ device = "auto", data, signal, onProgress, ...experiment }: SessionOptions): Promise<Session> {
    signal?.throwIfAborted();
    const options: LoadingOptions = { signal, progress: onProgress };
    // Files are fetched while the device opens.
    const loading = toLoad(data, options);
    // Reported below, once there is a device.
    loading.catch(() => undefined);
    const module = await compiled(options);
    const session = await Session.#open(device, module, signal).catch((error: unknown) => {
      if (device !== "auto" || signal?.aborted) throw error;
      return Session.#open("cpu", module, signal);
    });
    try {
      session.#about = await session.#client.call("load", await loading);
      session.#methods = Object.keys(await session.#client.call("defaults", null));
      await session.begin(experiment);
      return session;
    } catch (error) {
      session.close();
      throw signal?.aborted ? signal.reason : error;
    }
  }

  static async #open(device: DeviceChoice, module?: WebAssembly.Module, signal?: AbortSignal): Promise<Session> {
    const session = new Session();
    signal?.addEventListener("abort", () => session.#finish("closed", asError(signal.reason)), { once: true });
    try {
      signal?.throwIfAborted();
      const { checks } = await session.#client.call("open", { device, ...(module && { module }) });
      const wrong = checks.find((check) => !check.passed);
      if (wrong !== undefined) throw new Error(`the device computes wrongly: ${wrong.name}, ${wrong.detail}`);
      // The work waits for the iteration.
      session.#client.pace("pause");
      return session;
    } catch (error) {
      session.close();
      throw error;
    }
  }

  /** Version of the library, device, self-test and data. */
  get about(): About {
    if (this.#about === null) throw new Error("the session is not ready");
    return this.#about;
  }

  /** Names of all methods that unlearn. */
  get methods(): readonly Method[] {
    return this.#methods;
  }

  get paused(): boolean {
    return this.#paused;
  }

  /**
   * Begins another experiment on the same data, in place of the one before. Runs with the same settings are not
   * computed again, so the original is trained once, however many experiments follow. Not while the events are
   * iterated.
   */
  async begin(experiment: ExperimentOptions): Promise<void> {
    if (this.#iterated) throw new Error("the events of this session are being iterated: leave the loop first");
    await this.#client.call("begin", { ...toSettings(experiment), own: false, snapshots: false });
    // Events before the answer belong to the experiment before.
    this.#events = [];
    this.#end = null;
  }

  /**
   * The events in order. The loop ends when all runs are over or after {@link close}, and throws when the experiment
   * cannot continue. There can be one loop at a time.
   */
  async *[Symbol.asyncIterator](): AsyncGenerator<SessionEvent, void, undefined> {
    if (this.#iterated) throw new Error("the events of this session are being iterated already");
    this.#iterated = true;
    this.#setPace();
    try {
      for (;;) {
        const event = this.#events.shift();
        if (event !== undefined) yield event;
        else if (this.#end instanceof Error) throw this.#end;
        else if (this.#end !== null) return;
        else await new Promise<void>((resolve) => (this.#wake = resolve));
      }
    } finally {
      this.#iterated = false;
      this.#setPace();
    }
  }

  /** Stops after the step in progress; the loop over the events waits. */
  pause(): void {
    this.#paused = true;
    this.#setPace();
  }

  resume(): void {
    this.#paused = false;
    this.#setPace();
  }

  /** Continues to the next `step` event and pauses there. */
  step(): void {
    this.#paused = true;
    this.#client.pace("step");
  }

  /** Rows of the finished runs of this experiment. */
  runs(): Promise<RunRecord[]> {
    return this.#client.call("runs", null);
  }

  /** Measures a network on the data of this experiment. `model`: of a run, or as imported. */
  measure(model: string): Promise<Measures> {
    return this.#client.call("measure", { model });
  }

  /**
   * Class probabilities of any images, one array per image. `images`: pictures of the page, or bytes in the shape of
   * the data, one image after the other. `model`: of a run, or as imported; the latest finished run if nothing is said.
   */
  async predict(images: Picture | readonly Picture[] | Uint8Array, model?: string): Promise<Float32Array[]> {
    const data = this.about.data;
    if (data === null) throw new Error("no data is loaded");
    const pixels = images instanceof Uint8Array ? images : await allPixels([images].flat(), data.shape);
    const name = model ?? (await this.runs()).at(-1)?.model;
    if (name === undefined) throw new Error("no run is finished yet");
    const all = await this.#client.call("predict", { model: name, pixels });
    return Array.from({ length: all.length / data.classes }, (_, at) =>
      all.slice(at * data.classes, (at + 1) * data.classes),
    );
  }

  /** The report so far; `toml` is the recipe of the experiment. */
  report(form: Exclude<ReportForm, "command">): Promise<string> {
    return this.#client.call("report", { form });
  }

  /** A network as safetensors, which the command line and PyTorch read. */
  model(model: string): Promise<Uint8Array> {
    return this.#client.call("model", { name: model });
  }

  /**
   * Takes a safetensors file of {@link model} or of the command line, and keeps it as `name` until the next {@link
   * begin}.
   */
  async importModel(name: string, bytes: Uint8Array): Promise<void> {
    await this.#client.call("importModel", { name, bytes });
  }

  /** Ends the worker; networks that were not exported are lost. A loop over the events ends. */
  close(): void {
    this.#finish("closed", new Error("the session is closed"));
  }

  // Where a browser does not have this symbol, the method cannot be called.
  [Symbol.asyncDispose](): Promise<void> {
    this.close();
    return Promise.resolve();
  }

  /** Has the worker continue or pause. */
  #setPace(): void {
    this.#client.pace(this.#iterated && !this.#paused ? "play" : "pause");
  }

  #receive(message: WorkerMessage): void {
    switch (message.kind) {
      case "event":
        this.#events.push(message.event);
        break;
      case "done":
        this.#end ??= "done";
        break;
      case "fault":
        this.#end ??= new Error(message.message);
        break;
      case "lost": {
        const lost = new DeviceLostError();
        this.#finish(lost, lost);
        return;
      }
      case "snapshot":
      case "held":
        return;
    }
    this.#wake();
  }

  #finish(end: "closed" | Error, reason: Error): void {
    if (this.#end !== "closed") this.#end = end;
    // After `close` no event is wanted; a loss is reported after the events before it.
    if (end === "closed") this.#events = [];
    this.#client.close(reason);
    this.#wake();
  }
}

const asError = (reason: unknown): Error => (reason instanceof Error ? reason : new Error(String(reason)));

/** The module, if it can be compiled here; otherwise the worker loads it. Only a signal rejects. */
async function compiled(options: LoadingOptions): Promise<WebAssembly.Module | undefined> {
  try {
    return await WebAssembly.compileStreaming(load(moduleAddress, "module", options));
  } catch {
    options.signal?.throwIfAborted();
    return undefined;
  }
}
