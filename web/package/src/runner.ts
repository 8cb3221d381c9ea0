/**
 * What the worker does: calls of the page and events of the experiment, one after the other, because methods of the
 * {@link Lab} must not overlap. Between two events the calls of the page get their turn.
 */

import type { DeviceChoice, SessionEvent } from "./lab.ts";
import { readMessage } from "./message.ts";
import type { Lab } from "./module.ts";
import type { CallName, Calls, Hold, Pace, StoredRuns, ToPage } from "./protocol.ts";

/** Milliseconds that a call of the page may have to wait. */
export const WAIT = 400;
/** Most steps between two reads. */
const MOST_STEPS = 10;
/** Steps of unlearning that are all read: most is forgotten in them. */
const ALL_READ = 10;
/** Most steps of unlearning between two reads after that. */
const MOST_UNLEARNING = 4;

type Result<N extends CallName> = Calls[N]["result"];
type Handlers = { [N in CallName]: (args: Calls[N]["args"]) => Promise<Result<N>> | Result<N> };

const sentence = (error: unknown): string => (error instanceof Error ? error.message : String(error));

export class Runner {
  readonly #openLab: (device: DeviceChoice, module?: WebAssembly.Module) => Promise<Lab>;
  readonly #post: (message: ToPage) => void;
  #lab: Lab | null = null;
  #pace: Pace = "play";
  /** An experiment is in progress. */
  #active = false;
  /** Networks of unlearning are kept and measured on the way. */
  #snapshots = false;
  /** The run in progress makes a network forget. */
  #unlearning = false;
  /** Places that are still ahead where the experiment has to wait. */
  #holds = new Set<Hold>();
  /** The experiment waits at one of them. */
  #held = false;
  /** The loop over the events is running. */
  #looping = false;
  /** Steps between two reads: as many as keep calls waiting for no longer than {@link WAIT}. */
  #readEvery = 1;
  /** The last piece of work; the next one waits for it. */
  #last: Promise<unknown> = Promise.resolve();

  /** `openLab` loads the module and opens a device; `post` sends a message to the page. */
  constructor(
    openLab: (device: DeviceChoice, module?: WebAssembly.Module) => Promise<Lab>,
    post: (message: ToPage) => void,
  ) {
    this.#openLab = openLab;
    this.#post = post;
  }

  /** Takes a message from the page; anything else is refused. */
  receive(data: unknown): void {
    const message = readMessage(data);
    if (typeof message === "string") {
      this.#post({ kind: "refusal", id: -1, message });
    } else if (message.kind === "pace") {
      this.#pace = message.pace;
      void this.#loop();
    } else {
      void this.#respond(message.id, message.name, message.args);
    }
  }

