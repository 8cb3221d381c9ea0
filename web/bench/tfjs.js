/** The task in TensorFlow.js. */

import * as tf from "@tensorflow/tfjs";
import "@tensorflow/tfjs-backend-webgpu";

import { CLASSES, CLIP, LEARNING_RATE, MOMENTUM, NETWORKS, draw, rows, shapes, time, weights } from "./task.js";

export async function run({ backend, network: name, kind, steps, data }) {
  if (!(await tf.setBackend(backend))) throw new Error(`tfjs has no ${backend} here`);
  await tf.ready();
  const network = NETWORKS[name];
  const count = data.labels.length;
  const images = tf.tensor2d(data.images, [count, 784]);
  const labels = tf.tensor1d(data.labels, "int32");
  const parameters = shapes(network).map((shape) => {
    const values = weights(shape);
    const bias = tf.variable(tf.zeros([shape.length === 4 ? shape[0] : shape[1]]));
    // Kernels lie [side, side, in, out] here.
    const kernel = shape.length === 4 ? tf.tensor(values, shape).transpose([2, 3, 1, 0]) : tf.tensor(values, shape);
    return [tf.variable(kernel), bias];
  });
  const forward = (rows) => {
    let x = rows.reshape([-1, 28, 28, 1]);
    for (const [at, [, , padding]] of network.convolutions.entries()) {
      const [kernel, bias] = parameters[at];
      x = tf.relu(tf.maxPool(tf.conv2d(x, kernel, 1, padding === 0 ? "valid" : "same").add(bias), 2, 2, "valid"));
    }
    x = x.reshape([x.shape[0], -1]);
    for (const at of network.linear.keys()) {
      const [kernel, bias] = parameters[network.convolutions.length + at];
      x = x.matMul(kernel).add(bias);
      if (at + 1 < network.linear.length) x = tf.relu(x);
    }
    return x;
  };
  const task = rows(kind, network.batch);
  const [weight, rate] = [tf.tensor1d(task.weights), tf.tensor2d(task.rates, [task.rates.length, 1])];
  const optimizer = tf.train.momentum(LEARNING_RATE, MOMENTUM);
  const step = () => {
    tf.tidy(() => {
      const at = tf.tensor1d(draw(weight.shape[0], count), "int32");
      const [x, y] = [images.gather(at), tf.oneHot(labels.gather(at), CLASSES).toFloat()];
      const target = y.mul(tf.sub(1, rate)).add(rate.div(CLASSES));
      const { grads } = tf.variableGrads(() => tf.logSoftmax(forward(x)).mul(target).sum(1).mul(weight).sum().neg());
      if (kind === "forget") {
        const norm = tf.addN(Object.values(grads).map((grad) => grad.square().sum())).sqrt();
        const factor = tf.minimum(1, tf.div(CLIP, norm));
        for (const name of Object.keys(grads)) grads[name] = grads[name].mul(factor);
      }
      optimizer.applyGradients(grads);
    });
  };
  return time(step, () => parameters[0][0].data(), steps);
}
