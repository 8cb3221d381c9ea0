/** The task by the page's own module. */

import init, { Lab } from "../package/wasm/ugradsl_web.js";
import url from "../package/wasm/ugradsl_web_bg.wasm?url";

import { ALPHA, CLIP, LEARNING_RATE, MOMENTUM, NETWORKS, P } from "./task.js";

export async function run({ backend, network, kind, steps, data, settings = [] }) {
  await init({ module_or_path: url });
  const lab = await Lab.open(backend === "webgpu" ? "gpu" : "cpu");
  lab.load("mnist-subset", ...data.files);
  lab.set_read_every(steps);
  const { batch } = NETWORKS[network];
  // Rows for two readings within one pass of training; or for one within a pass of forgetting, which walks over nine
  // tenths of them, as what comes before it is not measured and takes its time, too.
  const limit = kind === "train" ? 2 * steps * batch : Math.ceil((steps * batch + 10) / 0.9);
  const optimizer = `{name="sgd", momentum=${MOMENTUM}, weight_decay=0}`;
  const common = { batch_size: batch, learning_rate: LEARNING_RATE, optimizer, schedule: '"constant"' };
  const of = (table) => Object.entries(common).map(([key, value]) => `${table}.${key}=${value}`);
  lab.begin([
    `architecture="${network}"`,
    `limit_train=${limit}`,
    "limit_test=100",
    'forget=["random:10%"]',
    'methods=["ugradsl-plus"]',
    ...of("training"),
    "training.epochs=1",
    ...of("ugradsl-plus"),
    "ugradsl-plus.epochs=2",
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
    if (event.step === steps) warm = now;
    else if (event.step === 2 * steps) return (now - warm) / steps;
  }
  throw new Error("the run was over before it was measured");
}
