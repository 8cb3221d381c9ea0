/**
 * The page's side of the worker: calls get their answers, and messages that the worker sends by itself are passed on.
 */

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
  /** Why calls are not answered any more. */
  #closed: Error | null = null;

  /** Starts a worker. `receive` gets the messages that it sends by itself, until {@link close}. */
  constructor(receive: (message: WorkerMessage) => void) {
    // Bundlers recognise exactly this form as another script.
    this.#worker = new Worker(new URL("./worker.js", import.meta.url), { type: "module" });
    this.#worker.addEventListener("message", ({ data }: MessageEvent<ToPage>) => {
      // A worker that was ended may already have sent something about its experiment.
      if (this.#closed !== null) return;
      if (data.kind === "ready") {
        this.#ready = true;
        return;
      }
      if (data.kind !== "answer" && data.kind !== "refusal") {
        receive(data);
        return;
      }
      const waiting = this.#waiting.get(data.id);
      this.#waiting.delete(data.id);
      if (data.kind === "answer") waiting?.resolve(data.result as never);
      else waiting?.reject(new Error(data.message));
    });
    this.#worker.addEventListener("error", (event) => {
      if (this.#closed !== null) return;
      // Before the worker is ready, its script could not be loaded or failed: no call will be answered. Later, calls
      // may still be answered: a device that computes wrongly can raise an error here before its self-test shows it.
      const message = event.message || "the worker cannot be loaded";
      if (!this.#ready) this.close(new Error(message));
      receive({ kind: "fault", message });
    });
  }

  /** Calls the worker; rejects with the worker's sentence. */
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

  /** Ends the worker. Calls that wait, and later ones, reject with `reason`. */
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
