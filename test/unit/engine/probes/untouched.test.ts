/** A run with probes equals the run without, bit by bit: its training, everything else watched, and its random numbers. */
import assert from 'node:assert/strict';
import type { ProbeKind } from '../../../../src/engine/probes/probeChannels';
import { isUpdateProbe } from '../../../../src/engine/probes/updateProbes';
import type {
  LayerSpecification,
  OptimizerSpecification,
  RunSpecification,
} from '../../../../src/engine/specification';
import { Trainer } from '../../../../src/engine/trainer';
import { describeOnAll } from '../implementations';
import { finalState, type RunChanges, runOf, smallDataset } from '../support/datasets';
import { activation, batch, layer, sgd } from '../support/networks';
import { allProbes } from './allProbes';

const noise = { meanRange: 0.5, stdRange: 1.25, jitter: 0.1 };
const renorm = {
  kind: 'batch-renorm',
  placement: 'before-activation',
  scale: true,
  shift: true,
  epsilon: 1e-5,
  momentum: 0.1,
  rMax: 3,
  dMax: 5,
  relaxFrom: 2,
  rMaxAt: 6,
  dMaxAt: 8,
} as const;
const perExample = { placement: 'before-activation', scale: true, shift: true, epsilon: 1e-5 } as const;

const networks: Record<string, LayerSpecification[]> = {
  'no normalization': [layer('hidden1', 5), layer('hidden2', 4), layer('output', null)],
  'batch normalization, before and after': [
    layer('hidden1', 5, { bias: false, normalization: batch() }),
    layer('hidden2', 4, { normalization: batch({ placement: 'after-activation' }) }),
    layer('output', null),
  ],
  'noise, dropout and naive statistics': [
    layer('hidden1', 6, { normalization: batch({ noise }) }),
    { kind: 'dropout', name: 'dropout1', rate: 0.3 },
    layer('hidden2', 5, {
      activation: activation('tanh'),
      normalization: batch({ kind: 'naive', statistics: 'whole-batch', variance: 'unbiased', epsilon: 0, noise }),
    }),
    layer('output', null),
  ],
  'batch renormalization': [
    layer('hidden1', 5, { normalization: renorm }),
    layer('hidden2', 5, { normalization: { ...renorm, freezeAt: 5 } }),
    layer('output', null),
  ],
  'ghost batches, frozen statistics, ℓ1': [
    layer('hidden1', 5, { normalization: batch({ ghostBatchSize: 4 }) }),
    layer('hidden2', 5, { normalization: batch({ freezeAt: 4 }) }),
    layer('hidden3', 5, { normalization: batch({ kind: 'batch-l1' }) }),
    layer('output', null),
  ],
  'residual blocks, weight and example normalization': [
    layer('hidden1', 6, { normalization: { kind: 'weight' } }),
    {
      kind: 'residual',
      name: 'residual1',
      activation: activation('relu'),
      layers: [
        layer('hidden2', 6, { normalization: { kind: 'layer', ...perExample } }),
        layer('hidden3', 6, { activation: activation('linear'), normalization: { kind: 'rms', ...perExample } }),
      ],
    },
    layer('hidden4', 6, { normalization: { kind: 'group', groups: 2, ...perExample } }),
    layer('output', null),
  ],
};

const adam: OptimizerSpecification = {
  kind: 'adam',
  learningRate: 0.02,
  beta1: 0.9,
  beta2: 0.999,
  epsilon: 1e-8,
  weightDecay: 0.01,
};
const optimizers: Record<string, OptimizerSpecification> = {
  momentum: sgd(0.1, { momentum: 0.9, nesterov: true, weightDecay: 0.01 }),
  adam,
};

/** Everything recorded of a run, at every step, except the results of probes. */
function seen(
  run: RunSpecification,
  data: ReturnType<typeof smallDataset>,
  kernels: Trainer['network']['blocks'][0]['kernels'],
) {
  const trainer = new Trainer(run, data, kernels);
  const own = trainer.channels.flatMap(({ tap }, place) => ((allProbes as string[]).includes(tap) ? [] : [place]));
  const frames: unknown[] = [];
  while (!trainer.finished) {
    const frame = trainer.advance();
    frames.push([
      frame && [frame.step, own.map((place) => frame.values[place]), frame.histograms],
      trainer.layerSummaries(),
    ]);
  }
  return { frames, state: finalState(trainer), results: trainer.finalResults(), divergence: trainer.divergence };
}

