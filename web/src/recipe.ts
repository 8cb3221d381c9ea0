/** Converts the settings of the page to settings of the library: `key=value`, as on its command line. */

import type { Defaults } from "ugradsl";

import { balances, smooths } from "./methods";
import type { Settings } from "./settings";

/** Epochs of training: so many that a network is surer about its training images than about others. */
const EPOCHS = { lenet: 10, mlp: 8 };

/** `defaults`: of the methods. `methods`: all that take part; the chosen one if nothing is said. */
export function toSettings(settings: Settings, defaults: Defaults, methods = [settings.method]): string[] {
  const { forget, method, alpha, p, seed, network, size } = settings;
  const numbers = [
    ...(alpha === null || !smooths(defaults, method) ? [] : [`${method}.alpha=${alpha}`]),
    ...(p === null || !balances(defaults, method) ? [] : [`${method}.p=${p}`]),
  ];
  return [
    'name="browser"',
    `architecture=${network}`,
    `training.epochs=${EPOCHS[network]}`,
    `limit_train=${size}`,
    `limit_test=${Math.min(2000, Math.max(200, size >> 1))}`,
    'attack="headline"',
    // Rows are arguments of the call, not settings.
    ...(forget === "ids" || forget === "own" ? [] : [`forget=["${forget}"]`]),
    `methods=${JSON.stringify(methods)}`,
    `seeds=[${seed}]`,
    ...numbers,
  ];
}
