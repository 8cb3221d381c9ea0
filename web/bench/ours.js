/** The task by the page's own module. */

import init, { Lab } from "../package/wasm/ugradsl_web.js";
import url from "../package/wasm/ugradsl_web_bg.wasm?url";

import { ALPHA, CLIP, LEARNING_RATE, MOMENTUM, NETWORKS, P, STEPS } from "./task.js";

export async function run({ backend, network, kind, data, settings = [] }) {
  await init({ module_or_path: url });
  const lab = await Lab.open(backend === "webgpu" ? "gpu" : "cpu");
  lab.load("mnist-subset", ...data.files);
  lab.set_read_every(STEPS);
  const { batch } = NETWORKS[network];
  const common = ["learning_rate", "optimizer.name", "optimizer.momentum", "optimizer.weight_decay", "schedule"];
  const values = [LEARNING_RATE, '"sgd"', MOMENTUM, 0, '"constant"'];
  const of = (table) => [`${table}.batch_size=${batch}`, ...common.map((key, at) => `${table}.${key}=${values[at]}`)];
  lab.begin([
    `architecture="${network}"`,
    // Rows for two readings within the first pass, of the original and of what retains nine tenths of it.
    `limit_train=${batch * (2 * STEPS + 4)}`,
    "limit_test=100",
    'forget=["random:10%"]',
    'methods=["ugradsl-plus"]',
    ...of("training"),
    "training.epochs=1",
    ...of("ugradsl-plus"),
    "ugradsl-plus.epochs=1",
    "ugradsl-plus.guards=false",
    `ugradsl-plus.clip_norm=${CLIP}`,
    `ugradsl-plus.p=${P}`,
    ...(settings.length > 0 ? settings : [`ugradsl-plus.alpha=${ALPHA}`]),
  ]);
  const wanted = kind === "train" ? "original" : "ugradsl-plus";
  let [method, warm] = ["", 0];
  for (let event = await lab.next(); event !== undefined; event = await lab.next()) {
    if (event.event === "started") method = event.method;
    if (event.event !== "step" || method !== wanted) continue;
    const now = performance.now();
    if (event.step === STEPS) warm = now;
    else if (event.step === 2 * STEPS) return (now - warm) / STEPS;
  }
  throw new Error("the run was over before it was measured");
}
