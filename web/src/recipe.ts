/** What the person chose, as settings of the library: the same `key=value` as on the command line. */

import type { Settings } from "./state";

/** Rows that are trained on and tested on: enough to learn digits, few enough for seconds. */
const SIZE = ["limit_train=4000", "limit_test=1000"];

/** `processor`: no GPU, hence a smaller network. */
export function toSettings(settings: Settings, processor: boolean): string[] {
  const { forget, method, alpha, p, seed } = settings;
  const numbers = [
    ...(alpha === null ? [] : [`${method}.alpha=${alpha}`]),
    ...(p === null ? [] : [`${method}.p=${p}`]),
  ];
  return [
    'name="browser"',
    `architecture=${processor ? "mlp" : "lenet"}`,
    `training.epochs=${processor ? 4 : 3}`,
    ...SIZE,
    'attack="headline"',
    // Rows are handed over beside the settings.
    ...(forget === "ids" || forget === "own" ? [] : [`forget=["${forget}"]`]),
    `methods=["${method}"]`,
    `seeds=[${seed}]`,
    ...numbers,
  ];
}
