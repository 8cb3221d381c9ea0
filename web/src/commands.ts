/** Calls of the worker of the experiment, for all modules that give commands. */

import type { CallName, Calls, Pace } from "ugradsl/internal";

import { apply } from "./reduce";
import { sentence } from "./sentence";
import * as state from "./state";
import { callOn, clientOf, setPaces } from "./workers";

/** Calls the worker of the experiment; rejects with the worker's sentence. */
export function call<N extends CallName>(name: N, args: Calls[N]["args"]): Promise<Calls[N]["result"]> {
  return callOn("main", name, args);
}

export function setPace(pace: Pace): void {
  state.pace.value = pace;
  setPaces(pace);
}

/** Whether `work` succeeded. Its error is shown, unless a later start took over meanwhile. */
export async function attempt(work: () => Promise<void>): Promise<boolean> {
  const mine = clientOf("main");
  try {
    await work();
    return true;
  } catch (error) {
    if (clientOf("main") === mine) apply({ kind: "fault", message: sentence(error) });
    return false;
  }
}
