/** Converts the settings of the page to settings of the library: `key=value`, as on its command line. */

import type { Defaults } from "ugradsl";

import { balances, smooths } from "./methods";
import { networks } from "./networks";
import type { Settings } from "./settings";

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
    `training.epochs=${networks[network].epochs}`,
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
