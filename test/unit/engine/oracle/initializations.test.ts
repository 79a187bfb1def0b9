/** Every initialization in every kind of layer uses PyTorch's fans and the same distribution parameters as torch.nn.init. */
import assert from 'node:assert/strict';
import { ReferenceKernels } from '../../../../src/engine/kernels/reference';
import { Block } from '../../../../src/engine/layers/block';
import { type RandomStream, type Streams, streams } from '../../../../src/engine/random';
import type { InitializationSpecification, LearningLayerSpecification } from '../../../../src/engine/specification';
import { fixture } from '../support/fixtures';
import { activation, valuesOf } from '../support/networks';

interface Case {
  layer: 'dense' | 'convolution';
  inputs: number;
  outputs: number;
  kernel: number;
  stride: number;
  padding: number;
  fanIn: number;
  fanOut: number;
  /** `size` is the standard deviation, or the bound of a uniform distribution. */
  draws: { kind: 'he' | 'lecun' | 'xavier'; distribution: 'normal' | 'uniform'; size: number }[];
  orthonormal: 'rows' | 'columns';
}

const { cases } = fixture<{ cases: Case[] }>('initializations.json');
const kernels = new ReferenceKernels();

/** Draws one standard deviation, or the upper bound, so that each weight equals the distribution's parameter. */
const unit = { normal: () => 1, uniformBetween: (_: number, high: number) => high } as unknown as RandomStream;

function block(size: Case, initialization: InitializationSpecification, stream: Streams): Block {
  const { layer, inputs, outputs, kernel, stride, padding } = size;
  const rest = {
    name: 'layer',
    bias: true,
    activation: activation('relu'),
    initialization,
    normalization: { kind: 'none' },
  } as const;
  const specification: LearningLayerSpecification =
    layer === 'dense'
      ? { kind: 'dense', units: outputs, ...rest }
      : { kind: 'convolution', channels: outputs, kernel, stride, padding, ...rest };
  const image = layer === 'dense' ? 1 : 12;
  return new Block(kernels, specification, { height: image, width: image, channels: inputs }, outputs, stream);
}

describe('initializations compared with torch.nn.init', () => {
  for (const size of cases) {
    const { layer, inputs, outputs, kernel } = size;
    const what = `${layer} ${inputs} → ${outputs}${layer === 'dense' ? '' : `, ${kernel} × ${kernel}`}`;
    it(`${what}: fans`, () => {
      const { linear } = block(size, { kind: 'zeros' }, streams(1));
      assert.deepEqual([linear.inputs, linear.fanOut], [size.fanIn, size.fanOut]);
    });

    for (const { kind, distribution, size: expected } of size.draws) {
      for (const gain of [1, 0.5]) {
        it(`${what}: ${kind}, ${distribution}, gain ${gain}`, () => {
          const made = block(size, { kind, gain, distribution }, () => unit);
          const weights = new Set(valuesOf(kernels, made.linear.weights.value));
          assert.equal(weights.size, 1);
          const [drawn] = weights;
          assert.ok(Math.abs(drawn / (gain * expected) - 1) < 1e-6, `${drawn}, PyTorch ${gain * expected}`);
        });
      }
    }

    it(`${what}: initializations that do not depend on fans`, () => {
      const values = (initialization: InitializationSpecification) => [
        ...new Set(valuesOf(kernels, block(size, initialization, () => unit).linear.weights.value)),
      ];
      assert.deepEqual(values({ kind: 'zeros' }), [0]);
      assert.deepEqual(values({ kind: 'normal', mean: 0.25, std: 0.5 }), [0.75]);
      assert.deepEqual(values({ kind: 'uniform', low: -1, high: 0.5 }), [0.5]);
    });

    it(`${what}: orthogonal ${size.orthonormal}`, () => {
      const { linear } = block(size, { kind: 'orthogonal', gain: 1.5 }, streams(3));
      const weights = valuesOf(kernels, linear.weights.value);
      const byRows = size.orthonormal === 'rows';
      const [count, length] = byRows ? [linear.outputs, linear.inputs] : [linear.inputs, linear.outputs];
      const at = (v: number, k: number) => weights[byRows ? v * linear.inputs + k : k * linear.inputs + v];
      for (let a = 0; a < count; a++) {
        for (let b = 0; b <= a; b++) {
          let dot = 0;
          for (let k = 0; k < length; k++) dot += at(a, k) * at(b, k);
          assert.ok(Math.abs(dot - (a === b ? 2.25 : 0)) < 1e-6, `${a}, ${b}: ${dot}`);
        }
      }
    });
  }
});
