/** What the person chose, as settings of the library: the same `key=value` as on the command line. */

import type { Defaults } from "ugradsl";

import { balances, smooths } from "./methods";
import type { Settings } from "./settings";

/** `defaults`: of the methods. `processor`: no GPU, hence a smaller network unless one is asked for. */
export function toSettings(settings: Settings, defaults: Defaults, processor: boolean): string[] {
  const { forget, method, alpha, p, seed, network, size } = settings;
  const architecture = network === "auto" ? (processor ? "mlp" : "lenet") : network;
  const numbers = [
    ...(alpha === null || !smooths(defaults, method) ? [] : [`${method}.alpha=${alpha}`]),
    ...(p === null || !balances(defaults, method) ? [] : [`${method}.p=${p}`]),
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
