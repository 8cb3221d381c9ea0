/**
 * Names and descriptions of the methods. The list of methods is the library's (its call `defaults`): a method without
 * a description here is shown by its name.
 */

import type { Defaults, Method, MethodSettings } from "ugradsl";

import { kindNames } from "./kinds";

interface Words {
  name: string;
  /** What it does, in half a sentence. */
  line: string;
}

/** In the order of the list: UGradSL, then the baselines, the simplest first. */
const words = new Map<Method, Words>([
  [
    "ugradsl-plus",
    {
      name: "UGradSL+",
      line: "goes through all retained images, with forgotten ones under smoothed labels beside them: slower",
    },
  ],
  [
    "ugradsl",
    {
      name: "UGradSL",
      line: "shows it the forgotten images under smoothed labels, each beside a retained one: the fast one",
    },
  ],
  [
    "neggrad-plus",
    { name: "NegGrad+", line: "gets better on retained images and worse on forgotten ones, with plain labels" },
  ],
  ["ft", { name: "Fine-tuning", line: "trains on with the retained images only, and relies on the others fading" }],
  ["ga", { name: "Gradient ascent", line: "gets worse on the forgotten images, and ignores the retained ones" }],
  ["rl", { name: "Random labels", line: "learns the forgotten images again, with wrong labels" }],
  ["salun", { name: "SalUn", line: "random labels, but only weights that matter to the forgotten images may move" }],
  ["l1-sparse", { name: "ℓ1-sparse", line: "trains on with the retained images, and pulls all weights towards zero" }],
  [
    "boundary-shrink",
    { name: "Boundary shrink", line: "gives each forgotten image the label of the nearest other class" },
  ],
  [
    "boundary-expanding",
    { name: "Boundary expanding", line: "moves the forgotten images into an extra class, which is then cut off" },
  ],
  [
    "scrub",
    {
      name: "SCRUB",
      line: "alternates: moves away from the original on forgotten images, stays close to it on retained ones",
    },
  ],
  [
    "bad-teacher",
    {
      name: "Bad teacher",
      line: "imitates an untrained network on forgotten images, and the original on retained ones",
    },
  ],
  ["ssd", { name: "SSD", line: "weakens, in one go, the weights that matter most to the forgotten images" }],
  [
    "influence",
    { name: "Influence", line: "takes one large step that estimates the weights without the forgotten images" },
  ],
  ["fisher", { name: "Fisher", line: "adds noise to the weights that matter little for the retained images" }],
]);
const references = new Map<Method, string>([
  ["original", kindNames.original],
  ["retrain", kindNames.retrained],
]);

export function methodName(method: Method): string {
  return references.get(method) ?? words.get(method)?.name ?? method;
}

/** Empty for a method without a description. */
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

/** The library's unlearning methods in the order of the list, those without a description last. */
export function listed(known: Iterable<Method>): Method[] {
  const order = [...words.keys()];
  const rank = (method: Method) => (order.indexOf(method) + order.length + 1) % (order.length + 1);
  return [...known].filter(unlearns).sort((one, other) => rank(one) - rank(other) || one.localeCompare(other));
}
