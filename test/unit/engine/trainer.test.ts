/** The trainer: the steps that have frames, evaluation, and that watching never changes the training. */
import assert from 'node:assert/strict';
import type { WatchSpecification } from '../../../src/engine/specification';
import { outputsOf, Trainer } from '../../../src/engine/trainer';
import { describeOnAll } from './implementations';
import { assertClose } from './support/compare';
import { finalState, type RunChanges, runOf, smallDataset, trained } from './support/datasets';
import { batch, layer, sgd } from './support/networks';

const normalized = [
  layer('hidden1', 5, { bias: false, normalization: batch() }),
  layer('hidden2', 4, { normalization: batch({ placement: 'after-activation' }) }),
  layer('output', null),
];

describeOnAll('the trainer', (kernels) => {
  const data = smallDataset('classification');
  const run = (changes: RunChanges = {}) => trained(runOf({ layers: normalized, ...changes }), data, kernels);

  it('returns frames at step 0, every N steps, and at the last step', () => {
    const steps = (every: number, of: number) =>
      run({ watch: { every, evaluateEvery: every }, training: { steps: of } }).frames.map(({ step }) => step);
    assert.deepEqual(steps(3, 10), [0, 3, 6, 9, 10]);
    assert.deepEqual(steps(5, 10), [0, 5, 10]);
    assert.deepEqual(steps(25, 10), [0, 10]);
    assert.deepEqual(steps(1, 2), [0, 1, 2]);
  });

  it('evaluates the test set every N steps, and at the last step', () => {
    const { trainer, frames } = run({ watch: { every: 2, evaluateEvery: 4 }, training: { steps: 10 } });
    const test = trainer.channels.findIndex(({ name }) => name === 'network/test/loss');
    const train = trainer.channels.findIndex(({ name }) => name === 'network/train/loss');
    assert.deepEqual(
      frames.filter(({ values }) => !Number.isNaN(values[test])).map(({ step }) => step),
      [0, 4, 8, 10],
    );
    assert.ok(frames.every(({ values }) => Number.isFinite(values[train])));
  });

  it('evaluates a fixed sample of the test set before the last step, and then all of it', () => {
    const big = smallDataset('classification', 40, 400);
    const at = (examples: number | undefined, seed = 1) => {
      const watch = { evaluateEvery: 2, ...(examples !== undefined && { evaluationExamples: examples }) };
      const { trainer, frames } = trained(runOf({ layers: normalized, watch, seed }), big, kernels);
      const place = (name: string) => trainer.channels.findIndex((channel) => channel.name === `network/test/${name}`);
      const evaluated = frames.filter(({ values }) => !Number.isNaN(values[place('loss')]));
      const read = (name: string) => evaluated.map(({ values }) => values[place(name)]);
      return { trainer, loss: read('loss'), accuracy: read('accuracy'), examples: read('examples') };
    };
    const [all, some] = [at(undefined), at(300)];
    assert.deepEqual(some.examples, [300, 300, 300, 300, 300, 400]);
    assert.equal(all.trainer.channels.length, some.trainer.channels.length - 1);
    assert.equal(some.loss.at(-1), all.loss.at(-1));
    assert.deepEqual(some.trainer.finalResults(), all.trainer.finalResults());
    assert.deepEqual(finalState(some.trainer), finalState(all.trainer));
    all.loss.slice(0, -1).forEach((loss, k) => {
      assert.notEqual(some.loss[k], loss);
      assert.ok(Math.abs(some.loss[k] - loss) < 0.2 * loss, `${some.loss[k]} and ${loss}`);
    });
    // Shares of 300 examples, of the same ones each time: those of a different seed are different.
    for (const accuracy of some.accuracy.slice(0, -1))
      assert.ok(Math.abs(300 * accuracy - Math.round(300 * accuracy)) < 1e-3);
    assert.deepEqual(at(300).loss, some.loss);
    assert.deepEqual(at(400).examples.slice(0, 2), [400, 400]);
  });

  it('has the same final results with and without the evaluation of a last frame', () => {
    const unwatched = new Trainer(runOf({ layers: normalized, training: { steps: 10 } }), data, kernels);
    while (!unwatched.finished) unwatched.advance('never');
    const { trainer, frames } = run({ training: { steps: 10 } });
    const test = trainer.channels.findIndex(({ name }) => name === 'network/test/loss');
    assert.deepEqual(trainer.finalResults(), unwatched.finalResults());
    assert.equal(Math.fround(trainer.finalResults().testLoss), frames.at(-1)?.values[test]);
  });

  it('reports how far each update moves the weights, for every optimizer', () => {
    const adam = {
      kind: 'adam',
      learningRate: 0.03,
      beta1: 0.9,
      beta2: 0.999,
      epsilon: 1e-8,
      weightDecay: 0.1,
    } as const;
    for (const optimizer of [sgd(0.5), sgd(0.2, { momentum: 0.9, weightDecay: 0.05 }), adam]) {
      const trainer = new Trainer(
        runOf({ layers: normalized, training: { optimizer, steps: 4 }, watch: { every: 2 } }),
        data,
        kernels,
      );
      const weights = () => trainer.network.blocks.map(({ linear }) => Array.from(kernels.read(linear.weights.value)));
      for (let step = 0; step < 4; step++) {
        const before = weights();
        const frame = trainer.advance();
        const after = weights();
        if (step % 2 > 0) {
          assert.equal(frame, null);
          continue;
        }
        trainer.network.blocks.forEach(({ name }, k) => {
          const at = (quantity: string) =>
            frame?.values[trainer.channels.findIndex((channel) => channel.name === `${name}/weights/${quantity}`)];
          const moved = Math.hypot(...after[k].map((w, i) => w - before[k][i]));
          assert.ok(moved > 0);
          const what = `${optimizer.kind}, ${name}, step ${step}`;
          assertClose([at('updateNorm') as number], [moved], {
            category: 'channels',
            what,
            tolerance: 1e-6,
            scale: 0.1,
          });
          if (optimizer.kind === 'sgd' && optimizer.momentum === 0) {
            const steepest = optimizer.learningRate * (at('gradientNorm') as number);
            assertClose([moved], [steepest], { category: 'channels', what, tolerance: 1e-5, scale: 0.1 });
          }
        });
      }
      // The last pass has no update.
      const last = trainer.advance();
      const place = trainer.channels.findIndex(({ quantity }) => quantity === 'updateNorm');
      assert.ok(last && Number.isNaN(last.values[place]));
    }
  });

  it('counts the completed updates', () => {
    const trainer = new Trainer(runOf({ training: { steps: 3 } }), data, kernels);
    const counted: number[] = [];
    while (!trainer.finished) {
      trainer.advance();
      counted.push(trainer.step);
    }
    assert.deepEqual(counted, [1, 2, 3, 3]);
    assert.equal(trainer.advance(), null);
  });

  it('updates at the rate of the schedule, and reports it', () => {
    const schedule = { kind: 'step', warmUp: 2, every: 2, factor: 0.5, floor: 0 } as const;
    const { trainer, frames } = run({ training: { steps: 6, schedule, optimizer: sgd(0.5) } });
    const rate = trainer.channels.findIndex(({ name }) => name === 'network/training/learningRate');
    assertClose(
      frames.slice(0, 6).map(({ values }) => values[rate]),
      [0.25, 0.5, 0.5, 0.5, 0.25, 0.25],
      {
        category: 'exact',
        what: 'rates',
        tolerance: 1e-7,
      },
    );
    const slower = run({ training: { steps: 6, optimizer: sgd(0.5) } });
    assert.notDeepEqual(finalState(trainer), finalState(slower.trainer));
  });

  it('reports the parameters before the update of the step', () => {
    const { trainer, frames } = run();
    const scale = trainer.channels.findIndex(({ name }) => name === 'hidden1/scale/mean');
    const spread = trainer.channels.findIndex(({ name }) => name === 'hidden1/scale/std');
    assert.equal(frames[0].values[scale], 1);
    assert.equal(frames[0].values[spread], 0);
    assert.ok(frames[1].values[spread] > 0);
    const last = trainer.layerSummaries()[0].taps.scale;
    assertClose([frames.at(-1)!.values[scale]], [last.mean], {
      category: 'exact',
      what: 'last frame',
      tolerance: 1e-7,
    });
  });

  it('includes each batch in the running statistics once, but not the last pass', () => {
    // Without learning, the batches' means are in the frames, and the running mean follows from them.
    const { trainer, frames } = run({ training: { optimizer: sgd(0), steps: 4, batchSize: 10 } });
    const at = (name: string) => trainer.channels.findIndex((channel) => channel.name === name);
    let running = 0;
    for (const { values, step } of frames) {
      if (step < 4) running = 0.9 * running + 0.1 * values[at('hidden1/batchMean/mean')];
      assertClose([values[at('hidden1/runningMean/mean')]], [running], {
        category: 'running mean in training',
        what: `running mean at step ${step}`,
        tolerance: 1e-5,
        scale: 0.01,
      });
    }
  });

  it('evaluates all examples with the same result for any batch size', () => {
    // 600 examples are three passes, the last an incomplete one.
    const big = smallDataset('classification', 600, 520);
    const { trainer } = trained(runOf({ layers: normalized }), big, kernels);
    const results = trainer.finalResults();
    const one = { ...big, train: big.test };
    const again = trained(
      runOf({ layers: normalized }),
      { ...big, test: { ...big.train } },
      kernels,
    ).trainer.finalResults();
    assert.equal(again.testLoss, results.trainLoss);
    assert.equal(again.testAccuracy, results.trainAccuracy);
    assert.ok(one.train.count === 520 && Number.isInteger(Math.round(results.testAccuracy! * 520 * 1e6) / 1e6));
    // Computed manually, in one pass over all of them.
    const { network } = trainer;
    const pass = network.pass(520);
    kernels.write(pass.input, big.test.features);
    const { loss, correct } = kernels.softmaxCrossEntropy(
      network.forward(pass, { mode: 'evaluation', step: 0 }),
      big.test.labels,
      network.output(pass).gradient,
    );
    assertClose([results.testLoss], [loss], { category: 'evaluation', what: 'loss', tolerance: 1e-6 });
    assert.equal(results.testAccuracy, correct / 520);
  });

  it('fits a regression, without an accuracy', () => {
    const regression = smallDataset('regression', 60, 20);
    assert.equal(outputsOf(regression), 2);
    const changes: RunChanges = {
      layers: normalized,
      loss: 'mean-squared-error',
      training: { steps: 800, optimizer: sgd(0.05, { momentum: 0.9 }), batchSize: 20 },
      watch: { every: 100, evaluateEvery: 100 },
    };
    const { trainer, frames } = trained(runOf(changes), regression, kernels);
    const results = trainer.finalResults();
    assert.deepEqual(Object.keys(results), ['trainLoss', 'testLoss']);
    assert.ok(!trainer.channels.some(({ quantity }) => quantity === 'accuracy'));
    assert.ok(results.trainLoss < 0.3 * frames[0].values[0], `${results.trainLoss} of ${frames[0].values[0]}`);
  });

  it('refuses a minibatch larger than the training set, with a remedy', () => {
    assert.throws(
      () => new Trainer(runOf({ training: { batchSize: 41 } }), data, kernels),
      /41 cannot be drawn from 40 training examples: lower training\.batchSize/,
    );
    assert.equal(run({ training: { batchSize: 40 } }).trainer.step, 10);
  });

  describe('watching', () => {
    const watches: Record<string, Partial<WatchSpecification>> = {
      'every 7 steps': { every: 7, evaluateEvery: 7 },
      'the last step alone': { every: 1000, evaluateEvery: 1000 },
      'no gradients': { gradients: false },
      'one tap': { taps: ['normalized'] },
      'no tap': { taps: [] },
      'one layer': { layers: ['hidden2'] },
      'no layer': { layers: [] },
      'the test set seldom': { evaluateEvery: 9 },
    };
    const everything = run({ training: { steps: 30 } });
    for (const [name, watch] of Object.entries(watches)) {
      it(`${name}: the parameters have the same bits`, () => {
        const other = run({ training: { steps: 30 }, watch });
        assert.deepEqual(finalState(other.trainer), finalState(everything.trainer));
        assert.deepEqual(other.trainer.finalResults(), everything.trainer.finalResults());
      });
    }

    it('final results and summaries during training: the parameters have the same bits', () => {
      const trainer = new Trainer(runOf({ layers: normalized, training: { steps: 30 } }), data, kernels);
      while (!trainer.finished) {
        trainer.advance();
        trainer.finalResults();
        trainer.layerSummaries();
      }
      assert.deepEqual(finalState(trainer), finalState(everything.trainer));
    });
  });

  it('draws the same batches for arms of the same seed', () => {
    // The first batch decides the first loss of networks with the same weights, whatever is watched or normalized later.
    const loss = (changes: RunChanges) => run(changes).frames.map(({ values }) => values[0]);
    const still = { optimizer: sgd(0) };
    const tanh = normalized.map((l) => ({ ...l, normalization: { kind: 'none' } as const }));
    assert.deepEqual(
      loss({ layers: tanh, training: still }),
      loss({ layers: tanh, training: { ...still, steps: 10 } }),
    );
    assert.notDeepEqual(loss({ layers: tanh, training: still, seed: 2 }), loss({ layers: tanh, training: still }));
  });
});
