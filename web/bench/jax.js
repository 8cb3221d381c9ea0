/** The task in jax-js, whose arrays are consumed by what they are given to. */

import { blockUntilReady, defaultDevice, init, jit, lax, nn, numpy as np, tree, valueAndGrad } from "@jax-js/jax";

import { CLASSES, CLIP, LEARNING_RATE, MOMENTUM, NETWORKS, draw, rows, shapes, time, weights } from "./task.js";

export async function run({ backend, network: name, kind, steps, data }) {
  await init(backend);
  defaultDevice(backend);
  const network = NETWORKS[name];
  const count = data.labels.length;
  const images = np.array(data.images).reshape([count, 784]);
  const labels = np.array(data.labels);
  let parameters = shapes(network).map((shape) => ({
    kernel: np.array(weights(shape)).reshape(shape),
    bias: np.zeros(shape.length === 4 ? [shape[0], 1, 1] : [shape[1]]),
  }));
  let velocity = tree.map((parameter) => np.zeros(parameter.shape), parameters);

  const forward = (parameters, rows) => {
    let x = rows.reshape([-1, 1, 28, 28]);
    for (const [at, [, , padding]] of network.convolutions.entries()) {
      const { kernel, bias } = parameters[at];
      const around = [padding, padding];
      x = lax.convGeneralDilated(x, kernel, [1, 1], [around, around]).add(bias);
      x = nn.relu(lax.reduceWindow(x, np.max, [2, 2], [2, 2]));
    }
    x = x.reshape([x.shape[0], -1]);
    for (const at of network.linear.keys()) {
      const { kernel, bias } = parameters[network.convolutions.length + at];
      x = np.dot(x, kernel).add(bias);
      if (at + 1 < network.linear.length) x = nn.relu(x);
    }
    return x;
  };
  const task = rows(kind, network.batch);
  const loss = (parameters, x, y, weight, rate) => {
    const target = nn
      .oneHot(y, CLASSES)
      .mul(np.subtract(1, rate.ref))
      .add(rate.mul(1 / CLASSES));
    return nn.logSoftmax(forward(parameters, x)).mul(target).sum(1).mul(weight).sum().mul(-1);
  };
  const update = jit((parameters, velocity, x, y, weight, rate) => {
    const [value, found] = valueAndGrad(loss)(tree.ref(parameters), x, y, weight, rate);
    let gradients = found;
    if (kind === "forget") {
      const squares = tree.leaves(tree.ref(gradients)).map((gradient) => np.square(gradient).sum());
      const norm = np.sqrt(squares.reduce((a, b) => a.add(b)));
      const factor = np.minimum(1, np.divide(CLIP, norm));
      gradients = tree.map((gradient) => gradient.mul(factor.ref), gradients);
      factor.dispose();
    }
    const next = tree.map((v, gradient) => v.mul(MOMENTUM).add(gradient), velocity, gradients);
    const moved = tree.map((parameter, v) => parameter.sub(v.mul(LEARNING_RATE)), parameters, tree.ref(next));
    return [moved, next, value];
  });
  const [weight, rate] = [np.array(task.weights), np.array(task.rates).reshape([-1, 1])];
  let value;
  const step = () => {
    const at = np.array(draw(task.weights.length, count), { dtype: np.int32 });
    const [x, y] = [images.ref.slice(at.ref), labels.ref.slice(at)];
    value?.dispose();
    [parameters, velocity, value] = update(parameters, velocity, x, y, weight.ref, rate.ref);
  };
  return time(step, () => blockUntilReady(tree.ref(parameters)), steps);
}
