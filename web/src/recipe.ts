/** Converts the settings of the page to settings of the library: `key=value`, as on its command line. */

import type { Defaults } from "ugradsl";

import { balances, smooths } from "./methods";
import type { Settings } from "./settings";

/** `defaults`: of the methods. `processor`: the device is not a GPU, so that `auto` takes the smaller network. */
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
    // Rows are arguments of the call, not settings.
    ...(forget === "ids" || forget === "own" ? [] : [`forget=["${forget}"]`]),
    `methods=["${method}"]`,
    `seeds=[${seed}]`,
    ...numbers,
  ];
}
