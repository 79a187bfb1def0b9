/** What a setting of the editor records where a file does not say: it changes neither training nor the steps of frames. */
import assert from 'node:assert/strict';
import { readExperiment } from '../../../src/experiment/read';
import { readWithSetting } from '../../../src/experiment/readWithSetting';
import { validWatchSetting, watchRemarks } from '../../../src/experiment/watchSetting';

const experiment = {
  data: { kind: 'spiral', train: 300, test: 3000 },
  network: { layers: [{ dense: 40 }, { dense: 40 }], normalization: { kind: 'batch' } },
  training: { batchSize: 20, steps: 900, seeds: [1, 2] },
  arms: { own: { watch: { histograms: ['activated'] } }, plain: { training: { batchSize: 30 } } },
};
const watch = { gradients: false, units: 2, histograms: false, predictions: false, probes: ['drift'] };

function planOf(file: object, setting?: object) {
  const { plan, diagnostics } = readWithSetting(JSON.stringify(file), { watch: setting });
  assert.ok(plan, diagnostics.map(({ message }) => message).join());
  return plan;
}

describe('the setting of what runs record', () => {
  it('applies to what a file does not say, and leaves training and the steps of frames as they are', () => {
    const [without, having] = [planOf(experiment), planOf(experiment, watch)];
    assert.equal(without.watchedBySetting, undefined);
    assert.deepEqual(having.watchedBySetting, ['gradients', 'units', 'histograms', 'predictions', 'probes']);
    assert.equal(having.runs.length, 4);
    for (const [k, run] of having.runs.entries()) {
      const { watch: set, ...trained } = run.specification;
      const { watch: plain, ...same } = without.runs[k].specification;
      assert.deepEqual(trained, same);
      const { gradients, units, histograms, predictions, probes } = set;
      for (const each of ['every', 'evaluateEvery', 'histogramEvery', 'predictionEvery', 'probeEvery'] as const)
        assert.equal(set[each], plain[each], each);
      const own = run.arm === 'own' ? ['activated'] : [];
      assert.deepEqual([gradients, units, histograms, predictions, probes], [false, 2, own, false, ['drift']]);
    }
  });

  it('does not replace what the file says', () => {
    const file = { ...experiment, watch: { gradients: true, probes: [] } };
    const [{ specification }] = planOf(file, watch).runs;
    assert.deepEqual([specification.watch.gradients, specification.watch.probes], [true, []]);
    assert.deepEqual(planOf(file, watch).watchedBySetting, ['units', 'histograms', 'predictions']);
  });

  it('is ignored where it alone causes an error', () => {
    const claim = { says: 'x', better: 'own', than: 'plain', metric: 'hidden1/activatedGradient/norm' };
    const file = JSON.stringify({ ...experiment, claim });
    assert.ok(readExperiment(file).plan, readExperiment(file).diagnostics[0]?.message);
    assert.equal(readExperiment(file, { watch }).plan, null);
    assert.equal(readWithSetting(file, { watch }).plan?.watchedBySetting, undefined);
  });

  it('has only valid properties, and a remark', () => {
    assert.equal(validWatchSetting({}), undefined);
    assert.equal(validWatchSetting('all'), undefined);
    assert.deepEqual(validWatchSetting({ units: 'many', every: 1, probes: ['drift'] }), { probes: ['drift'] });
    assert.equal(validWatchSetting({ probes: ['drfit'] }), undefined);
    assert.deepEqual(watchRemarks({}), []);
    assert.match(watchRemarks({ watchedBySetting: ['units'] })[0], /batchnormLab\.watch.*: watch\.units\./);
  });
});
