import assert from 'node:assert/strict';
import { checkDataset } from '../../../src/experiment/checks/data';
import { estimateMemory } from '../../../src/experiment/checks/memory';
import type { Experiment } from '../../../src/experiment/schema';
import { onlyError, planOf, read, reported, textOf } from './support';

const layers = [{ dense: 8 }, { dense: 8 }];
const batch = (more: object = {}) => ({ layers, normalization: { kind: 'batch', ...more } });
const sgd = (more: object) => ({ optimizer: { kind: 'sgd', ...more } });

describe('incompatible settings', () => {
  const cases: [name: string, properties: object, at: string, message: RegExp][] = [
    [
      'a batch of 1',
      { network: batch(), training: { batchSize: 1 } },
      '1',
      /no variance of a feature.*batchSize at least 2/,
    ],
    [
      'a batch of 1, normalized after the activation',
      { network: batch({ placement: 'after-activation', variance: 'unbiased' }), training: { batchSize: 1 } },
      '1',
      /no variance/,
    ],
    [
      'a batch of 1 in one layer alone',
      { network: { layers: [{ dense: 3 }, { dense: 3, normalization: 'naive' }] }, training: { batchSize: 1 } },
      '1',
      /no variance/,
    ],
    [
      'a batch of 1 in the output layer',
      { network: { layers, output: { normalization: 'batch' } }, training: { batchSize: 1 } },
      '1',
      /no variance/,
    ],
    [
      'one number in the whole batch',
      {
        network: { layers: [{ dense: 1 }], normalization: { kind: 'naive', statistics: 'whole-batch' } },
        training: { batchSize: 1 },
      },
      '1',
      /one unit and a batch of 1/,
    ],
    [
      'a batch larger than the data',
      { data: { kind: 'moons', train: 30 }, training: { batchSize: 31 } },
      '31',
      /^a minibatch of 31 cannot be drawn from 30 training examples: give batchSize at most 30/,
    ],
    [
      'the default batch larger than the data',
      { data: { kind: 'moons', train: 30 }, training: {} },
      '"training"',
      /minibatch of 64/,
    ],
    [
      'fewer examples than classes',
      { data: { kind: 'gaussians', classes: 70, train: 64 } },
      '64',
      /64 training examples cannot show all 70 classes/,
    ],
    [
      'fewer test examples than classes',
      { data: { kind: 'digits', test: 9 } },
      '9',
      /9 test examples cannot show all 10 classes/,
    ],
    [
      'nesterov without momentum',
      { training: sgd({ nesterov: true }) },
      'true',
      /nesterov needs momentum: add "momentum": 0.9/,
    ],
    [
      'dampening without momentum',
      { training: sgd({ dampening: 0.5 }) },
      '0.5',
      /dampening needs momentum: add "momentum": 0.9/,
    ],
    [
      'dampening with nesterov',
      { training: sgd({ dampening: 0.5, momentum: 0.9, nesterov: true }) },
      '0.5',
      /dampening and nesterov exclude each other/,
    ],
    [
      'a momentum that dampening loses',
      { training: { ...sgd({ dampening: 0.5, momentum: 0.5 }), changes: [{ at: 5, momentum: 0 }] } },
      '0',
      /dampening needs momentum/,
    ],
    [
      'weights that are normalized and standardized',
      { network: { layers: [{ dense: 3, weightStandardization: true }], normalization: 'weight' } },
      '{\n        "dense": 3,\n        "weightStandardization": true\n      }',
      /weight normalization and weight standardization exclude each other, and hidden1 has both/,
    ],
    [
      'label noise in a regression',
      { data: { kind: 'csv', path: 'a.csv', target: 'y', task: 'regression' }, training: { labelNoise: 0.1 } },
      '0.1',
      /label noise replaces classes, and a regression has none/,
    ],
    [
      'changes out of order',
      {
        training: {
          changes: [
            { at: 500, learningRate: 1 },
            { at: 400, learningRate: 2 },
          ],
        },
      },
      '400',
      /^changes must be in the order of their steps: at must be above 500/,
    ],
    [
      'a change without effect',
      { training: { changes: [{ at: 500 }] } },
      '{\n        "at": 500\n      }',
      /^this changes nothing/,
    ],
    [
      'a batch size that changes under probes',
      { watch: { probes: ['drift'] }, training: { changes: [{ at: 5, batchSize: 20 }] } },
      '20',
      /^probes compare updates on minibatches of one size/,
    ],
    [
      'a momentum for adam',
      { training: { optimizer: { kind: 'adam' }, changes: [{ at: 5, momentum: 0.5 }] } },
      '0.5',
      /^the momentum of adam is its beta1/,
    ],
    [
      'frozen statistics without normalization',
      { network: { layers, normalization: 'layer' }, training: { changes: [{ at: 5, freezeStatistics: true }] } },
      'true',
      /^no layer has running statistics/,
    ],
    [
      'a batch that shrinks to 1',
      { network: batch(), training: { changes: [{ at: 5, batchSize: 1 }] } },
      '1',
      /no variance of a feature/,
    ],
    [
      'a batch that outgrows the data',
      { data: { kind: 'moons', train: 100 }, training: { changes: [{ at: 5, batchSize: 101 }] } },
      '101',
      /minibatch of 101 cannot be drawn from 100/,
    ],
    [
      'a batch that ghost batches no longer divide',
      { network: batch({ ghostBatchSize: 8 }), training: { changes: [{ at: 5, batchSize: 20 }] } },
      '20',
      /ghost batches of 8 do not divide a minibatch of 20/,
    ],
    [
      'a momentum that nesterov loses',
      { training: { ...sgd({ nesterov: true, momentum: 0.5 }), changes: [{ at: 5, momentum: 0 }] } },
      '0',
      /nesterov needs momentum/,
    ],
    [
      'a reversed interval',
      { network: { layers, initialization: { kind: 'uniform', low: 1, high: 0.5 } } },
      '1',
      /low must not be above high/,
    ],
    [
      'a reversed interval in a layer',
      { network: { layers: [{ dense: 3, initialization: { kind: 'uniform', low: 1, high: 0.5 } }] } },
      '1',
      /low must not be above high/,
    ],
    [
      'evaluations between frames',
      { watch: { every: 4, evaluateEvery: 10 } },
      '10',
      /multiple of every \(4\).*: 8 or 12/,
    ],
    [
      'evaluations more often than frames',
      { watch: { every: 4, evaluateEvery: 3 } },
      '3',
      /multiple of every \(4\).*: 4$/,
    ],
    [
      'predictions between evaluations',
      { watch: { every: 4, evaluateEvery: 8, predictionEvery: 12 } },
      '12',
      /multiple of evaluateEvery \(8\), because predictions are read from an evaluation: 16$/,
    ],
    [
      'a missing layer',
      { watch: { layers: ['hidden1', 'hiden2'] } },
      '"hiden2"',
      /no layer "hiden2": did you mean "hidden2"\?/,
    ],
    [
      'a layer beyond the last',
      { watch: { layers: ['hidden3'] } },
      '"hidden3"',
      /no layer "hidden3": did you mean "hidden\d"\?/,
    ],
    ['a layer named twice', { watch: { layers: ['output', 'output'] } }, '"output"', /named twice/],
    ['probes between frames', { watch: { every: 4, probeEvery: 6 } }, '6', /probeEvery must be a multiple .* 4 or 8/],
    ['a probe named twice', { watch: { probes: ['drift', 'drift'] } }, '"drift"', /the probe "drift" is named twice/],
    ['a tap named twice', { watch: { taps: ['linear', 'linear'] } }, '"linear"', /named twice/],
    ['a seed twice', { training: { seeds: [1, 2, 1] } }, '1', /the seed 1 appears twice/],
    ['a wrong range of seeds', { training: { seeds: '5-1' } }, '"5-1"', /runs backwards/],
  ];
  for (const [name, properties, at, message] of cases) {
    it(name, () => {
      const error = onlyError(properties);
      assert.equal(error.at, at);
      assert.match(error.message, message);
    });
  }

  it('are distinguished from valid ones', () => {
    planOf({ network: batch({ statistics: 'whole-batch' }), training: { batchSize: 1 } });
    planOf({ network: batch(), training: { batchSize: 3 } });
    planOf({ network: { layers }, training: { batchSize: 1 } });
    planOf({ data: { kind: 'moons', train: 30 }, training: { batchSize: 30 } });
    planOf({ training: sgd({ nesterov: true, momentum: 0.9 }) });
    planOf({ watch: { every: 4, evaluateEvery: 8, layers: ['output', 'hidden2'], taps: [] } });
  });

  it('are shown at the second of two seeds', () => {
    const text = textOf({ training: { seeds: [8, 9, 8] } });
    assert.equal(read({ training: { seeds: [8, 9, 8] } }).diagnostics[0].offset, text.lastIndexOf('8'));
  });
});

