/**
 * What the page says about the methods. Which ones there are is for the library to say (its call `defaults`): one
 * that has no words here is shown by its name.
 */

import type { Defaults, Method, MethodSettings } from "ugradsl";

interface Words {
  name: string;
  /** What it does, in half a sentence. */
  line: string;
}

/** In the order of the list: ours, then its rivals from the simplest on. */
const words = new Map<Method, Words>([
  [
    "ugradsl-plus",
    {
      name: "UGradSL+",
      line: "goes through all images that stay, with forgotten ones beside them under smoothed labels",
    },
  ],
  ["ugradsl", { name: "UGradSL", line: "the same, but only as long as the forgotten images last: the fast one" }],
  ["neggrad-plus", { name: "NegGrad+", line: "gets better on what stays and worse on what goes, with plain labels" }],
  ["ft", { name: "Fine-tuning", line: "trains on with the images that stay, and hopes that the others fade" }],
  ["ga", { name: "Gradient ascent", line: "gets worse on the forgotten images, and cares for nothing else" }],
  ["rl", { name: "Random labels", line: "learns the forgotten images again, with wrong labels" }],
  ["salun", { name: "SalUn", line: "random labels, but only weights that matter to the forgotten images may move" }],
  ["l1-sparse", { name: "ℓ1-sparse", line: "trains on with the images that stay, and pulls all weights towards zero" }],
  [
    "boundary-shrink",
    { name: "Boundary shrink", line: "hands each forgotten image over to the class just across the border" },
  ],
  [
    "boundary-expanding",
    { name: "Boundary expanding", line: "moves the forgotten images into an extra class, which is then cut off" },
  ],
  ["scrub", { name: "SCRUB", line: "by turns departs from the original on what goes and follows it on what stays" }],
  [
    "bad-teacher",
    { name: "Bad teacher", line: "copies a network that knows nothing on what goes, and the original on what stays" },
  ],
  ["ssd", { name: "SSD", line: "weakens, in one go, the weights that matter mostly to the forgotten images" }],
  ["influence", { name: "Influence", line: "takes one large step, calculated as if the images had never counted" }],
  ["fisher", { name: "Fisher", line: "shakes the weights that matter mostly to the forgotten images" }],
]);
const references = new Map<Method, string>([
  ["original", "Original"],
  ["retrain", "Retrained"],
]);

export function methodName(method: Method): string {
  return references.get(method) ?? words.get(method)?.name ?? method;
}

/** Empty for a method that the page has no words for. */
export function methodLine(method: Method): string {
  return words.get(method)?.line ?? "";
}

/** Whether it starts from the original: neither the original itself nor its twin. */
export const unlearns = (method: Method): boolean => !references.has(method);
/** Whether the labels of its forget set have a smoothing rate. */
export const smooths = (defaults: Defaults, method: Method): boolean => has(defaults, method, "alpha");
/** Whether p weighs descent on the retain set against ascent on the forget set. */
export const balances = (defaults: Defaults, method: Method): boolean => has(defaults, method, "p");

/** The library's defaults of a method name the settings that it has. */
function has(defaults: Defaults, method: Method, setting: keyof MethodSettings): boolean {
  const settings = Object.hasOwn(defaults, method) ? defaults[method] : undefined;
  return settings !== undefined && setting in settings;
}

/** The library's unlearning methods in the order of the list, those without words last. */
export function listed(known: Iterable<Method>): Method[] {
  const order = [...words.keys()];
  const rank = (method: Method) => (order.indexOf(method) + order.length + 1) % (order.length + 1);
  return [...known].filter(unlearns).sort((one, other) => rank(one) - rank(other) || one.localeCompare(other));
}
