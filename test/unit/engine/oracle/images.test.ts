/**
 * Convolutions, pooling, residual blocks and all normalizations compared with PyTorch: one pass with every
 * gradient, then a few steps of training and an evaluation.
 */
import assert from 'node:assert/strict';
import { Network } from '../../../../src/engine/network';
import { optimizer } from '../../../../src/engine/optimizer';
import { streams } from '../../../../src/engine/random';
import { inputShape, numbersOf } from '../../../../src/engine/shape';
import type { LayerSpecification, Tap } from '../../../../src/engine/specification';
import { describeOnAll, slack } from '../implementations';
import { assertClose, columnMagnitude } from '../support/compare';
import { fixture, type LayerParameters } from '../support/fixtures';
import { sgd, valuesOf } from '../support/networks';

type Numbers = Record<string, Record<string, number[]>>;

interface Case {
  name: string;
  /** Height, width, channels of an example. */
  shape: [number, number, number];
  layers: LayerSpecification[];
  initial: Record<string, LayerParameters>;
  values: Numbers;
  gradients: Numbers;
  parameterGradients: Numbers;
  losses: number[];
  /** `spread` is the running variance; for batch renormalization the running standard deviation. */
  running: Record<string, { mean: number[]; spread: number[] }>;
  evaluation: number[];
}

interface Fixture {
  labels: number[];
  outputs: number;
  batches: { shape: number[]; values: number[][] }[];
  cases: Case[];
}

const { labels, outputs, batches, cases } = fixture<Fixture>('images.json');

/** The same as for the other comparisons of one pass. */
const tolerance = 2e-6;
/** Four steps carry the rounding of the first into the parameters of the last. */
const trainingTolerance = 1e-5;
const learningRate = 0.1;

/** Samples long lists as the fixtures do: at most 40 of the numbers, at an odd stride. */
function thinned(values: Float32Array): number[] {
  const step = Math.max(1, Math.ceil(values.length / 40)) | 1;
  return Array.from(values).filter((_, k) => k % step === 0);
}

describeOnAll('images and all normalizations compared with PyTorch', (kernels) => {
  for (const { name, shape, layers, initial, ...expected } of cases) {
    it(name, () => {
      const [height, width, channels] = shape;
      const wanted = { height, width, channels };
      const input = inputShape(layers, numbersOf(wanted), height > 1 ? wanted : undefined);
      const net = new Network(kernels, layers, input, outputs, streams(1));
      for (const block of net.blocks) {
        for (const { name, value } of block.parameters()) kernels.write(value, initial[block.name][name]!.flat());
      }
      const pass = net.pass(labels.length);
      const { values } = batches.find((batch) => String(batch.shape) === String(shape))!;
      const update = optimizer(kernels, sgd(learningRate), net.parameters());
      const { value, gradient } = net.output(pass);
      const close = (
        actual: ArrayLike<number>,
        wanted: ArrayLike<number>,
        what: string,
        limit = tolerance,
        scale = 0,
      ) =>
        assertClose(actual, wanted, {
          category: 'images',
          what: `${name}: ${what}`,
          tolerance: limit * slack(kernels),
          scale,
        });

      const losses = expected.losses.map((_, step) => {
        kernels.write(pass.input, values[step % 2]);
        net.forward(pass, { mode: 'training', step });
        const { loss } = kernels.softmaxCrossEntropy(value, Int32Array.from(labels), gradient);
        net.backward(pass);
        if (step === 0) compareFirstPass();
        update.update({ learningRate, momentum: 0, weightDecay: 0 });
        return loss;
      });

      function compareFirstPass(): void {
        for (const watched of pass.watched) {
          for (const [tap, numbers] of Object.entries(expected.values[watched.name])) {
            const tapped = watched.tap(tap as Tap)!;
            close(thinned(valuesOf(kernels, tapped.value)), numbers, `${watched.name}/${tap}`);
            const gradients = expected.gradients[watched.name][tap];
            close(thinned(valuesOf(kernels, tapped.gradient)), gradients, `${watched.name}/${tap}Gradient`, tolerance);
          }
        }
        assert.deepEqual(new Set(pass.watched.map((watched) => watched.name)), new Set(Object.keys(expected.values)));
        net.blocks.forEach((block, index) => {
          const sums = columnMagnitude(valuesOf(kernels, pass.blocks[index].linear.gradient), block.shape.channels);
          for (const parameter of block.parameters()) {
            const numbers = expected.parameterGradients[block.name][parameter.name];
            // Before a normalization, the terms of a bias's gradient cancel.
            const scale = parameter.name === 'bias' ? sums : 0;
            const what = `${block.name}/${parameter.name} gradient`;
            close(thinned(valuesOf(kernels, parameter.gradient)), numbers, what, tolerance, scale);
          }
        });
      }

      close(losses, expected.losses, 'losses', trainingTolerance);
      for (const block of net.blocks) {
        const running = block.normalization?.running;
        if (!running) continue;
        const { mean, spread } = expected.running[block.name];
        close(valuesOf(kernels, running.mean), mean, `${block.name}/runningMean`, trainingTolerance);
        close(valuesOf(kernels, running.spread), spread, `${block.name}/runningSpread`, trainingTolerance);
      }
      const evaluation = net.pass(labels.length);
      kernels.write(evaluation.input, values[0]);
      const given = net.forward(evaluation, { mode: 'evaluation', step: expected.losses.length });
      close(valuesOf(kernels, given), expected.evaluation, 'evaluation', trainingTolerance);
    });
  }
});