  async #respond<N extends CallName>(id: number, name: N, args: Calls[N]["args"]): Promise<void> {
    try {
      const result = await this.#queue(() => this.#handlers[name](args));
      this.#post({ kind: "answer", id, result });
    } catch (error) {
      this.#post({ kind: "refusal", id, message: sentence(error) });
    }
  }

  readonly #handlers: Handlers = {
    open: async ({ device, module }) => {
      this.#lab = await this.#openLab(device, module);
      return this.#lab.about();
    },
    load: ({ name, data }) => {
      if ("shape" in data) {
        const { shape, train, test } = data;
        const sets = [train.pixels, train.labels, test.pixels, test.labels] as const;
        this.#opened.load_images(name, Uint32Array.from(shape), ...sets);
      } else {
        const { train, test } = data;
        this.#opened.load(name, train.images, train.labels, test.images, test.labels);
      }
      // The module drops the experiment on the data before.
      this.#active = false;
      return this.#opened.about();
    },
    defaults: () => this.#opened.defaults(),
    addImages: ({ pixels, labels }) => this.#opened.add_images(pixels, labels),
    begin: ({ settings, ids, own, snapshots, onlyRetrain, again, hold }) => {
      this.#opened.begin(settings, ids ?? undefined, own, onlyRetrain, again);
      this.#snapshots = snapshots;
      this.#holds = new Set(hold);
      [this.#held, this.#unlearning, this.#active] = [false, false, true];
      void this.#loop();
      return null;
    },
    release: () => {
      this.#held = false;
      void this.#loop();
      return null;
    },
    runs: () => this.#opened.runs(),
    measure: ({ model }) => this.#opened.measure(model),
    report: ({ form }) => this.#opened.report(form),
    model: ({ name }) => this.#opened.model(name),
    importModel: ({ name, bytes }) => {
      this.#opened.import_model(name, bytes);
      return null;
    },
    labels: () => this.#opened.labels(),
    forgetRows: () => this.#opened.forget_rows(),
    pixels: ({ rows }) => this.#opened.pixels(rows),
    probabilities: ({ model, rows }) => this.#opened.probabilities(model, rows),
    confidences: ({ model }) => this.#opened.confidences(model),
    embedding: ({ model, rows }) => this.#opened.embedding(model, rows),
    relearn: ({ model, samples }) => this.#opened.relearn(model, samples),
    predict: ({ model, pixels }) => this.#opened.predict(model, pixels),
    activations: ({ model, pixels }) => this.#opened.activations(model, pixels),
    links: ({ model }) => this.#opened.links(model),
    testLabels: () => this.#opened.test_labels(),
    testPixels: ({ rows }) => this.#opened.test_pixels(rows),
    storedRuns: () => paired(this.#opened.stored_runs()),
    takeRuns: (runs) => {
      for (const { name, bytes } of runs) this.#opened.take_run(name, bytes);
      return null;
    },
  };

  get #opened(): Lab {
    if (this.#lab === null) throw new Error("no device is open");
    return this.#lab;
  }

  /** Runs `work` when everything asked for before is done. */
  #queue<T>(work: () => Promise<T> | T): Promise<T> {
    const result = this.#last.then(work);
    this.#last = result.catch(() => undefined);
    return result;
  }

  /** Goes from event to event until it is told to pause or all is done. */
  async #loop(): Promise<void> {
    if (this.#looping) return;
    this.#looping = true;
    try {
      while (this.#goes) {
        const stepped = await this.#queue(() => this.#advance());
        if (!stepped) continue;
        if (this.#pace === "step") this.#pace = "pause";
        // Lets messages in.
        await new Promise((resume) => setTimeout(resume, 0));
      }
    } catch (error) {
      this.#active = false;
      this.#post({ kind: "fault", message: sentence(error) });
    } finally {
      this.#looping = false;
    }
  }

  get #goes(): boolean {
    return this.#active && !this.#held && this.#pace !== "pause";
  }

  /** One event; whether steps were taken. */
  async #advance(): Promise<boolean> {
    // A call that came before may have ended or paused the experiment.
    if (!this.#goes) return false;
    const lab = this.#opened;
    lab.set_read_every(this.#pace === "play" ? this.#readEvery : 1);
    const start = performance.now();
    const event = await lab.next();
    const milliseconds = performance.now() - start;
    if (event === undefined) {
      this.#active = false;
      this.#post({ kind: "done" });
      return false;
    }
    this.#post({ kind: "event", event, milliseconds });
    await this.#follow(event, milliseconds);
    return event.event === "step";
  }

  /** What follows an event: a snapshot, a wait, another number of steps until the next read. */
  async #follow(event: SessionEvent, milliseconds: number): Promise<void> {
    switch (event.event) {
      case "started":
        this.#unlearning = event.method !== "original" && event.method !== "retrain";
        if (!this.#unlearning) break;
        this.#readEvery = 1;
        await this.#snapshot();
        this.#hold("unlearn");
        break;
      case "evaluated":
        if (event.method === "original") this.#hold("retrain");
        break;
      case "step":
        if (this.#pace === "play") this.#readEvery = this.#stepsToRead(event.step, milliseconds);
        await this.#snapshot();
        break;
    }
  }

  async #snapshot(): Promise<void> {
    const snapshot = this.#snapshots && this.#unlearning ? await this.#opened.snapshot() : undefined;
    if (snapshot !== undefined) this.#post({ kind: "snapshot", snapshot });
  }

  #hold(before: Hold): void {
    if (!this.#holds.delete(before)) return;
    this.#held = true;
    this.#post({ kind: "held", before });
  }

  /** Steps until the next read, after some of them took so long. */
  #stepsToRead(step: number, milliseconds: number): number {
    if (milliseconds > WAIT) return Math.max(1, this.#readEvery >> 1);
    if (this.#unlearning && this.#snapshots && step < ALL_READ) return 1;
    return Math.min(this.#unlearning && this.#snapshots ? MOST_UNLEARNING : MOST_STEPS, this.#readEvery + 1);
  }
}

/** Names and bytes, which come by turns. */
function paired(entries: (string | Uint8Array)[]): StoredRuns {
  return entries.flatMap((name, at) => {
    const bytes = entries[at + 1];
    return typeof name === "string" && bytes instanceof Uint8Array ? [{ name, bytes }] : [];
  });
}
