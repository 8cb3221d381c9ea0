/** What the person chose, as settings of the library: the same `key=value` as on the command line. */

import { balances, smooths } from "./methods";
import type { Settings } from "./state";

/** `processor`: no GPU, hence a smaller network unless one is asked for. */
export function toSettings(settings: Settings, processor: boolean): string[] {
  const { forget, method, alpha, p, seed, network, size } = settings;
  const architecture = network === "auto" ? (processor ? "mlp" : "lenet") : network;
  const numbers = [
    ...(alpha === null || !smooths(method) ? [] : [`${method}.alpha=${alpha}`]),
    ...(p === null || !balances(method) ? [] : [`${method}.p=${p}`]),
  ];
  return [
    'name="browser"',
    `architecture=${architecture}`,
    `training.epochs=${architecture === "mlp" ? 4 : 3}`,
    `limit_train=${size}`,
    `limit_test=${Math.min(2000, Math.max(200, size >> 2))}`,
    'attack="headline"',
    // Rows are handed over beside the settings.
    ...(forget === "ids" || forget === "own" ? [] : [`forget=["${forget}"]`]),
    `methods=["${method}"]`,
    `seeds=[${seed}]`,
    ...numbers,
  ];
}
