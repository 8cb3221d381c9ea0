/** A page's hold on the worker: questions get their answers, and what the worker says by itself is passed on. */

import type { CallName, Calls, Pace, WorkerMessage, ToPage, ToWorker } from "./protocol.ts";

interface Waiting {
  resolve: (result: never) => void;
  reject: (error: Error) => void;
}

export class Client {
  readonly #worker: Worker;
  readonly #waiting = new Map<number, Waiting>();
  #nextId = 0;
  #ready = false;
  /** Why nothing is answered any more. */
  #closed: Error | null = null;

  /** Starts a worker. `tell` gets what it says by itself, until {@link close}. */
  constructor(tell: (message: WorkerMessage) => void) {
    // By this very form bundlers know that another script is meant.
    this.#worker = new Worker(new URL("./worker.js", import.meta.url), { type: "module" });
    this.#worker.addEventListener("message", ({ data }: MessageEvent<ToPage>) => {
      // What an ended worker had already sent is about another experiment.
      if (this.#closed !== null) return;
      if (data.kind === "ready") {
        this.#ready = true;
        return;
      }
      if (data.kind !== "answer" && data.kind !== "refusal") {
        tell(data);
        return;
      }
      const asked = this.#waiting.get(data.id);
      this.#waiting.delete(data.id);
      if (data.kind === "answer") asked?.resolve(data.result as never);
      else asked?.reject(new Error(data.message));
    });
    this.#worker.addEventListener("error", (event) => {
      if (this.#closed !== null) return;
      // Before it is ready its script could not be loaded, or failed on the way: nobody is there to answer. Later
      // what was asked may still be answered: a device that computes wrongly shows in its self-test, but first in a handler.
      const message = event.message || "the worker cannot be loaded";
      if (!this.#ready) this.close(new Error(message));
      tell({ kind: "fault", message });
    });
  }

  /** Asks the worker; rejects with the worker's sentence. */
  call<N extends CallName>(name: N, args: Calls[N]["args"]): Promise<Calls[N]["result"]> {
    if (this.#closed !== null) return Promise.reject(this.#closed);
    return new Promise((resolve, reject) => {
      const id = this.#nextId++;
      this.#send({ kind: "call", id, name, args } as ToWorker);
      this.#waiting.set(id, { resolve, reject });
    });
  }

  pace(pace: Pace): void {
    if (this.#closed === null) this.#send({ kind: "pace", pace });
  }

  /** Ends the worker. Questions that wait, and later ones, reject with `reason`. */
  close(reason: Error): void {
    if (this.#closed !== null) return;
    this.#closed = reason;
    this.#worker.terminate();
    for (const { reject } of this.#waiting.values()) reject(reason);
    this.#waiting.clear();
  }

  #send(message: ToWorker): void {
    this.#worker.postMessage(message);
  }
}