describeOnAll('a probed run', (kernels) => {
  for (const [name, layers] of Object.entries(networks)) {
    for (const [optimizerName, optimizer] of Object.entries(optimizers)) {
      it(`is the same as without probes: ${name}, ${optimizerName}`, () => {
        const task = optimizerName === 'adam' ? 'regression' : 'classification';
        const changes: RunChanges = {
          layers,
          loss: task === 'regression' ? 'mean-squared-error' : 'cross-entropy',
          training: { optimizer, steps: 12 },
        };
        const watch = { every: 2, evaluateEvery: 4, histograms: ['linear' as const], histogramEvery: 4 };
        const plain = seen(runOf({ ...changes, watch }), smallDataset(task), kernels);
        for (const probes of [...allProbes.map((probe) => [probe]), allProbes]) {
          const probed = seen(
            runOf({ ...changes, watch: { ...watch, probes, probeEvery: 2 } }),
            smallDataset(task),
            kernels,
          );
          assert.deepEqual(probed, plain, probes.join(', '));
        }
      });
    }
  }

  it('is the same as without probes if it diverges', () => {
    const changes: RunChanges = {
      layers: [layer('hidden1', 5, { activation: activation('linear') }), layer('hidden2', 5), layer('output', null)],
      loss: 'mean-squared-error',
      training: { optimizer: sgd(1e4), steps: 30 },
    };
    const data = smallDataset('regression');
    const plain = seen(runOf(changes), data, kernels);
    assert.ok(plain.divergence);
    assert.deepEqual(seen(runOf({ ...changes, watch: { probes: allProbes } }), data, kernels), plain);
  });

  it('has results of probes at the steps where they are due, but not at the last, which no update follows', () => {
    const run = runOf({
      layers: networks['batch normalization, before and after'],
      training: { steps: 9 },
      watch: { every: 1, probes: allProbes, probeEvery: 3 },
    });
    const trainer = new Trainer(run, smallDataset('classification'), kernels);
    const probed = trainer.channels.filter(({ tap }) => (allProbes as string[]).includes(tap));
    const of = (layer: string, probe: string, ...quantities: string[]) =>
      quantities.map((quantity) => `${layer}/${probe}/${quantity}`);
    const drift = (layer: string, probe: string) => of(layer, probe, 'mean', 'variance', 'wasserstein');
    const gradientDrift = (layer: string) => of(layer, 'gradientDrift', 'norm', 'relative', 'cosine');
    const normalized = (layer: string) => [
      ...of(layer, 'effectiveRate', 'rate', 'update', 'turn'),
      ...of(layer, 'takenBack', 'share', 'expected', 'change'),
      ...of(layer, 'equilibrium', 'expected', 'ratio'),
      ...of(layer, 'similarity', 'rank', 'cosine'),
      ...of(layer, 'varianceShift', 'mean', 'variance', 'output'),
    ];
    const losses = ['batchLoss', 'runningLoss', 'preciseLoss', 'preciseTestLoss'];
    assert.deepEqual(
      probed.map(({ name }) => name),
      [
        ...of('network', 'landscape', 'lossMin', 'lossMax', 'lossRange'),
        ...of('network', 'landscape', 'gradientChangeMin', 'gradientChangeMax', 'smoothness'),
        ...of('network', 'trainTest', ...losses, ...losses.map((name) => name.replace('Loss', 'Accuracy'))),
        ...of('network', 'sharpness', 'eigenvalue', 'threshold', 'ratio', 'residual', 'iterations'),
        ...of('network', 'noiseScale', 'scale', 'variance', 'squaredNorm'),
        ...drift('hidden1', 'frameDrift'),
        ...normalized('hidden1'),
        ...drift('hidden2', 'drift'),
        ...drift('hidden2', 'frameDrift'),
        ...gradientDrift('hidden2'),
        ...normalized('hidden2'),
        ...drift('output', 'drift'),
        ...drift('output', 'frameDrift'),
        ...gradientDrift('output'),
        ...of('output', 'effectiveRate', 'update', 'turn'),
        ...of('output', 'similarity', 'rank', 'cosine'),
      ],
    );
    while (!trainer.finished) {
      const frame = trainer.advance()!;
      const asked = frame.step % 3 === 0 && frame.step < 9;
      trainer.channels.forEach(({ name, tap }, place) => {
        if (!(allProbes as string[]).includes(tap)) return;
        // No update follows the last step, but measures of a pass have it.
        const isPass = !isUpdateProbe(tap as ProbeKind);
        const expected = (asked || (isPass && frame.step === 9)) && !(tap === 'frameDrift' && frame.step === 0);
        // Undefined without weight decay, and where noise hides the gradient.
        if (tap === 'equilibrium' || name === 'network/noiseScale/scale') return;
        assert.equal(Number.isFinite(frame.values[place]), expected, `${name} at step ${frame.step}`);
      });
    }
  });
});
