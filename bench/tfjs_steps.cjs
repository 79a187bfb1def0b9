/**
 * A workload's training steps in TensorFlow.js: `tfjs_steps.cjs FOLDER BACKEND FILE SECONDS`, with the packages in FOLDER,
 * BACKEND `wasm` or `cpu`, and FILE as `oneStep.ts` writes it.
 * Prints one line of JSON: the loss before and after the step in FILE, from the same weights on the same minibatch,
 * then the time of steps in microseconds. If a step takes less than a second, a fifth of the time is warm-up.
 */
const { readFileSync } = require('node:fs');
const { createRequire } = require('node:module');
const { dirname, join, sep } = require('node:path');

const [folder, backend, file, seconds] = process.argv.slice(2);
const load = createRequire(join(folder, 'package.json'));
const tf = load('@tensorflow/tfjs-core');
const { layers, sequential } = load('@tensorflow/tfjs-layers');
const { setWasmPaths } = load(`@tensorflow/tfjs-backend-${backend}`);

/** @type {import('./oneStep').OneStep} */
const given = JSON.parse(readFileSync(file, 'utf8'));
const { workload } = given;

/** @param {string | undefined} text */
function floats(text = '') {
  const bytes = Buffer.from(text, 'base64');
  return new Float32Array(bytes.buffer, bytes.byteOffset, bytes.byteLength / 4);
}

const inputShape = workload.image ? [workload.image.height, workload.image.width, 1] : [workload.inputs];

/** The network, and its parameters by the engine's names, in the engine's order. */
function build() {
  const model = sequential();
  const learning = [];
  model.add(layers.inputLayer({ inputShape }));
  const useBias = !workload.batchNormalization;
  for (const hidden of workload.hidden) {
    if ('maxPool' in hidden) {
      model.add(layers.maxPooling2d({ poolSize: hidden.maxPool }));
      continue;
    }
    const linear =
      'dense' in hidden
        ? layers.dense({ units: hidden.dense, useBias })
        : layers.conv2d({ filters: hidden.conv, kernelSize: 3, padding: 'same', useBias });
    model.add(linear);
    const normalization = workload.batchNormalization ? layers.batchNormalization({ epsilon: 1e-5 }) : null;
    if (normalization) {
      model.add(normalization);
    }
    model.add(layers.activation({ activation: workload.activation }));
    learning.push({ linear, normalization });
  }
  if (workload.image) {
    model.add(layers.flatten());
  }
  const output = layers.dense({ units: workload.outputs });
  model.add(output);
  learning.push({ linear: output, normalization: null });
  learning.forEach(({ linear, normalization }, index) => {
    const { weights, bias, scale, shift } = given.initial[index];
    const [kernel] = linear.getWeights();
    // TensorFlow.js puts outputs last, after the window and its channels; the engine puts outputs first.
    const outputs = kernel.shape[kernel.shape.length - 1];
    const turned = tf.transpose(tf.tensor2d(floats(weights), [outputs, kernel.size / outputs]));
    linear.setWeights([tf.reshape(turned, kernel.shape), ...(bias ? [tf.tensor1d(floats(bias))] : [])]);
    if (normalization) {
      const [, , mean, variance] = normalization.getWeights();
      normalization.setWeights([tf.tensor1d(floats(scale)), tf.tensor1d(floats(shift)), mean, variance]);
    }
  });
  return model;
}

async function main() {
  // The backend's own files, from the folder where they are installed.
  setWasmPaths?.(dirname(load.resolve(`@tensorflow/tfjs-backend-${backend}`)) + sep);
  if (!(await tf.setBackend(backend))) {
    throw new Error(`TensorFlow.js cannot use its backend ${backend} here.`);
  }
  const model = build();
  const x = tf.tensor(floats(given.features), [workload.batchSize, ...inputShape]);
  const y = tf.oneHot(tf.tensor1d(given.labels, 'int32'), workload.outputs);
  const variables = model.trainableWeights.map((/** @type {{ val: object }} */ weight) => weight.val);
  const optimizer = tf.train.sgd(given.learningRate);
  const loss = () => tf.losses.softmaxCrossEntropy(y, model.apply(x, { training: true }));
  /** @param {{ dataSync(): Float32Array, dispose(): void }} value */
  const read = (value) => {
    const [number] = value.dataSync();
    value.dispose();
    return number;
  };
  const step = () => read(optimizer.minimize(loss, true, variables));

  const before = performance.now();
  const first = step();
  const slow = performance.now() - before > 1000;
  const losses = [first, read(tf.tidy(loss))];
  /** @param {number} milliseconds */
  const timed = (milliseconds) => {
    const times = [];
    for (const end = performance.now() + milliseconds; times.length === 0 || performance.now() < end; ) {
      const start = performance.now();
      step();
      times.push((performance.now() - start) * 1000);
    }
    return times.sort((a, b) => a - b);
  };
  if (!slow) {
    timed(Number(seconds) * 200);
  }
  const times = timed(Number(seconds) * 800);
  console.log(JSON.stringify({ losses, steps: times.length, minimum: times[0], median: times[times.length >> 1] }));
}

main().catch((error) => {
  console.error(error.message);
  process.exitCode = 1;
});