describe('memory', () => {
  it('limits the examples, and the message says how many fit', () => {
    const { at, message } = onlyError({ data: { kind: 'digits', train: 9_000_000 } });
    assert.equal(at, '9000000');
    assert.match(
      message,
      /about 28 GB of memory, most of it for the data, and there are 4.0 GB. About 1,200,000 training examples would fit/,
    );
    const fits = Number(/About ([\d,]+)/.exec(message)?.[1].replaceAll(',', ''));
    planOf({ data: { kind: 'digits', train: fits } });
  });

  it('limits the test set', () => {
    assert.equal(onlyError({ data: { kind: 'digits', test: 9_000_000 } }).at, '9000000');
  });

  it('limits the frames, and the message says how to have fewer', () => {
    const training = { steps: 50_000_000 };
    const { at, message } = onlyError({ training, watch: { every: 1 } });
    assert.equal(at, '1');
    const every = Number(/"every": (\d+)/.exec(message)?.[1]);
    planOf({ training, watch: { every } });
    const steps = Number(/about ([\d,]+) steps/.exec(message)?.[1].replaceAll(',', ''));
    planOf({ training: { steps }, watch: { every: 1 } });
  });

  it('allows many steps with few frames', () => {
    planOf({ training: { steps: 1_000_000_000 } });
  });

  it('limits the layers', () => {
    const { at, message } = onlyError({ network: { layers: [{ dense: 60_000 }, { dense: 60_000 }] } });
    assert.equal(at, '60000');
    assert.match(message, /most of it for the network's parameters.*Layers of about [\d,]+ units would fit/);
  });

  it('limits the minibatch', () => {
    const { at, message } = onlyError({
      data: { kind: 'moons', train: 1_000_000 },
      network: { layers: Array(50).fill({ dense: 100 }) },
      training: { batchSize: 1_000_000 },
    });
    assert.equal(at, '1000000');
    assert.match(message, /most of it for a minibatch.*A batchSize of about/);
  });

  it('depends on the host', () => {
    const properties = { data: { kind: 'digits', train: 100_000 } };
    assert.equal(read(properties, { memory: 1e9 }).plan?.runs.length, 1);
    assert.match(read(properties, { memory: 1e8 }).diagnostics[0].message, /there are 100 MB/);
  });

  it('includes the copies of the parameters that probes make', () => {
    const needed = (watch: object) =>
      estimateMemory(read({ network: { layers: [{ dense: 4000 }, { dense: 4000 }] }, watch }).experiment!).parameters;
    assert.equal(needed({ probes: ['landscape'] }), 3 * needed({}));
  });

  it('of WebAssembly is at most 4 GiB, however much the machine has', () => {
    const properties = { data: { kind: 'digits', train: 2_000_000, test: 100 }, network: { layers: [{ dense: 8 }] } };
    const { message } = read(properties, { memory: 1e12 }).diagnostics[0];
    assert.match(
      message,
      /about 6\.\d GB.*most of it for the data, and WebAssembly, which trains, has room for 4\.3 GB/,
    );
    assert.match(message, /About 1,300,000 training examples would fit/);
  });

  it('limits the number of runs', () => {
    const arms = Object.fromEntries(Array.from({ length: 200 }, (_, k) => [`a${k}`, { training: { steps: k + 1 } }]));
    const { at, message } = onlyError({ training: { seeds: '1-600' }, arms });
    assert.equal(at, '"1-600"');
    assert.match(
      message,
      /200 arms × 600 seeds are 120,000 runs, more than the 100,000 of one experiment: give at most 500 seeds/,
    );
  });

  it('limits the number of arms', () => {
    const arms = Object.fromEntries(Array.from({ length: 1001 }, (_, k) => [`a${k}`, { training: { steps: k + 1 } }]));
    assert.match(onlyError({ arms }).message, /1001 arms are too many.*at most 1000/);
  });
});

describe('paths of data files', () => {
  const csv = (path: string) => ({ data: { kind: 'csv', path } });
  const host = { fileExists: (path: string) => path === 'there.csv' };

  for (const path of ['there.csv', './there.csv', 'data/../there.csv', 'a/b/c.csv', 'größe (1).csv']) {
    it(`may be ${path}`, () => assert.deepEqual(read(csv(path)).diagnostics, []));
  }

  const bad: [path: string, message: RegExp][] = [
    ['../secret.csv', /leaves the experiment's folder: copy the file beside/],
    ['a/../../secret.csv', /leaves the experiment's folder/],
    ['a/b/../../../secret.csv', /leaves/],
    ['/etc/passwd', /is an absolute path/],
    ['C:/data.csv', /is an absolute path/],
    ['c:data.csv', /is an absolute path/],
    ['\\\\server\\share', /is an absolute path/],
    ['~/data.csv', /is an absolute path/],
    ['a\\b.csv', /contains a backslash: use \/ between folders/],
    ['..\\secret.csv', /contains a backslash/],
    ['NUL', /has the name "NUL", which Windows takes for a device/],
    ['data/con.csv', /has the name "con\.csv", which Windows/],
    ['lpt1/data.csv', /has the name "lpt1", which Windows/],
    ['https://example.org/a.csv', /is a URL/],
    ['file:///etc/passwd', /is a URL/],
    ['a\u0000.csv', /control character/],
    ['.', /names a folder/],
    ['a/', /names a folder/],
  ];
  for (const [path, message] of bad) {
    it(`may not be ${JSON.stringify(path)}`, () => {
      const error = onlyError(csv(path), { host });
      assert.equal(error.at, JSON.stringify(path));
      assert.match(error.message, message);
    });
  }

  it('must exist, if the host can check', () => {
    assert.deepEqual(read(csv('there.csv'), { host }).diagnostics, []);
    assert.deepEqual(onlyError(csv('gone.csv'), { host }), {
      at: '"gone.csv"',
      message: 'there is no file "gone.csv" in the experiment\'s folder: copy it there, or correct the path',
    });
    assert.deepEqual(read(csv('gone.csv'), { host: { fileExists: () => undefined } }).diagnostics, []);
  });

  it('are checked one by one', () => {
    const data = { kind: 'idx', trainImages: 'a', trainLabels: 'b', testImages: 'c', testLabels: '../d' };
    const asked: string[] = [];
    const { diagnostics } = read({ data }, { host: { fileExists: (path) => asked.push(path) > 100 } });
    assert.deepEqual(asked, ['a', 'a.gz', 'b', 'b.gz', 'c', 'c.gz']);
    assert.equal(diagnostics.length, 4);
  });
});

describe('arms and claims', () => {
  const arms = { without: { network: { normalization: { kind: 'none' } } }, BatchNorm: {} };
  const claim = (more: object) => ({
    network: batch(),
    arms,
    claim: { says: 'x', metric: 'testAccuracy', better: 'BatchNorm', than: 'without', ...more },
  });

  it('refuse two identical arms, at the second', () => {
    assert.deepEqual(onlyError({ arms: { a: {}, b: {} } }), {
      at: '"b"',
      message: 'the arms "a" and "b" are identical: change one of them, or remove one',
    });
  });

  it('ignore differences without effect', () => {
    const none = { layers, normalization: { kind: 'none' } };
    assert.match(
      onlyError({ network: none, arms: { a: {}, b: { network: { normalization: { epsilon: 0.1 } } } } }).message,
      /are identical/,
    );
    assert.match(onlyError({ arms: { a: {}, b: { network: { activation: 'relu' } } } }).message, /are identical/);
    assert.match(onlyError({ arms: { a: {}, b: { training: { steps: 1000 } } } }).message, /are identical/);
  });

  it('accept a difference with an effect', () => {
    planOf({ arms: { a: {}, b: { network: { layers: [{ dense: 8 }, { dense: 8, bias: false }] } } } });
    planOf({ arms: { a: {}, b: { watch: { every: 2 } } } });
  });

  const good = ['testAccuracy', 'trainAccuracy', 'testLoss', 'trainLoss', 'hidden1/activated/std', 'network/test/loss'];
  for (const metric of good) {
    it(`accept the metric ${metric}`, () => void planOf(claim({ metric })));
  }

  const bad: [name: string, properties: object, at: string, message: RegExp][] = [
    ['a misspelt arm', claim({ better: 'Batchnorm' }), '"Batchnorm"', /no arm "Batchnorm": did you mean "BatchNorm"\?/],
    ['an unknown arm', claim({ than: 'zebra' }), '"zebra"', /no arm "zebra": use "without" or "BatchNorm"/],
    [
      'an arm compared with itself',
      claim({ than: 'BatchNorm' }),
      '"BatchNorm"',
      /compared with itself: compare it with "without"/,
    ],
    ['a misspelt metric', claim({ metric: 'testAccurracy' }), '"testAccurracy"', /did you mean "testAccuracy"\?/],
    [
      'a misspelt channel',
      claim({ metric: 'hidden1/activted/std' }),
      '"hidden1/activted/std"',
      /did you mean "hidden1\/activated\/std"\?/,
    ],
    [
      'an unknown metric',
      claim({ metric: 'beauty' }),
      '"beauty"',
      /use "testAccuracy", .* or a channel as "hidden1\/activated\/std"/,
    ],
    [
      'a channel that one arm does not have',
      claim({ metric: 'hidden1/scale/mean' }),
      '"hidden1/scale/mean"',
      /in the arm "without"/,
    ],
    [
      'a channel that is not watched',
      { ...claim({ metric: 'hidden1/activated/std' }), watch: { layers: ['hidden2'] } },
      '"hidden1/activated/std"',
      /is not watched in the arm "BatchNorm": add it to "watch"/,
    ],
    [
      'accuracy of a regression',
      { ...claim({}), data: { kind: 'csv', path: 'a.csv', task: 'regression' } },
      '"testAccuracy"',
      /a regression has no accuracy/,
    ],
    [
      'a claim without arms',
      { claim: claim({}).claim },
      '"claim"',
      /a claim compares two arms, but the file has none: add "arms"/,
    ],
  ];
  for (const [name, properties, at, message] of bad) {
    it(`refuse ${name}`, () => {
      const error = onlyError(properties);
      assert.equal(error.at, at);
      assert.match(error.message, message);
    });
  }

  it('check each claim of a list', () => {
    const one = claim({}).claim;
    const text = textOf({ network: batch(), arms, claim: [one, { ...one, metric: 'testLos' }, { ...one, than: 'X' }] });
    assert.deepEqual(
      reported(text).map((line) => line.split(':')[0]),
      ['"testLos"', '"X"'],
    );
    const { claims } = read({ network: batch(), arms, claim: [one, { ...one, metric: 'testLoss', by: 1 }] });
    assert.deepEqual(
      claims.map(({ metric, by }) => [metric, by]),
      [
        ['testAccuracy', 0],
        ['testLoss', 1],
      ],
    );
  });
});

describe('data that have been read', () => {
  const experiment = planOf({ data: { kind: 'csv', path: 'a.csv' }, training: { batchSize: 4 } }).runs[0].experiment;
  const examples = (labels: number[]) => ({
    count: labels.length,
    features: new Float32Array(labels.length),
    labels: Int32Array.from(labels),
    targets: new Float32Array(0),
  });
  const dataset = (train: number[], test: number[], classNames = ['a', 'b', 'c']) => ({
    task: 'classification' as const,
    featureCount: 1,
    classCount: classNames.length,
    targetCount: 0,
    classNames,
    featureNames: ['x'],
    train: examples(train),
    test: examples(test),
  });
  const found = (...args: Parameters<typeof dataset>) =>
    checkDataset(dataset(...args), experiment).map(({ severity, message }) => `${severity}: ${message}`);

  it('may be valid', () => assert.deepEqual(found([0, 1, 2, 0], [0, 1, 2]), []));

  it('must contain every class', () => {
    assert.deepEqual(found([0, 0, 2, 0], [0, 1, 2]), [
      'error: the class "b" has no training example: give more examples, or another split',
    ]);
    assert.deepEqual(found([0, 0, 0, 0], [0, 1, 2]), [
      'error: the classes "b", "c" have no training example: give more examples, or another split',
    ]);
    assert.deepEqual(found([0, 1, 2, 0], [0, 1]), [
      'warning: the class "c" has no test example: give more examples, or another split',
    ]);
  });

  it('must have more than one class, and some examples', () => {
    assert.match(found([0, 0, 0, 0], [0], ['a'])[0], /all examples are of one class/);
    assert.match(found([], [0])[0], /no training example/);
    assert.match(found([0, 1, 2, 0], [])[0], /no test example/);
  });

  it('must fill a minibatch', () => {
    assert.match(found([0, 1, 2], [0, 1, 2])[0], /a minibatch of 4 cannot be drawn from 3 training examples/);
  });

  it('must fit into memory with their actual size', () => {
    const large = { ...dataset([0, 1, 2, 0], [0, 1, 2]), featureCount: 100_000 };
    const findingOf = (settings: Experiment, memory?: number) => checkDataset(large, settings, memory)[0];
    assert.equal(findingOf(experiment), undefined);
    const wide = {
      ...experiment,
      network: { ...experiment.network, layers: [{ ...experiment.network.layers[0], dense: 10_000 }] },
    };
    const { severity, path, message } = findingOf(wide as Experiment);
    assert.equal(severity, 'error');
    assert.deepEqual(path, ['network', 'layers', 0, 'dense']);
    assert.match(
      message,
      /^one run would take about 8\.8 GB of memory, most of it for the network's parameters, and there are 4\.0 GB\. Layers of about 6,300 units would fit$/,
    );
    const many = checkDataset({ ...large, train: { ...large.train, count: 20_000 } }, experiment)[0];
    assert.deepEqual(many.path, ['data', 'path']);
    assert.match(
      many.message,
      /most of it for the data, and there are 4\.0 GB\. About [\d,]+ rows would fit, or ignore columns/,
    );
    const changes = [{ at: 2, batchSize: 1_000 }];
    const changed = { ...experiment, training: { ...experiment.training, changes } };
    const rows = { ...large, train: { ...large.train, count: 1_000 } };
    assert.deepEqual(checkDataset(rows, experiment, 3e9), []);
    assert.deepEqual(checkDataset(rows, changed, 3e9)[0]?.path, ['training', 'changes', 0, 'batchSize']);
  });

  it('have their errors shown at their place in the file', () => {
    const reading = read({ data: { kind: 'csv', path: 'a.csv' }, training: { batchSize: 4 } });
    const [diagnostic] = reading.locate(checkDataset(dataset([0, 1, 2], [0, 1, 2]), experiment));
    const text = textOf({ data: { kind: 'csv', path: 'a.csv' }, training: { batchSize: 4 } });
    assert.equal(text.slice(diagnostic.offset, diagnostic.offset + diagnostic.length), '4');
  });
});
