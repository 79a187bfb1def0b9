/**
 * Images of several channels. A dataset stores them pixel by pixel, with the channels of a pixel adjacent (channels last), so
 * that an example is [height · width × channels] in row-major order: in PyTorch, `x.permute(0, 2, 3, 1)` of [B, C, H, W].
 * A convolution's weights have the same order, [out × height · width · in]: `w.permute(0, 2, 3, 1)` of [out, in, H, W].
 */
import assert from 'node:assert/strict';
import { classified, type Dataset } from '../../../src/engine/data/dataset';
import { ReferenceKernels } from '../../../src/engine/kernels/reference';
import { Network } from '../../../src/engine/network';
import { streams } from '../../../src/engine/random';
import { sceneOf } from '../../../src/engine/scene';
import { inputShape } from '../../../src/engine/shape';
import type { ConvolutionSpecification, LayerSpecification } from '../../../src/engine/specification';
import { Trainer } from '../../../src/engine/trainer';
import { readScene, writtenScene } from '../../../src/runs/log/sceneText';
import { numbersOfImage } from '../../../src/shared/image';
import { describeOnAll, slack } from './implementations';
import { assertClose } from './support/compare';
import { runOf } from './support/datasets';
import { draws } from './support/draws';
import { batch, layer, sgd, valuesOf } from './support/networks';

const image = { width: 5, height: 4, channels: 3 };
const { width, height, channels } = image;

/** The class is the brightest channel; the mean over channels does not reveal it. */
function coloured(count: number, seed: number) {
  const { uniform } = draws(seed);
  const labels = Int32Array.from({ length: count }, (_, k) => k % channels);
  const features = Float32Array.from({ length: count * numbersOfImage(image) }, (_, k) => {
    const isBright = k % channels === labels[Math.floor(k / numbersOfImage(image))];
    return 0.6 * uniform() + (isBright ? 0.2 : 0);
  });
  return classified(features, labels);
}

const dataset: Dataset = {
  task: 'classification',
  featureCount: numbersOfImage(image),
  classCount: channels,
  targetCount: 0,
  classNames: ['red', 'green', 'blue'],
  featureNames: [],
  image,
  train: coloured(60, 1),
  test: coloured(30, 2),
};

const convolution: ConvolutionSpecification = {
  ...layer('hidden1', 1),
  kind: 'convolution',
  channels: 4,
  kernel: 3,
  stride: 1,
  padding: 1,
  activation: { kind: 'linear', slope: 0 },
};
const layers: LayerSpecification[] = [convolution, layer('output', null)];
const run = () =>
  runOf({
    layers: [
      { ...convolution, activation: { kind: 'relu', slope: 0 }, normalization: batch() },
      { kind: 'max-pool', name: 'pool1', size: 2, stride: 2 },
      layer('output', null),
    ],
    training: { optimizer: sgd(0.1), batchSize: 12, steps: 60 },
  });

/** Reference output of the convolution at a position and channel, in the layout described at the top of this file. */
function convolved(example: number, y: number, x: number, out: number, weights: Float32Array): number {
  let sum = 0;
  for (let ky = 0; ky < 3; ky++) {
    for (let kx = 0; kx < 3; kx++) {
      const [row, column] = [y + ky - 1, x + kx - 1];
      if (row < 0 || row >= height || column < 0 || column >= width) continue;
      for (let c = 0; c < channels; c++) {
        const value = dataset.train.features[((example * height + row) * width + column) * channels + c];
        sum += value * weights[((out * 3 + ky) * 3 + kx) * channels + c];
      }
    }
  }
  return sum;
}

describeOnAll('images of three channels', (kernels) => {
  it('are gathered with their channels last, as a convolution reads them', () => {
    const input = inputShape(layers, dataset.featureCount, dataset.image);
    assert.deepEqual(input, image);
    const net = new Network(kernels, layers, input, channels, streams(1));
    const [weights] = net.blocks[0].parameters().map(({ value }) => valuesOf(kernels, value));
    const chosen = Uint32Array.of(7, 0, 31);
    const pass = net.pass(chosen.length);
    const source = kernels.examples(dataset.train.features, dataset.train.count, dataset.featureCount);
    kernels.gatherRows(source, chosen, pass.input);
    net.forward(pass, { mode: 'evaluation', step: 0 });
    const expected = Array.from(chosen).flatMap((example) =>
      Array.from({ length: height * width * convolution.channels }, (_, k) => {
        const position = Math.floor(k / convolution.channels);
        return convolved(example, Math.floor(position / width), position % width, k % convolution.channels, weights);
      }),
    );
    assertClose(valuesOf(kernels, pass.blocks[0].linear.value), expected, {
      category: 'images',
      what: 'convolution of three channels',
      tolerance: 1e-6 * slack(kernels),
    });
  });

  it('train a convolution to distinguish colours, with the same result as the reference kernels', () => {
    const trained = (on: typeof kernels) => {
      const trainer = new Trainer(run(), dataset, on);
      const losses: number[] = [];
      const place = trainer.channels.findIndex(({ name }) => name === 'network/train/loss');
      while (!trainer.finished) {
        const frame = trainer.advance();
        if (frame) losses.push(frame.values[place]);
      }
      return losses;
    };
    const losses = trained(kernels);
    assert.equal(losses.length, 61);
    assert.ok(losses[0] > 0.8 && losses[60] < 0.1, `${losses[0]} to ${losses[60]}`);
    // Over sixty steps rounding errors accumulate.
    assertClose(losses, trained(new ReferenceKernels()), { category: 'images', what: 'losses', tolerance: 1e-3 });
  });
});

describe('examples of images with three channels', () => {
  it('are displayed with all their channels, and unchanged in the run log', () => {
    const { scene, exampleRows } = sceneOf(dataset, 1);
    assert.deepEqual(scene.image, image);
    assert.equal(scene.examples.width, numbersOfImage(image));
    assert.deepEqual(
      scene.examples.features.subarray(0, scene.examples.width),
      dataset.test.features.subarray(
        exampleRows[0] * dataset.featureCount,
        (exampleRows[0] + 1) * dataset.featureCount,
      ),
    );
    assert.deepEqual(readScene(JSON.parse(JSON.stringify(writtenScene(scene)))), scene);
  });

  it('are grey in logs without channel names', () => {
    const grey: Dataset = { ...dataset, image: { width: 15, height: 4, channels: 1 } };
    const { image: _, ...written } = JSON.parse(JSON.stringify(writtenScene(sceneOf(grey, 1).scene)));
    const read = readScene({ ...written, image: { width: 15, height: 4 } });
    assert.deepEqual(read?.image, grey.image);
  });
});
