/** Hovers: what a value means in this experiment. */
import assert from 'node:assert/strict';
import { hoverAt } from '../../../../src/experiment/editing/hovers';
import { Outline } from '../../../../src/experiment/editing/outline';

const text = `{
  "data": { "kind": "digits", "train": 6000 },
  "network": { "layers": [{ "dense": 100 }, { "dense": 100 }, { "dense": 100 }], "normalization": { "kind": "batch", "momentum": 0.5 } },
  "training": { "optimizer": { "kind": "sgd", "learningRate": 0.1, "momentum": 0.9 }, "batchSize": 60, "steps": 500, "seeds": "1-3" },
  "watch": { "every": 25 },
  "arms": { "a": {}, "b": { "training": { "batchSize": 30 } } }
}`;

function linesAt(word: string, last = false, seconds: number | null = null): string[] {
  const at = last ? text.lastIndexOf(word) : text.indexOf(word);
  return hoverAt(new Outline(text), at + 2, () => seconds)?.lines ?? [];
}

describe('hovers', () => {
  it('say what follows from a value', () => {
    assert.deepEqual(linesAt('"batchSize"'), ['6,000 / 60 = 100 updates per epoch']);
    assert.deepEqual(linesAt('"steps"'), ['500 · 60 / 6,000 = 5 epochs']);
    assert.deepEqual(linesAt('"every"'), ['500 / 25 = 20 frames after the first']);
    assert.match(linesAt('"seeds"').join(), /^3 seeds: 3 pairs .*,A verdict needs at least 20 pairs\.$/);
    assert.deepEqual(linesAt('"batchSize"', true), ['6,000 / 30 = 200 updates per epoch'], 'in the arm');
  });

  it('show formulas', () => {
    assert.deepEqual(linesAt('"normalization"'), ['x̂ = (x − mean) / √(variance + ε)', 'y = scale · x̂ + shift']);
    assert.deepEqual(linesAt('"momentum": 0.5'), [
      'running = 0.5 · running + 0.5 · batch',
      'Half of the weight is on the last 1 minibatches.',
    ]);
    assert.match(linesAt('"momentum": 0.9').join(), /10 times as far/);
    const adam = text.replace('"sgd", "learningRate": 0.1, "momentum": 0.9', '"adamw", "weightDecay": 0.1');
    assert.deepEqual(hoverAt(new Outline(adam), adam.indexOf('"adamw"') + 2)?.lines, [
      'm ← 0.9 · m + 0.1 · gradient; v ← 0.999 · v + 0.001 · gradient²',
      'w ← w − learningRate · m̂ / (√v̂ + ε) − learningRate · 0.1 · w, where m̂ and v̂ are corrected for their start at 0',
    ]);
  });

  it('show the size of the network, and its time only if it was measured', () => {
    const [size] = linesAt('"layers"');
    // 784 · 100 + 2 · 100 · 100 + 100 · 10 weights, 10 biases, and 3 · 200 scales and shifts.
    assert.equal(size, '3 hidden layers, 100,010 parameters');
    const plain = new Outline(text.replace('"kind": "batch"', '"kind": "none"'));
    assert.deepEqual(hoverAt(plain, text.indexOf('"layers"') + 2)?.lines, ['3 hidden layers, 99,710 parameters']);
    assert.equal(linesAt('"layers"', false, 1.94)[0], `${size}, about 1.9 s for a run on this machine`);
  });

  /** Lines at a word of the text with other parts in place of the given ones. */
  function changed(changes: Record<string, string>, word: string, seconds: number | null = null): string[] {
    let other = text;
    for (const [from, to] of Object.entries(changes)) {
      assert.ok(other.includes(from), from);
      other = other.replace(from, to);
    }
    return hoverAt(new Outline(other), other.indexOf(word) + 2, () => seconds)?.lines ?? [];
  }

  it('explain an activation, and what it does in this network', () => {
    assert.deepEqual(changed({ '"normalization"': '"activation": "sigmoid", "normalization"' }, '"activation"'), [
      'y = 1 / (1 + e⁻ˣ), between 0 and 1; its slope is y · (1 − y), at most 0.25 at x = 0',
      'Far from 0 the slope is almost 0: the unit is saturated.',
      'Here: in 3 hidden layers; their slopes leave at most 0.25^3 = 0.0156 of a gradient, times the weights',
    ]);
    assert.deepEqual(
      changed(
        { '{ "dense": 100 }]': '{ "dense": 100, "activation": { "kind": "leaky-relu", "slope": 0.2 } }]' },
        '"leaky-relu"',
      ),
      ['y = x above 0, 0.2 · x below; its slope is 1 above 0, and 0.2 below'],
    );
    const one = changed(
      { '{ "dense": 100 }]': '{ "dense": 100, "activation": "tanh" }], "activation": "relu"' },
      '"relu"',
    );
    assert.equal(one.at(-1), 'Here: in 2 of 3 hidden layers');
  });

  it('explain an initialization with the standard deviations of this network', () => {
    // √(2 / 784) and √(2 / 100)
    assert.deepEqual(
      changed({ '"normalization": { "kind": "batch", "momentum": 0.5 }': '"initialization": "he"' }, '"he"'),
      [
        'std = gain · √(2 / inputs)',
        'Here: std 0.0505 in hidden1 (784 inputs), 0.141 in hidden2 to hidden3 (100 inputs)',
        'With ReLU and no normalization, values change their scale by about std · √(inputs / 2): 1 in hidden1 to hidden3',
      ],
    );
    assert.deepEqual(
      changed(
        { '"normalization"': '"initialization": { "kind": "normal", "std": 0.1 }, "normalization"' },
        '"initialization"',
      ),
      [
        'w is normal with mean 0 and std 0.1, whatever the number of inputs',
        'Here: std 0.1 in hidden1 (784 inputs), 0.1 in hidden2 to hidden3 (100 inputs)',
      ],
    );
  });

  it('explain a claim: what is subtracted, what would support it, and the pairs here', () => {
    const claim = '"claim": { "says": "x", "metric": "testLoss", "better": "b", "than": "a", "by": 0.01 }, "arms"';
    assert.deepEqual(changed({ '"arms"': claim }, '"claim"'), [
      'difference = testLoss of a − that of b, for each seed',
      '“Supported” requires a 95 % interval of the mean difference above 0.01.',
      'Here: 3 pairs of seeds; a verdict needs at least 20 seeds.',
    ]);
    const list =
      '"claim": [{ "says": "x", "metric": "testAccuracy", "better": "b", "than": "a", "within": 0.005 }], "arms"';
    assert.deepEqual(changed({ '"arms"': list, '"1-3"': '"1-20"' }, '"within"').slice(1), [
      '“Supported” requires a 95 % interval of the mean difference between −0.005 (0.5 percentage points) and 0.005 (0.5 percentage points).',
      'Here: 20 pairs of seeds.',
    ]);
  });

  it('explain a sweep: its runs, and what an axis replaces', () => {
    const sweep =
      '"sweep": { "/training/optimizer/learningRate": [0.01, 0.1, 1], "/network/activation": ["relu", "tanh"] }, "arms"';
    assert.deepEqual(changed({ '"arms"': sweep }, '"sweep"', 2), [
      '3 × 2 = 6 points × 2 arms × 3 seeds = 36 runs',
      'about 36 · 2 s = 72 s of training, divided among the cores',
    ]);
    assert.deepEqual(changed({ '"arms"': sweep }, '"/training/optimizer'), [
      '3 values from 0.01 to 1, in place of 0.1; every arm is trained at every value',
      'Neighbouring values differ by a factor of 10 on average; charts have a logarithmic axis.',
    ]);
    assert.deepEqual(changed({ '"arms"': sweep }, '"/network/activation'), [
      '2 values: relu, tanh; every arm is trained at every value',
    ]);
  });

  it('show nothing elsewhere, and never fail', () => {
    assert.deepEqual(linesAt('"kind"'), []);
    for (let end = 0; end <= text.length; end += 3) hoverAt(new Outline(text.slice(0, end)), end);
  });
});
