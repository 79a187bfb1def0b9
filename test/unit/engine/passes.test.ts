/** A pass owns its state: other passes between its forward and its backward part have no effect on it. */
import assert from 'node:assert/strict';
import fc from 'fast-check';
import type { Kernels, Tensor } from '../../../src/engine/kernels/kernels';
import type { PassContext } from '../../../src/engine/layers/layer';
import { Network, type Pass } from '../../../src/engine/network';
import { streams } from '../../../src/engine/random';
import type {
  LayerSpecification,
  NormalizationSpecification,
  ValueNormalizationSpecification,
} from '../../../src/engine/specification';
import { describeOnAll } from './implementations';
import { runOf, smallDataset, trained } from './support/datasets';
import { draws } from './support/draws';
import { activation, batch, layer, valuesOf } from './support/networks';

const parts = { placement: 'before-activation', scale: true, shift: true, epsilon: 1e-5 } as const;
const renorm = { rMax: 1.5, dMax: 0.5, relaxFrom: 0, rMaxAt: 1, dMaxAt: 1, momentum: 0.3 };
const noise = { meanRange: 0.5, stdRange: 1.25, jitter: 0.1 };

/** Every kind, and every choice that changes the computation of a pass. */
const normalizations: Record<string, NormalizationSpecification> = {
  none: { kind: 'none' },
  naive: batch({ kind: 'naive', scale: false, shift: false }),
  batch: batch(),
  'whole batch, unbiased': batch({ statistics: 'whole-batch', variance: 'unbiased' }),
  detached: batch({ gradient: 'detached' }),
  'ghost batches': batch({ ghostBatchSize: 4 }),
  'frozen from step 3': batch({ freezeAt: 3 }),
  noise: batch({ noise }),
  ℓ1: batch({ kind: 'batch-l1' }),
  renorm: { kind: 'batch-renorm', ...parts, ...renorm },
  'renorm, frozen from step 3': { kind: 'batch-renorm', ...parts, ...renorm, freezeAt: 3 },
  'renorm, noise': { kind: 'batch-renorm', ...parts, ...renorm, noise },
  layer: { kind: 'layer', ...parts },
  group: { kind: 'group', groups: 2, ...parts },
  instance: { kind: 'instance', ...parts },
  rms: { kind: 'rms', ...parts },
  weight: { kind: 'weight' },
};

type Placed = 'before-activation' | 'after-activation';

function placed(normalization: NormalizationSpecification, placement: Placed): NormalizationSpecification {
  if (normalization.kind === 'none' || normalization.kind === 'weight') return normalization;
  return { ...normalization, placement } as ValueNormalizationSpecification;
}

const image = { height: 4, width: 4, channels: 1 };

/** A layer of every kind, all with the same normalization. */
function layersOf(normalization: NormalizationSpecification): LayerSpecification[] {
  const conv = (name: string): LayerSpecification => ({
    ...layer(name, 0),
    kind: 'convolution',
    name,
    channels: 4,
    kernel: 3,
    stride: 1,
    padding: 1,
    normalization,
  });
  // Instance statistics have no variance if each channel has a single position.
  const rows = normalization.kind === 'instance' ? ({ kind: 'none' } as const) : normalization;
  return [
    conv('conv1'),
    { kind: 'residual', name: 'residual1', activation: activation('tanh'), layers: [conv('conv2')] },
    { kind: 'max-pool', name: 'pool1', size: 2, stride: 1 },
    { kind: 'average-pool', name: 'pool2', size: 2, stride: 1 },
    { kind: 'dropout', name: 'dropout1', rate: 0.3 },
    { kind: 'flatten', name: 'flatten1' },
    layer('hidden1', 6, { activation: activation('tanh'), normalization: rows }),
    layer('output', null),
  ];
}

function networkOf(kernels: Kernels, normalization: NormalizationSpecification): Network {
  return new Network(kernels, layersOf(normalization), image, 3, streams(1));
}

function forward(kernels: Kernels, net: Network, pass: Pass, seed: number, context: PassContext): void {
  kernels.write(pass.input, draws(seed).normals(pass.examples * 16));
  net.forward(pass, context);
}

/** Trains passes without an update until the running statistics differ from their initial values. */
function warmUp(kernels: Kernels, net: Network): void {
  const pass = net.pass(8);
  for (const seed of [11, 12]) forward(kernels, net, pass, seed, { mode: 'training', step: 0 });
}

const between = fc.array(
  fc.record({
    examples: fc.constantFrom(1, 3, 8),
    seed: fc.integer({ min: 20, max: 40 }),
    mode: fc.constantFrom('evaluation' as const, 'watching' as const),
    step: fc.integer({ min: 0, max: 5 }),
    frozen: fc.boolean(),
    backward: fc.boolean(),
  }),
  { minLength: 1, maxLength: 4 },
);

