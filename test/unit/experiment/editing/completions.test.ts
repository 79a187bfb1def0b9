/** Completions that depend on the rest of the experiment. `|` is the cursor. */
import assert from 'node:assert/strict';
import { type Completion, completionsAt } from '../../../../src/experiment/editing/completions';
import { applied } from '../../../../src/experiment/editing/edits';
import { Outline } from '../../../../src/experiment/editing/outline';
import { readExperiment } from '../../../../src/experiment/read';

const base = '"data": { "kind": "moons" }, "network": { "layers": [{ "dense": 8 }, { "dense": 4 }] }';
const arms = '"arms": { "without": {}, "BatchNorm": { "network": { "normalization": "batch" } } }';

function offered(marked: string) {
  const offset = marked.indexOf('|');
  const text = marked.replace('|', '');
  const { items, offset: start, length } = completionsAt(new Outline(text), offset);
  /** The text with an item. */
  const chosen = (label: string) => {
    const item = items.find((each) => each.label === label) ?? assert.fail(`${label} is not offered: ${labels(items)}`);
    return applied(text, [{ offset: start, length, text: item.insert }]);
  };
  return { items, labels: labels(items), chosen };
}

const labels = (items: readonly Completion[]) => items.map(({ label }) => label);

describe('completions', () => {
  it('of arms in claims: those that the claim does not name', () => {
    const { labels, chosen } = offered(`{ ${base}, ${arms}, "claim": { "better": "BatchNorm", "than": | } }`);
    assert.deepEqual(labels, ['without']);
    assert.match(chosen('without'), /"than": "without" \}/);
    assert.deepEqual(offered(`{ ${base}, ${arms}, "claim": [{ "than": "with|" }] }`).labels, ['without', 'BatchNorm']);
  });

  it('of metrics: the channels that both arms have, in this network', () => {
    const { labels, chosen } = offered(
      `{ ${base}, ${arms}, "claim": { "metric": "|", "better": "BatchNorm", "than": "without" } }`,
    );
    assert.deepEqual(labels.slice(0, 4), ['testAccuracy', 'trainAccuracy', 'testLoss', 'trainLoss']);
    for (const name of ['hidden2/activated/std', 'hidden*/activated/std', 'output/linear/mean'])
      assert.ok(labels.includes(name), name);
    for (const name of ['hidden3/activated/std', 'hidden1/scale/mean']) assert.ok(!labels.includes(name), name);
    assert.match(chosen('hidden2/activated/std'), /"metric": "hidden2\/activated\/std", "better"/);
    const own = offered(`{ ${base}, ${arms}, "claim": { "metric": "|", "better": "BatchNorm" } }`);
    assert.ok(own.labels.includes('hidden1/scale/mean'), 'a channel of the only named arm');
  });

  it('of metrics are the losses for a regression', () => {
    const { labels } = offered(
      '{ "data": { "kind": "csv", "path": "x.csv", "task": "regression" }, "network": { "layers": [] }, "claim": { "metric": | } }',
    );
    assert.deepEqual(labels.slice(0, 2), ['testLoss', 'trainLoss']);
  });

  it('of axes: pointers to what the base has, with values around it', () => {
    const { labels, chosen } = offered(`{ ${base}, "sweep": { "|" } }`);
    for (const pointer of ['/network/layers/1/dense', '/training/optimizer/momentum'])
      assert.ok(labels.includes(pointer), pointer);
    assert.ok(!labels.includes('/training/steps'), 'the schema offers it');
    assert.ok(!labels.some((label) => label.startsWith('/training/seeds')), String(labels));
    const text = chosen('/network/layers/1/dense');
    assert.match(text, /"sweep": \{ "\/network\/layers\/1\/dense": \[2, 4, 8\] \}/);
    assert.deepEqual(readExperiment(text).diagnostics, []);
  });

  it('of axes are all valid', () => {
    const { labels, chosen } = offered(
      `{ ${base.replace('"layers"', '"normalization": "batch", "layers"')}, "sweep": { | } }`,
    );
    assert.ok(labels.length > 7, String(labels));
    for (const label of labels) {
      const errors = readExperiment(chosen(label)).diagnostics.filter(
        ({ severity, message }) => severity === 'error' && !/changes nothing|identical/.test(message),
      );
      assert.deepEqual(errors, [], label);
    }
  });

  it('of arms: each a change of the base, and valid', () => {
    const { labels, chosen } = offered(`{ ${base}, "arms": { "first": {}, "|" } }`);
    for (const arm of ['BatchNorm', 'rate 1', 'tanh', 'adam']) assert.ok(labels.includes(arm), arm);
    assert.ok(!labels.includes('without'), 'the base has no normalization');
    assert.deepEqual(readExperiment(chosen('BatchNorm')).diagnostics, []);
    for (const label of labels.filter((each) => each !== 'base')) {
      assert.deepEqual(readExperiment(chosen(label)).diagnostics, [], label);
    }
  });

  it('of properties of an arm: what the base may be patched with', () => {
    const { labels, chosen } = offered(`{ ${base}, "arms": { "first": {}, "second": { | } } }`);
    assert.ok(labels.includes('Normalization: batch') && labels.includes('Learning rate: 0.01'), String(labels));
    assert.deepEqual(readExperiment(chosen('Learning rate: 0.01')).diagnostics, []);
  });

  it('of numbers of an arm: around the number of the base', () => {
    const { items } = offered(
      `{ ${base}, "arms": { "first": { "training": { "optimizer": { "learningRate": | } } } } }`,
    );
    assert.deepEqual(
      items.map(({ label, detail }) => `${label}: ${detail}`),
      ['1: the base has 0.1', '0.01: the base has 0.1'],
    );
  });

  it('of layers to watch', () => {
    assert.deepEqual(offered(`{ ${base}, "watch": { "layers": [|] } }`).labels, ['hidden1', 'hidden2', 'output']);
    assert.deepEqual(offered(`{ ${base}, "watch": { "layers": ["hidden1", "|"] } }`).labels.length, 3);
  });

  it('add a comma before the next property', () => {
    const { chosen } = offered(`{ ${base}, "arms": { | "last": {} } }`);
    assert.deepEqual(readExperiment(chosen('BatchNorm')).diagnostics, []);
  });

  it('are none elsewhere, and at any place of any text', () => {
    assert.deepEqual(offered(`{ ${base}, "notes": "|" }`).labels, []);
    const text = `{ ${base}, ${arms}, "claim": { "metric": "" }, "sweep": { "": [] } }`;
    for (let end = 0; end <= text.length; end++) completionsAt(new Outline(text.slice(0, end)), end);
  });
});
