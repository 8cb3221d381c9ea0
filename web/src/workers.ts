/** The two workers of the page: one for the experiment, and one that trains the twin at the same time. */

import { Client, moduleAddress } from "ugradsl/internal";
import type { CallName, Calls, Pace, WorkerMessage } from "ugradsl/internal";

/** Which worker has a network. */
export type Place = "main" | "twin";

const clients: Record<Place, Client | null> = { main: null, twin: null };
const ENDED = "the computation was started again";

let compiled: Promise<WebAssembly.Module | undefined> | null = null;

/** The module, fetched and compiled once for both workers; undefined where the worker has to do it itself. */
export function compile(): Promise<WebAssembly.Module | undefined> {
  compiled ??= WebAssembly.compileStreaming(fetch(moduleAddress)).catch(() => {
    compiled = null;
    return undefined;
  });
  return compiled;
}

/** Starts a worker in place of the one before, whose calls are refused. */
export function spawn(place: Place, receive: (message: WorkerMessage) => void): Client {
  clients[place]?.close(new Error(ENDED));
  const client = new Client(receive);
  clients[place] = client;
  return client;
}

export function end(place: Place): void {
  clients[place]?.close(new Error(ENDED));
  clients[place] = null;
}

export const clientOf = (place: Place): Client | null => clients[place];

/** Calls a worker; rejects with the worker's sentence. */
export function callOn<N extends CallName>(place: Place, name: N, args: Calls[N]["args"]): Promise<Calls[N]["result"]> {
  const client = clients[place];
  return client === null ? Promise.reject(new Error("the page is not ready yet")) : client.call(name, args);
}

export function setPaces(pace: Pace): void {
  clients.main?.pace(pace);
  // Single steps are those of the experiment.
  clients.twin?.pace(pace === "step" ? "play" : pace);
}