describeOnAll('the state of a pass', (kernels) => {
  for (const [name, normalization] of Object.entries(normalizations)) {
    it(`is unaffected by other passes between forward and backward, in gradients and slopes: ${name}`, () => {
      fc.assert(
        fc.property(
          fc.constantFrom<Placed>('before-activation', 'after-activation'),
          fc.constantFrom('training' as const, 'watching' as const, 'evaluation' as const),
          fc.boolean(),
          fc.integer({ min: 0, max: 5 }),
          between,
          (placement, mode, frozen, step, others) => {
            const outcome = (disturbed: boolean) => {
              const net = networkOf(kernels, placed(normalization, placement));
              warmUp(kernels, net);
              const pass = net.pass(8);
              forward(kernels, net, pass, 1, { mode, step, frozen });
              for (const other of disturbed ? others : []) {
                const otherPass = net.pass(other.examples);
                forward(kernels, net, otherPass, other.seed, other);
                if (!other.backward) continue;
                kernels.write(net.output(otherPass).gradient, draws(other.seed).normals(other.examples * 3));
                net.backward(otherPass);
              }
              kernels.write(net.output(pass).gradient, draws(2).normals(8 * 3));
              net.backward(pass);
              return {
                parameters: net.parameters().map(({ gradient }) => valuesOf(kernels, gradient)),
                linear: pass.blocks.map(({ linear }) => valuesOf(kernels, linear.gradient)),
                slopes: pass.blocks.map((block) => block.normalization?.slopes()),
                output: valuesOf(kernels, net.output(pass).value),
              };
            };
            assert.deepEqual(outcome(true), outcome(false));
          },
        ),
        { numRuns: 6, seed: 5 },
      );
    });

    it(`is in no layer: ${name}`, () => {
      const net = networkOf(kernels, normalization);
      const lasting = new Set<unknown>(net.state());
      for (const { gradient } of net.parameters()) lasting.add(gradient);
      const tensors = frozenDeep(net);
      for (const { tensor, path } of tensors) assert.ok(lasting.has(tensor), `${path} belongs to a pass`);
      // In strict mode a write to a frozen object throws.
      const [pass, evaluation] = [net.pass(8), net.pass(5)];
      for (const step of [0, 3]) {
        for (const frozen of [false, true]) {
          for (const mode of ['training', 'watching', 'repeating'] as const) {
            forward(kernels, net, pass, step, { mode, step, frozen });
            forward(kernels, net, evaluation, 7, { mode: 'evaluation', step });
            for (const block of pass.blocks) block.normalization?.slopes();
            kernels.write(net.output(pass).gradient, draws(2).normals(8 * 3));
            net.backward(pass);
          }
        }
      }
    });

    if (normalization.kind === 'instance') continue;
    it(`is unaffected by how often the test set is evaluated, in all probes, with frozen statistics or not: ${name}`, () => {
      for (const placement of ['before-activation', 'after-activation'] as const) {
        const layers = [
          layer('hidden1', 6, { normalization: placed(normalization, placement) }),
          layer('output', null),
        ];
        const training = {
          steps: 10,
          changes: [
            { at: 4, freezeStatistics: true },
            { at: 8, freezeStatistics: false },
          ],
        };
        const probes = ['takenBack', 'drift', 'gradientDrift', 'landscape', 'effectiveRate', 'frameDrift'] as const;
        const found = (evaluateEvery: number) => {
          const run = runOf({ layers, training, watch: { evaluateEvery, probes: [...probes] } });
          const { trainer, frames } = trained(run, smallDataset('classification'), kernels);
          const places = trainer.channels.flatMap(({ layer, tap }, place) =>
            layer === 'network' && tap === 'test' ? [] : [place],
          );
          return frames.map(({ values }) => places.map((place) => values[place]));
        };
        assert.deepEqual(found(1), found(10));
      }
    });
  }

  it('removes nothing from an update if a change froze the statistics', () => {
    const normalization = normalizations.batch;
    for (const kind of [normalization, normalizations.renorm]) {
      const layers = [layer('hidden1', 8, { normalization: kind }), layer('output', null)];
      const training = { steps: 12, changes: [{ at: 5, freezeStatistics: true }] };
      const run = runOf({ layers, training, watch: { probes: ['takenBack'] } });
      const { trainer, frames } = trained(run, smallDataset('classification'), kernels);
      const share = trainer.channels.findIndex((channel) => channel.name === 'hidden1/takenBack/share');
      const shares = frames.slice(0, 12).map(({ values }) => values[share]);
      for (const value of shares.slice(0, 5)) assert.ok(value > 0.02 && value <= 1.001, String(shares));
      for (const value of shares.slice(5)) assert.ok(Math.abs(value) < 1e-5, String(shares));
    }
  });
});

/**
 * Freezes everything that a network's layers contain, except tensors, kernels and random streams.
 * @returns The tensors in it, with their paths.
 */
function frozenDeep(net: Network): { tensor: Tensor; path: string }[] {
  const found: { tensor: Tensor; path: string }[] = [];
  const seen = new Set<unknown>();
  const walk = (value: unknown, path: string) => {
    if (typeof value !== 'object' || value === null || seen.has(value)) return;
    seen.add(value);
    if ('rows' in value && 'columns' in value) {
      found.push({ tensor: value as Tensor, path });
      return;
    }
    if ('normalizeGradient' in value || 'uniformBetween' in value) return;
    assert.ok(!(ArrayBuffer.isView(value) || value instanceof Map || value instanceof Set), `${path} can change`);
    for (const [key, inner] of Object.entries(value)) walk(inner, `${path}/${key}`);
    Object.freeze(value);
  };
  walk(net, 'network');
  return found;
}
