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

  it('show nothing elsewhere, and never fail', () => {
    assert.deepEqual(linesAt('"kind"'), []);
    for (let end = 0; end <= text.length; end += 3) hoverAt(new Outline(text.slice(0, end)), end);
  });
});
