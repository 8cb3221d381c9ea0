/**
 * What the worker does: calls of the page and events of the experiment, one after the other, because methods of the
 * {@link Lab} must not overlap. Between two events the calls of the page get their turn.
 */

import type { DeviceChoice } from "./lab.ts";
import { readMessage } from "./message.ts";
import type { Lab } from "./module.ts";
import type { CallName, Calls, Pace, ToPage } from "./protocol.ts";

/** Milliseconds between two steps of slow motion: long enough to read what happens. */
export const SLOW = 3000;
/** Milliseconds that a call of the page may have to wait. */
export const WAIT = 400;
/** Most steps between two reads. */
const MOST_STEPS = 10;

type Result<N extends CallName> = Calls[N]["result"];
type Handlers = { [N in CallName]: (args: Calls[N]["args"]) => Promise<Result<N>> | Result<N> };

const sentence = (error: unknown): string => (error instanceof Error ? error.message : String(error));

export class Runner {
  readonly #openLab: (device: DeviceChoice) => Promise<Lab>;
  readonly #post: (message: ToPage) => void;
  #lab: Lab | null = null;
  #pace: Pace = "play";
  /** An experiment is in progress. */
  #active = false;
  /** Networks of unlearning are kept and measured on the way. */
  #snapshots = false;
  /** The loop over the events is running. */
  #looping = false;
  /** Steps between two reads: as many as keep calls waiting for no longer than {@link WAIT}. */
  #readEvery = 1;
  /** The last piece of work; the next one waits for it. */
  #last: Promise<unknown> = Promise.resolve();

  /** `openLab` loads the module and opens a device; `post` sends a message to the page. */
  constructor(openLab: (device: DeviceChoice) => Promise<Lab>, post: (message: ToPage) => void) {
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
    open: async ({ device }) => {
      this.#lab = await this.#openLab(device);
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
    begin: ({ settings, ids, own, snapshots }) => {
      this.#opened.begin(settings, ids ?? undefined, own);
      this.#snapshots = snapshots;
      this.#active = true;
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
      while (this.#active && this.#pace !== "pause") {
        const stepped = await this.#queue(() => this.#advance());
        if (!stepped) continue;
        if (this.#pace === "step") this.#pace = "pause";
        // Lets messages in; slow motion also lets the person see.
        const pause = this.#pace === "slow" ? SLOW : 0;
        await new Promise((resume) => setTimeout(resume, pause));
      }
    } catch (error) {
      this.#active = false;
      this.#post({ kind: "fault", message: sentence(error) });
    } finally {
      this.#looping = false;
    }
  }

  /** One event; whether steps were taken. */
  async #advance(): Promise<boolean> {
    // A call that came before may have ended or paused the experiment.
    if (!this.#active || this.#pace === "pause") return false;
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
    if (event.event !== "step") return false;
    if (this.#pace === "play") this.#readEvery = stepsToRead(this.#readEvery, milliseconds);
    const snapshot = this.#snapshots ? await lab.snapshot() : undefined;
    if (snapshot !== undefined) this.#post({ kind: "snapshot", snapshot });
    return true;
  }
}

/** Steps until the next read, after `steps` of them took so long. */
function stepsToRead(steps: number, milliseconds: number): number {
  return milliseconds > WAIT ? Math.max(1, steps >> 1) : Math.min(MOST_STEPS, steps + 1);
}
