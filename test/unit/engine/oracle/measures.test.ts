/** The measures of one step compared with PyTorch (`test/oracle/measures.py`). */
import assert from 'node:assert/strict';
import { Batches } from '../../../../src/engine/batches';
import type { Dataset } from '../../../../src/engine/data/dataset';
import type { ProbeKind } from '../../../../src/engine/probes/probeChannels';
import { ProbedExamples } from '../../../../src/engine/probes/probedExamples';
import { streams } from '../../../../src/engine/random';
import type { OptimizerSpecification } from '../../../../src/engine/specification';
import { Trainer } from '../../../../src/engine/trainer';
import { describeOnAll, slack } from '../implementations';
import { assertClose } from '../support/compare';
import { runOf } from '../support/datasets';
import { fixture, type LayerParameters } from '../support/fixtures';
import { activation, batch, layer } from '../support/networks';

interface Fixture {
  inputs: number;
  units: number;
  outputs: number;
  batch: number;
  seed: number;
  /** The minibatch of the step, and those of the measures. */
  step: number[];
  probed: number[][];
  optimizer: OptimizerSpecification;
  initial: Record<string, LayerParameters>;
  train: { x: number[]; labels: number[] };
  test: { x: number[]; labels: number[] };
  expected: Record<string, number>;
}

const measured = fixture<Fixture>('measures.json');
const { inputs, units, outputs, initial, expected, seed } = measured;
const probes: ProbeKind[] = [
  'similarity',
  'branch',
  'varianceShift',
  'trainTest',
  'sharpness',
  'noiseScale',
  'equilibrium',
];

function dataset(): Dataset {
  const part = ({ x, labels }: Fixture['train']) => ({
    count: labels.length,
    features: Float32Array.from(x),
    labels: Int32Array.from(labels),
    targets: new Float32Array(0),
  });
  const names = (count: number) => Array.from({ length: count }, (_, k) => String(k));
  return {
    task: 'classification',
    featureCount: inputs,
    classCount: outputs,
    targetCount: 0,
    classNames: names(outputs),
    featureNames: names(inputs),
    train: part(measured.train),
    test: part(measured.test),
  };
}

const tanh = { activation: activation('tanh') };
const run = runOf({
  seed,
  layers: [
    layer('hidden1', units, { ...tanh, bias: false, normalization: batch() }),
    {
      kind: 'residual',
      name: 'residual1',
      activation: activation('linear'),
      layers: [
        layer('hidden2', units, { ...tanh, bias: false, normalization: batch() }),
        layer('hidden3', units, { activation: activation('linear') }),
      ],
    },
    layer('output', null),
  ],
  training: { optimizer: measured.optimizer, batchSize: measured.batch, steps: 3 },
  watch: { probes },
});

/** Values in the order of `Network.state`; null for running statistics, which start as usual. */
function start(): (Float32Array | null)[] {
  return Object.values(initial).flatMap((own) => {
    const values = ['weights', 'bias', 'scale', 'shift'].flatMap((name) =>
      own[name] ? [Float32Array.from(own[name])] : [],
    );
    return own.scale ? [...values, null, null] : values;
  });
}

/** Relative, and that of a power iteration with finite differences, which ends where the eigenvalue changes little. */
const tolerances: Partial<Record<string, number>> = { sharpness: 2e-3 };

describeOnAll('measures compared with PyTorch', (kernels) => {
  it('run on the minibatches of the fixture', () => {
    assert.deepEqual(
      [...new Batches(measured.train.labels.length, measured.batch, streams(seed)('batches')).next()],
      measured.step,
    );
    const examples = new ProbedExamples(seed, measured.train.labels.length);
    assert.deepEqual(
      examples.minibatches(measured.batch, 16).map((indices) => [...indices]),
      measured.probed,
    );
  });

  for (const probe of probes) {
    it(probe, () => {
      const trainer = new Trainer(run, dataset(), kernels, start());
      const frame = trainer.advance()!;
      const own = trainer.channels.filter(({ tap }) => tap === probe);
      assert.ok(own.length > 0);
      for (const { name, quantity } of own) {
        if (['residual', 'iterations'].includes(quantity)) continue;
        assert.ok(name in expected, name);
        const value = frame.values[trainer.channels.findIndex((channel) => channel.name === name)];
        assertClose([value], [expected[name]], {
          category: `measures, ${probe}`,
          what: name,
          tolerance: slack(kernels) * (tolerances[probe] ?? 1e-5),
        });
      }
    });
  }

  it('leave out what the last step has no update for', () => {
    const trainer = new Trainer(run, dataset(), kernels, start());
    let last = trainer.advance()!;
    while (!trainer.finished) last = trainer.advance()!;
    const valueAt = (name: string) => last.values[trainer.channels.findIndex((channel) => channel.name === name)];
    for (const name of ['hidden1/similarity/rank', 'residual1/branch/share', 'network/trainTest/preciseTestLoss']) {
      assert.ok(Number.isFinite(valueAt(name)), name);
    }
    for (const name of ['network/sharpness/eigenvalue', 'network/noiseScale/variance', 'hidden1/equilibrium/ratio']) {
      assert.ok(Number.isNaN(valueAt(name)), name);
    }
  });
});
