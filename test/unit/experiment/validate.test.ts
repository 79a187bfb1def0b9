import assert from 'node:assert/strict';
import { onlyError, read, reported, textOf } from './support';

describe('messages about values', () => {
  const cases: [name: string, properties: object, at: string, message: string | RegExp][] = [
    [
      'a number out of range',
      { training: { batchSize: -3 } },
      '-3',
      'batchSize must be a whole number from 1 to 1,000,000, not -3',
    ],
    [
      'a fraction for a whole number',
      { training: { steps: 2.5 } },
      '2.5',
      /^steps must be a whole number from 1 to .*, not 2.5$/,
    ],
    ['a string for a number', { training: { steps: '100' } }, '"100"', /^steps must be a whole number .*, not "100"$/],
    ['null', { name: null }, 'null', 'name must be a string of at least one character, not null'],
    ['an item of a list', { training: { seeds: [1, -2] } }, '-2', /^seeds\[1\] must be a whole number from 0 /],
    ['an empty list', { training: { seeds: [] } }, '[]', 'seeds must have at least one seed, e.g. [1]'],
    [
      'a misspelt word',
      { network: { layers: [], activation: 'rleu' } },
      '"rleu"',
      'activation cannot be "rleu": did you mean "relu"?',
    ],
    ['a misspelt kind', { data: { kind: 'spirals' } }, '"spirals"', 'kind cannot be "spirals": did you mean "spiral"?'],
    [
      'a word from another library',
      { network: { layers: [], initialization: 'kaiming' } },
      '"kaiming"',
      'initialization cannot be "kaiming": did you mean "he"?',
    ],
    [
      'an unknown word',
      { watch: { taps: ['everything'] } },
      '"everything"',
      'taps[0] cannot be "everything": use "linear", "normalized" or "activated"',
    ],
    [
      'a missing kind',
      { data: {} },
      '"data"',
      '"kind" is missing in data: "spiral", "circles", "moons", "xor", "gaussians", "digits", "csv", "idx", "fashion-mnist", "cifar-10" or "png"',
    ],
    [
      'a missing property',
      { data: { kind: 'csv' } },
      '"data"',
      '"path" is missing in data: add the data file, e.g. "path": "data.csv"',
    ],
    ['a missing network', { network: undefined }, '{', /^"network" is missing: add at least the hidden layers/],
    [
      'neither a word nor an object',
      { network: { layers: [], activation: 3 } },
      '3',
      /^activation must be "relu", .*, or an object, not 3$/,
    ],
    ['neither claim nor list', { claim: 3 }, '3', 'claim must be a claim or a list of claims, not 3'],
    ['neither all nor a list', { watch: { layers: 'hidden1' } }, '"hidden1"', /^layers cannot be "hidden1"/],
    [
      'an output in place of a slope',
      { watch: { saturation: 0.97 } },
      '0.97',
      'saturation must be a number above 0, up to 0.5 (a slope relative to the steepest: 0.06 is tanh outside ±0.97), not 0.97',
    ],
    ['an arm that is no object', { arms: { a: 3, b: {} } }, '3', /^the arm "a" must be an object/],
  ];
  for (const [name, properties, at, message] of cases) {
    it(name, () => {
      const error = onlyError(properties);
      assert.equal(error.at, at);
      if (typeof message === 'string') assert.equal(error.message, message);
      else assert.match(error.message, message);
    });
  }
});

