import assert from 'node:assert/strict';
import type { DenseSpecification, RunSpecification } from '../../../src/engine/specification';
import { presets } from '../../../src/experiment/presets';
import { readExperiment } from '../../../src/experiment/read';
import { withTask } from '../../../src/experiment/runSpecification';
import { planOf } from './support';

/** The first run's specification, for networks of dense layers only. */
function specification(properties: object = {}): Omit<RunSpecification, 'layers'> & { layers: DenseSpecification[] } {
  const { layers, ...rest } = planOf(properties).runs[0].specification;
  return { ...rest, layers: layers.map((layer) => layer as DenseSpecification) };
}

const dense = (...layers: object[]) => layers.map((layer) => ({ dense: 8, ...layer }));

function assertHas(actual: object, expected: object): void {
  assert.deepEqual({ ...actual, ...expected }, actual);
}

describe('defaults', () => {
  it('complete the minimal experiment to a run', () => {
    const none = { kind: 'none' };
    const he = { kind: 'he', gain: 1, distribution: 'normal' };
    const hidden = {
      kind: 'dense',
      units: 8,
      bias: true,
      activation: { kind: 'relu', slope: 0 },
      initialization: he,
      normalization: none,
    };
    assert.deepEqual(specification(), {
      seed: 1,
      layers: [
        { name: 'hidden1', ...hidden },
        { name: 'hidden2', ...hidden },
        { ...hidden, name: 'output', units: null, activation: { kind: 'linear', slope: 0 } },
      ],
      loss: 'cross-entropy',
      training: {
        optimizer: { kind: 'sgd', learningRate: 0.1, momentum: 0, nesterov: false, weightDecay: 0 },
        schedule: { kind: 'constant', warmUp: 0, every: 1, factor: 1, floor: 0 },
        batchSize: 64,
        steps: 1000,
      },
      watch: {
        every: 10,
        evaluateEvery: 80,
        layers: 'all',
        taps: ['linear', 'normalized', 'activated'],
        gradients: true,
        units: 12,
        histograms: ['linear', 'normalized', 'activated'],
        histogramEvery: 10,
        saturation: 0.1,
        predictions: true,
        predictionEvery: 80,
        probes: [],
        probeEvery: 10,
      },
    });
  });

  it('include scale and shift for batch, but not for naive', () => {
    const learned = (kind: string, more: object = {}) => {
      const { normalization } = specification({ network: { layers: dense({}), normalization: { kind, ...more } } })
        .layers[0];
      assert.ok(normalization.kind === 'batch' || normalization.kind === 'naive');
      return [normalization.scale, normalization.shift];
    };
    assert.deepEqual(learned('batch'), [true, true]);
    assert.deepEqual(learned('naive'), [false, false]);
    assert.deepEqual(learned('batch', { scale: false }), [false, true]);
    assert.deepEqual(learned('naive', { shift: true }), [false, true]);
  });

  it('leave out settings that change nothing, and put the parameters that decay into a fixed order', () => {
    const optimizer = (changes: object) =>
      specification({ training: { optimizer: { kind: 'sgd', ...changes } } }).training;
    const plain = optimizer({});
    const all = ['shift', 'scale', 'bias', 'weights'];
    assert.deepEqual(optimizer({ momentum: 0, dampening: 0, decayed: all }), plain);
    assert.deepEqual(specification({ training: { labelNoise: 0 } }).training, plain);
    const { optimizer: some } = optimizer({ momentum: 0.5, dampening: 0.25, decayed: ['bias', 'weights'] });
    assertHas(some, { dampening: 0.25, decayed: ['weights', 'bias'] });
    assertHas(specification({ training: { labelNoise: 0.1, maxGradientNorm: 2 } }).training, {
      labelNoise: 0.1,
      maxGradientNorm: 2,
    });
  });

  it('inherit weight standardization in hidden layers, not in the output layer', () => {
    const standardized = (network: object) =>
      specification({ network }).layers.map((each) => each.weightStandardization);
    const layers = dense({}, { weightStandardization: false });
    assert.deepEqual(standardized({ layers, weightStandardization: true }), [true, undefined, undefined]);
    assert.deepEqual(
      standardized({ layers: dense({ weightStandardization: true }), output: { weightStandardization: true } }),
      [true, true],
    );
  });

  it("of a normalization are the paper's choices", () => {
    const { layers } = specification({ network: { layers: dense({}), normalization: 'batch' } });
    assert.deepEqual(layers[0].normalization, {
      kind: 'batch',
      placement: 'before-activation',
      statistics: 'per-feature',
      variance: 'biased',
      gradient: 'through-statistics',
      scale: true,
      shift: true,
      epsilon: 1e-5,
      momentum: 0.1,
    });
    assert.deepEqual(layers[1].normalization, { kind: 'none' }, 'the output layer is not normalized');
  });

  it('omit a bias only if the normalization directly after it cancels it', () => {
    const bias = (normalization: object, layer: object = {}) =>
      specification({ network: { layers: dense(layer), normalization } }).layers[0].bias;
    assert.equal(bias({ kind: 'batch' }), false);
    assert.equal(bias({ kind: 'batch' }, { bias: true }), true);
    assert.equal(bias({ kind: 'batch', shift: false }), true);
    assert.equal(bias({ kind: 'batch', statistics: 'whole-batch' }), true);
    assert.equal(bias({ kind: 'batch', placement: 'after-activation' }), true);
    assert.equal(bias({ kind: 'naive' }), true);
    assert.equal(bias({ kind: 'naive', shift: true }), false);
    assert.equal(bias({ kind: 'none' }), true);
    assert.equal(bias({ kind: 'none' }, { bias: false }), false);
    assert.equal(bias({ kind: 'batch' }, { normalization: 'none' }), true);
  });

  it("of an initialization depend on the layer's own activation", () => {
    const kinds = ['relu', 'leaky-relu', 'gelu', 'sigmoid', 'tanh', 'linear'];
    const { layers } = specification({ network: { layers: dense(...kinds.map((activation) => ({ activation }))) } });
    assert.deepEqual(
      layers.map(({ initialization }) => initialization.kind),
      ['he', 'he', 'he', 'xavier', 'xavier', 'xavier', 'he'],
      "the output layer uses the network's activation, relu",
    );
  });

  it('complete initializations given as a word', () => {
    const of = (initialization: unknown) =>
      specification({ network: { layers: dense({}), initialization } }).layers[0].initialization;
    assert.deepEqual(of('normal'), { kind: 'normal', mean: 0, std: 0.01 });
    assert.deepEqual(of('uniform'), { kind: 'uniform', low: -0.05, high: 0.05 });
    assert.deepEqual(of('orthogonal'), { kind: 'orthogonal', gain: 1 });
    assert.deepEqual(of('zeros'), { kind: 'zeros' });
    for (const kind of ['he', 'xavier', 'lecun', 'normal', 'uniform', 'orthogonal', 'zeros']) {
      assert.deepEqual(of(kind), of({ kind }), 'a word is equivalent to an object with that kind only');
    }
  });

  it("of a layer are the network's settings", () => {
    const { layers } = specification({
      network: {
        layers: dense(
          {},
          { activation: 'tanh', initialization: 'zeros', normalization: { epsilon: 0 } },
          { normalization: 'batch' },
        ),
        activation: { kind: 'leaky-relu', slope: 0.3 },
        initialization: { kind: 'he', gain: 2 },
        normalization: { kind: 'naive', statistics: 'whole-batch' },
      },
    });
    assert.deepEqual(layers[0].activation, { kind: 'leaky-relu', slope: 0.3 });
    assert.deepEqual(layers[1].activation, { kind: 'tanh', slope: 0 });
    assert.deepEqual(layers[1].initialization, { kind: 'zeros' });
    assertHas(layers[1].normalization, {
      kind: 'naive',
      statistics: 'whole-batch',
      epsilon: 0,
      scale: false,
    });
    assertHas(layers[2].normalization, {
      kind: 'batch',
      statistics: 'whole-batch',
      epsilon: 1e-5,
      scale: true,
    });
    assert.deepEqual(layers[3].initialization, { kind: 'he', gain: 2, distribution: 'normal' });
  });

  it("do not override the output layer's own settings", () => {
    const output = { activation: 'tanh', initialization: 'lecun', normalization: 'batch', bias: true };
    const [layer] = specification({ network: { layers: [], output } }).layers;
    assert.deepEqual(
      [layer.name, layer.activation.kind, layer.initialization.kind, layer.normalization.kind, layer.bias],
      ['output', 'tanh', 'lecun', 'batch', true],
    );
    assert.equal(specification({ network: { layers: [], output: { normalization: 'batch' } } }).layers[0].bias, false);
  });

  it('complete schedules', () => {
    const of = (schedule: object) => specification({ training: { steps: 1000, schedule } }).training.schedule;
    assert.deepEqual(of({ kind: 'step' }), { kind: 'step', warmUp: 0, every: 334, factor: 0.1, floor: 0 });
    assert.deepEqual(of({ kind: 'step', every: 10 }), { kind: 'step', warmUp: 0, every: 10, factor: 0.1, floor: 0 });
    assert.deepEqual(of({ kind: 'cosine', warmUp: 9 }), { kind: 'cosine', warmUp: 9, every: 1, factor: 1, floor: 0 });
  });

  it('for Adam and AdamW are the learning rates of their papers', () => {
    const of = (kind: string) => specification({ training: { optimizer: { kind } } }).training.optimizer;
    const adam = { learningRate: 0.001, beta1: 0.9, beta2: 0.999, epsilon: 1e-8 };
    assert.deepEqual(of('adam'), { kind: 'adam', ...adam, weightDecay: 0 });
    assert.deepEqual(of('adamw'), { kind: 'adamw', ...adam, weightDecay: 0.01 });
  });

  it('of an unused slope do not create a difference', () => {
    const of = (slope: number) => specification({ network: { layers: [], activation: { kind: 'relu', slope } } });
    assert.deepEqual(of(0.1), of(0.5));
  });

  describe('for watching', () => {
    const watch = (training: object, test = 500, watch: object = {}) =>
      specification({ data: { kind: 'spiral', train: 10_000, test }, training, watch }).watch;

    const wide = { layers: [{ dense: 500 }, { dense: 500 }] };
    const deep = { layers: Array(30).fill({ dense: 8 }) };

    it('give about 200 frames, or half as many if a frame costs more than a step', () => {
      for (const steps of [1, 2, 199, 200, 201, 999, 5000, 50_000]) {
        const frames = (network: object) =>
          Math.floor(steps / specification({ training: { steps }, network }).watch.every) + 1;
        const [many, few] = [frames(wide), frames(deep)];
        assert.ok(many <= 201 && many >= Math.min(steps, 100), `${steps} steps make ${many} frames`);
        assert.ok(few <= many && few >= Math.min(steps, 100), `${steps} steps make ${few} frames`);
      }
      assert.equal(specification({ training: { steps: 5000 }, network: wide }).watch.every, 25);
      assert.equal(specification({ training: { steps: 5000 }, network: deep }).watch.every, 50);
    });

    it('give fewer frames if a frame includes many weights', () => {
      const every = (histograms: boolean | string[]) =>
        specification({
          ...{ training: { steps: 3000, batchSize: 16 }, network: { layers: Array(4).fill({ dense: 500 }) } },
          watch: { histograms },
        }).watch.every;
      assert.ok(every(['weights', 'weightsGradient']) > every(['weights']));
      assert.ok(every(['weights']) > every(true));
    });

    it('evaluate at most at every frame, and at least about ten times', () => {
      for (const steps of [1, 10, 333, 1000, 5000]) {
        for (const test of [10, 500, 100_000]) {
          const { every, evaluateEvery } = watch({ steps }, test);
          assert.equal(evaluateEvery % every, 0);
          assert.ok(steps / evaluateEvery >= Math.min(10, steps / every), `${steps}, ${test}: ${evaluateEvery}`);
        }
      }
    });

    it('evaluate a test example for ten trained ones if more than ten evaluations are affordable', () => {
      const [steps, batchSize, test] = [10_000, 64, 1000];
      const { evaluateEvery } = watch({ steps, batchSize }, test);
      const evaluated = ((steps / evaluateEvery) * test) / (steps * batchSize);
      assert.ok(evaluated > 0.07 && evaluated <= 0.1, String(evaluated));
    });

    it('evaluate a sample of a large test set if ten evaluations of all are too expensive', () => {
      const size = (test: number, steps: number, more: object = {}) =>
        watch({ steps, batchSize: 60 }, test, more).evaluationExamples;
      assert.equal(size(10_000, 20_000), undefined);
      // 30,000 examples are 5 % of the time of 5,000 steps: 10,000 at the end, and the others in nine evaluations.
      assert.equal(size(10_000, 5000), 2222);
      assert.equal(size(10_000, 500), 1000);
      assert.equal(size(1000, 10), undefined);
      assert.equal(size(10_000, 500, { evaluateEvery: 50, every: 5 }), undefined, 'a chosen interval');
      assert.equal(size(10_000, 500, { evaluationExamples: 64 }), 64);
      assert.equal(size(10_000, 500, { evaluationExamples: 10_000 }), undefined);
    });

    it('save predictions at evaluations: limited by the training cost for a plane, else all of them up to a hundred', () => {
      const kept = (steps: number, batchSize: number, data: object) => {
        const { watch: defaults } = specification({ data, training: { steps, batchSize } });
        assert.equal(defaults.predictionEvery % defaults.evaluateEvery, 0);
        return { defaults, count: steps / defaults.predictionEvery };
      };
      const plane = { kind: 'spiral', train: 2000, test: 100 };
      for (const [steps, batchSize] of [
        [1000, 8],
        [3000, 50],
        [5000, 512],
      ]) {
        const { count, defaults } = kept(steps, batchSize, plane);
        assert.ok(count <= 100 && count >= Math.min(12, steps / defaults.evaluateEvery), String(count));
      }
      // 1024 cells, each at half the cost of a trained example.
      const { count } = kept(8000, 64, plane);
      const share = (count * 1024 * 0.5) / (8000 * 64);
      assert.ok(share > 0.02 && share <= 0.055, String(share));
      const images = kept(5000, 60, { kind: 'digits', train: 100, test: 100 });
      assert.ok(images.count > 40 && images.count <= 100, String(images.count));
    });

    it('watch a dozen units of each layer, and about a hundred in all if there are many layers', () => {
      const units = (layers: number, watch: object = {}) =>
        specification({ network: { layers: Array(layers).fill({ dense: 8 }) }, watch }).watch.units;
      assert.deepEqual(
        [0, 1, 8, 9, 30, 500].map((layers) => units(layers)),
        [12, 12, 12, 11, 3, 1],
      );
      assert.equal(units(30, { layers: ['hidden1', 'hidden30', 'output'] }), 12);
      assert.equal(units(30, { units: 0 }), 0);
      assert.equal(units(2, { units: 64 }), 64);
    });

    it("do not override the file's settings", () => {
      assert.deepEqual(
        watch({ steps: 100 }, 500, { every: 7, evaluateEvery: 14, layers: ['output'], taps: [], gradients: false }),
        {
          every: 7,
          evaluateEvery: 14,
          layers: ['output'],
          taps: [],
          gradients: false,
          units: 12,
          histograms: [],
          histogramEvery: 7,
          saturation: 0.1,
          predictions: true,
          predictionEvery: 14,
          probes: [],
          probeEvery: 7,
        },
      );
    });
  });

  it('leave the loss of a CSV file to its data, unless the file sets the task', () => {
    const loss = (task?: string) => {
      const { specification: run } = planOf({ data: { kind: 'csv', path: 'a.csv', task } }).runs[0];
      return [run.loss, withTask(run, 'regression').loss, withTask(run, 'classification').loss];
    };
    assert.deepEqual(loss(), ['cross-entropy', 'mean-squared-error', 'cross-entropy']);
    assert.deepEqual(loss('regression')[0], 'mean-squared-error');
  });
});

describe('a resolved experiment', () => {
  for (const { id, text } of presets) {
    it(`of ${id} is a valid file, which gives the same runs`, () => {
      const { plan } = readExperiment(text);
      assert.ok(plan);
      for (const run of plan.runs.filter(({ seed }) => seed === plan.seeds[0])) {
        const again = readExperiment(JSON.stringify(run.experiment));
        assert.deepEqual(
          again.diagnostics.filter(({ severity }) => severity === 'error'),
          [],
        );
        assert.deepEqual(again.experiment, run.experiment);
        // A point of a sweep has become settings.
        const { id: _id, arm: _arm, point: _point, ...same } = again.plan?.runs[0] ?? {};
        const { id: __id, arm: __arm, point: __point, ...original } = run;
        assert.deepEqual(same, original);
      }
    });
  }
});
