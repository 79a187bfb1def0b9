/** One update of each of four networks: its probes compared with PyTorch and SciPy (`test/oracle/probes.py`). */
import assert from 'node:assert/strict';
import type { Dataset } from '../../../../src/engine/data/dataset';
import type { ProbeKind } from '../../../../src/engine/probes/probeChannels';
import type { LayerSpecification, OptimizerSpecification } from '../../../../src/engine/specification';
import { Trainer } from '../../../../src/engine/trainer';
import { describeOnAll, slack } from '../implementations';
import { assertClose } from '../support/compare';
import { runOf } from '../support/datasets';
import { fixture, type LayerParameters } from '../support/fixtures';

interface Case {
  name: string;
  layers: LayerSpecification[];
  initial: Record<string, LayerParameters>;
  optimizer: OptimizerSpecification;
  x: number[];
  labels: number[];
  expected: Record<string, number>;
}

const { inputs, outputs, rows, cases } = fixture<{ inputs: number; outputs: number; rows: number; cases: Case[] }>(
  'probes.json',
);

/** A single minibatch, so that the seed only decides the order of its examples. */
function dataset({ x, labels }: Case): Dataset {
  const examples = {
    count: rows,
    features: Float32Array.from(x),
    labels: Int32Array.from(labels),
    targets: new Float32Array(0),
  };
  const names = (count: number) => Array.from({ length: count }, (_, k) => String(k));
  return {
    task: 'classification',
    featureCount: inputs,
    classCount: outputs,
    targetCount: 0,
    classNames: names(outputs),
    featureNames: names(inputs),
    train: examples,
    test: examples,
  };
}

/**
 * Float32 rounds a value with a relative error of 6e-8. Most quantities are differences of two values whose relative
 * difference is 1e-2 or more, which leaves a relative error of about 1e-6. A share is 1 minus a quotient of two such.
 */
const tolerance = 5e-6;

/** `measures.test.ts` compares the others. */
const probes: ProbeKind[] = ['drift', 'frameDrift', 'gradientDrift', 'effectiveRate', 'takenBack', 'landscape'];

describeOnAll('probes compared with PyTorch', (kernels) => {
  for (const one of cases) {
    it(one.name, () => {
      const run = runOf({
        layers: one.layers,
        training: { optimizer: one.optimizer, batchSize: rows, steps: 2 },
        watch: { probes },
      });
      const trainer = new Trainer(run, dataset(one), kernels);
      for (const block of trainer.network.blocks) {
        for (const { name, value } of block.parameters()) kernels.write(value, one.initial[block.name][name]);
      }
      const { values } = trainer.advance()!;
      const places = new Map(trainer.channels.map(({ name }, place) => [name, place]));
      for (const [channel, expected] of Object.entries(one.expected)) {
        const place = places.get(channel);
        assert.ok(place !== undefined, `missing channel ${channel}`);
        const actual = values[place];
        assertClose([actual], [expected], {
          category: `probes, ${channel.split('/').slice(1).join('/')}`,
          what: `${channel} of ${one.name}`,
          tolerance: tolerance * slack(kernels),
          scale: channel.endsWith('share') ? 1 : 0,
        });
      }
      const probed = trainer.channels.filter(({ tap }) => (probes as string[]).includes(tap) && tap !== 'frameDrift');
      assert.equal(probed.length, Object.keys(one.expected).length, 'every channel of a probe is compared');
    });
  }
});
