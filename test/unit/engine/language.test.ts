/** The language of the messages does not affect numbers: no name of a random stream is a message. */
import assert from 'node:assert/strict';
import * as l10n from '@vscode/l10n';
import type { DataSource } from '../../../src/engine/data/dataSpecification';
import { makeDataset } from '../../../src/engine/data/make';
import { ReferenceKernels } from '../../../src/engine/kernels/reference';
import { sceneOf } from '../../../src/engine/scene';
import { finalState, runOf, trained } from './support/datasets';
import { batch, layer, sgd } from './support/networks';

describe('the language', () => {
  afterEach(() => l10n.config({ contents: {} }));

  function run(data: DataSource) {
    const specification = runOf({
      layers: [layer('hidden1', 4, { normalization: batch() }), layer('output', null)],
      training: { optimizer: sgd(0.1), labelNoise: 0.2, steps: 5 },
      watch: { evaluationExamples: 10, probes: ['similarity'] },
    });
    const dataset = makeDataset(data, 1, {});
    const { trainer, frames } = trained(specification, dataset, new ReferenceKernels());
    return { state: finalState(trainer), frames, dataset, scene: sceneOf(dataset, 1) };
  }

  const sources: DataSource[] = [
    { kind: 'moons', train: 40, test: 20, noise: 0.1 },
    { kind: 'gaussians', train: 40, test: 20, classes: 3, dimensions: 3, separation: 2 },
  ];
  for (const source of sources) {
    it(`does not affect a run on ${source.kind}`, () => {
      const english = run(source);
      l10n.config({ contents: new Proxy({}, { get: () => 'traducido' }) });
      assert.deepEqual(run(source), english);
    });
  }
});
