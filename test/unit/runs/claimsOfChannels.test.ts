/** From a file to the verdict, with channels of probes and of many layers, during the run and from the run folder. */
import assert from 'node:assert/strict';
import { SimdKernels } from '../../../src/engine/kernels/simd/simdKernels';
import { newRunFolder } from '../../../src/runs/folder/layout';
import { readRunFolder } from '../../../src/runs/folder/readRunFolder';
import { planOf, small, temporaryFolder } from './support/experiments';
import { inProcess, sessionOf } from './support/inProcess';

const roles = { better: 'BatchNorm', than: 'without' };

describe('claims about channels', () => {
  const folder = temporaryFolder();

  it('find the growth of gradients with depth at initialization (Yang et al. 2019)', async function () {
    this.timeout(120_000);
    const plan = planOf({
      name: 'Deep',
      data: small.data,
      network: {
        layers: Array.from({ length: 60 }, () => ({ dense: 100 })),
        activation: 'relu',
        normalization: 'batch',
      },
      // A learning rate so small that the initialization barely changes.
      training: { optimizer: { kind: 'sgd', learningRate: 1e-9 }, batchSize: 32, steps: 1, seeds: '1-4' },
      // Excludes the first and last layers.
      watch: {
        every: 1,
        layers: Array.from({ length: 31 }, (_, k) => `hidden${k + 15}`),
        taps: ['linear'],
        histograms: false,
      },
      arms: small.arms,
      claim: {
        says: 'BatchNorm makes gradients explode with depth',
        metric: 'hidden*/linearGradient/norm',
        direction: 'less',
        ...roles,
      },
    });
    const { session } = sessionOf(plan, { startWorker: inProcess(() => ({ kernels: new SimdKernels() })), jobs: 1 });
    session.start();
    await session.ended;
    const { verdicts } = session.hydration();
    const [{ differences, compared }] = verdicts;
    assert.equal(compared, 'slope of ln hidden*/linearGradient/norm over depth');
    assert.equal(differences.length, 4);
    const factor = Math.exp(-differences.reduce((sum, { better }) => sum + better, 0) / 4);
    // 1.232 ± .015 over many draws, for batches of data that are not normal.
    assert.ok(Math.abs(factor - 1.232) < 0.02, `gradients grow by ${factor} a layer`);
    const plain = Math.exp(-differences.reduce((sum, { than }) => sum + than, 0) / 4);
    assert.ok(Math.abs(plain - 1) < 0.05, `and by ${plain} at He’s initialization without`);
  });

  it('give the same readings of probes from memory and from the run folder', async () => {
    const probes = ['drift', 'frameDrift', 'gradientDrift', 'landscape', 'effectiveRate', 'takenBack'];
    const claims = [
      { metric: 'trainAccuracy', minus: 'testAccuracy', direction: 'less' },
      { metric: '*/drift/wasserstein', across: 'mean', direction: 'less', take: 'average' },
      { metric: 'hidden2/gradientDrift/cosine', direction: 'more' },
      { metric: 'network/landscape/smoothness', direction: 'less', take: 'average' },
      { metric: 'hidden2/effectiveRate/update', over: 'hidden1/effectiveRate/update', direction: 'more', take: 'best' },
    ];
    const plan = planOf({
      ...small,
      watch: { every: 5, probes },
      claim: claims.map((one) => ({ says: 'x', ...roles, ...one })),
    });
    const own = newRunFolder(folder.path('probed.bnexp.json'));
    const { session } = sessionOf(plan, { folder: own });
    session.start();
    await session.ended;
    const { verdicts } = session.hydration();
    assert.equal(verdicts.length, claims.length);
    for (const { differences, compared, reason } of verdicts) {
      assert.equal(differences.length, 3, compared);
      for (const { better, than, difference } of differences) {
        assert.ok([better, than, difference].every(Number.isFinite) && difference !== 0, compared);
      }
      assert.match(reason, /^There are 3 pairs, and a verdict needs at least 20/);
    }
    assert.deepEqual(readRunFolder(own).verdicts, verdicts);
  });
});
