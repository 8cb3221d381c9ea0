/** Checks messages to the worker: it acts on these shapes and refuses all others. */

import { callNames, paces, type ToWorker } from "./protocol.ts";

/** The message, or a sentence that names its fault. */
export function readMessage(data: unknown): ToWorker | string {
  if (typeof data !== "object" || data === null || !("kind" in data)) return "a message must be an object with a kind";
  if (data.kind === "pace") {
    const known = "pace" in data && paces.some((pace) => pace === data.pace);
    return known ? (data as ToWorker) : "unknown pace";
  }
  if (data.kind !== "call") return "unknown kind of message";
  if (!("id" in data) || typeof data.id !== "number") return "a call needs an id";
  if (!("name" in data) || !callNames.some((name) => name === data.name)) return "unknown call";
  if (!("args" in data) || typeof data.args !== "object") return "a call needs arguments";
  return data as ToWorker;
}
