/** What all three libraries do: the same two networks, the same batches of digits, the same two losses. */

export const MOMENTUM = 0.9;
export const LEARNING_RATE = 0.01;
/** Longest gradient of an UGradSL+ step. */
export const CLIP = 1;
/** Weight of descent on the retained rows of an UGradSL+ step, and its smoothing rate. */
export const P = 0.8;
export const ALPHA = -0.5;
export const CLASSES = 10;

/** Convolutions as [filters, side, padding], each followed by 2 x 2 max-pooling and ReLU; then linear layers. */
export const NETWORKS = {
  lenet: {
    batch: 128,
    convolutions: [
      [6, 5, 2],
      [16, 5, 0],
    ],
    linear: [120, 84, CLASSES],
  },
  convnet: {
    batch: 250,
    convolutions: [
      [24, 5, 0],
      [32, 3, 0],
    ],
    linear: [128, CLASSES],
  },
};

const SIDE = 28;

/** Shapes of the weights: [out, in, side, side] of each convolution, then [in, out] of each linear layer. */
export function shapes({ convolutions, linear }) {
  const all = [];
  let [channels, side] = [1, SIDE];
  for (const [filters, kernel, padding] of convolutions) {
    all.push([filters, channels, kernel, kernel]);
    [channels, side] = [filters, (side + 2 * padding - kernel + 1) >> 1];
  }
  let width = channels * side * side;
  for (const out of linear) {
    all.push([width, out]);
    width = out;
  }
  return all;
}

/** Weights drawn as the networks' authors do: uniform within 1 / sqrt(inputs). */
export function weights(shape) {
  const inputs = shape.length === 4 ? shape[1] * shape[2] * shape[3] : shape[0];
  const size = shape.reduce((a, b) => a * b);
  return Float32Array.from({ length: size }, () => (2 * Math.random() - 1) / Math.sqrt(inputs));
}

/** The digits as floats `[rows, 784]` and labels. */
export async function digits(rows) {
  const file = async (name) => new Uint8Array(await (await fetch(`/data/mnist-subset/${name}.idx`)).arrayBuffer());
  const bytes = await Promise.all(["train-images", "train-labels", "test-images", "test-labels"].map(file));
  const unpacked = async (zipped) =>
    new Uint8Array(
      await new Response(new Blob([zipped]).stream().pipeThrough(new DecompressionStream("gzip"))).arrayBuffer(),
    );
  const [images, labels] = [await unpacked(bytes[0]), await unpacked(bytes[1])];
  return {
    files: bytes,
    images: Float32Array.from(images.subarray(16, 16 + rows * SIDE * SIDE), (pixel) => pixel / 255),
    labels: Int32Array.from(labels.subarray(8, 8 + rows)),
  };
}

/** Rows of a batch, anew for every step. */
export function draw(batch, rows) {
  return Int32Array.from({ length: batch }, () => Math.floor(Math.random() * rows));
}

/**
 * Weights and smoothing rates of the rows of a step, so that the loss is
 * `sum_i w_i ((1 - a_i) CE(y_i) + a_i / K sum_k -log p_k)`.
 */
export function rows(kind, batch) {
  const filled = (value) => new Array(batch).fill(value);
  if (kind === "train") return { weights: filled(1 / batch), rates: filled(0) };
  return {
    weights: [...filled(P / batch), ...filled(-(1 - P) / batch)],
    rates: [...filled(0), ...filled(ALPHA)],
  };
}

/**
 * Milliseconds of a step: `step` enqueues one, `settle` waits until all are done. `steps` of them before the clock
 * starts (kernels are compiled in them), and as many that it sees.
 */
export async function time(step, settle, steps) {
  const round = async () => {
    for (let at = 0; at < steps; at++) await step();
    await settle();
  };
  await round();
  const start = performance.now();
  await round();
  return (performance.now() - start) / steps;
}