describe('unknown properties', () => {
  const cases: [properties: object, at: string, message: RegExp][] = [
    [{ trainin: {} }, '"trainin"', /"trainin" is not a property of an experiment: did you mean "training"\?$/],
    [{ training: { batch_size: 3 } }, '"batch_size"', /not a property of training: did you mean "batchSize"\?$/],
    [{ training: { optimizer: { kind: 'sgd', lr: 1 } } }, '"lr"', /did you mean "learningRate"\?$/],
    [{ training: { learningRate: 0.1 } }, '"learningRate"', /it belongs in training.optimizer$/],
    [{ seed: 3 }, '"seed"', /"seed" is not a property of an experiment: did you mean "seeds" in training\?$/],
    [{ batchsize: 3 }, '"batchsize"', /did you mean "batchSize" in training/],
    [{ epochs: 3 }, '"epochs"', /did you mean "steps" in training\?$/],
    [{ batchSize: 3 }, '"batchSize"', /it belongs in training$/],
    [
      { training: { optimizer: { kind: 'adam', nesterov: true } } },
      '"nesterov"',
      /not a property of optimizer: use "kind", "learningRate", "beta1", "beta2", "epsilon" or "weightDecay"$/,
    ],
    [
      { network: { layers: [{ dense: 3, units: 3 }] } },
      '"units"',
      /not a property of layers\[0\]: did you mean "dense"\?$/,
    ],
    [
      { claim: [{ says: 'x', metric: 'testLoss', better: 'a', than: 'b', vs: 1 }] },
      '"vs"',
      /not a property of claim\[0\]/,
    ],
  ];
  for (const [properties, at, message] of cases) {
    it(`${at} in ${JSON.stringify(properties)}`, () => {
      const error = onlyError(properties);
      assert.equal(error.at, at);
      assert.match(error.message, message);
    });
  }

  it('are all reported', () => {
    assert.equal(read({ a: 1, b: 2, data: { kind: 'moons', c: 3 } }).diagnostics.length, 3);
  });
});

describe('errors in arms', () => {
  it('are reported in the patch if the value is from the patch', () => {
    const text = textOf({ arms: { a: {}, b: { training: { batchSize: 0 } } } });
    assert.deepEqual(reported(text), ['0: batchSize must be a whole number from 1 to 1,000,000, not 0']);
  });

  it('are reported once, in the patched value, if the value is from there', () => {
    const text = textOf({ training: { batchSize: 0 }, arms: { a: {}, b: { training: { steps: 5 } } } });
    assert.deepEqual(reported(text), ['0: batchSize must be a whole number from 1 to 1,000,000, not 0']);
  });

  it('name the arm if the value is invalid only there', () => {
    const text = textOf({
      data: { kind: 'spiral', train: 100 },
      training: { batchSize: 50 },
      arms: { small: { data: { train: 20 } }, large: {} },
    });
    assert.deepEqual(reported(text), [
      '50: arm "small": a minibatch of 50 cannot be drawn from 20 training examples: give batchSize at most 20, or more examples',
    ]);
  });

  it('name an unknown property in a patch', () => {
    const text = textOf({ arms: { a: { network: { normalisation: { kind: 'batch' } } }, b: {} } });
    assert.deepEqual(reported(text), [
      '"normalisation": "normalisation" is not a property of network: did you mean "normalization"?',
    ]);
  });

  it('are reported at a null that removes a required property', () => {
    const text = textOf({ arms: { a: { data: null }, b: {} } });
    assert.match(reported(text).join(), /^null: "data" is missing/);
  });

  it('are reported at an object that replaces a word', () => {
    const text = textOf({
      network: { layers: [{ dense: 8 }], activation: 'relu' },
      arms: { a: { network: { activation: { slope: 0.2 } } }, b: {} },
    });
    assert.match(reported(text).join(), /^"activation": "kind" is missing in activation: "relu"/);
  });

  it('include settings that no arm can change', () => {
    const text = textOf({ arms: { a: { name: 'x' }, b: { trainin: {} }, c: { training: { seeds: [2] } }, d: {} } });
    assert.deepEqual(reported(text).slice(0, 3), [
      '"name": an arm cannot change "name": only data, network, training and watch',
      '"trainin": an arm cannot change "trainin": did you mean "training"?',
      '"seeds": an arm cannot have its own seeds: all arms share them, so that they are compared in pairs',
    ]);
  });

  it('include an empty list of arms, and an arm without a name', () => {
    assert.match(onlyError({ arms: {} }).message, /add at least one arm/);
    assert.match(onlyError({ arms: { '': {} } }).message, /name must have 1 to 100 characters/);
    assert.match(onlyError({ arms: { ['x'.repeat(101)]: {} } }).message, /name must have 1 to 100 characters/);
  });
});
