/** Lets the script ask for one figure at a time. */

import { digits } from "./task.js";

const libraries = {
  ugradsl: () => import("./ours.js"),
  tfjs: () => import("./tfjs.js"),
  "jax-js": () => import("./jax.js"),
};

window.measure = async ({ library, ...task }) => {
  const { run } = await libraries[library]();
  return run({ ...task, data: await digits(6000) });
};
