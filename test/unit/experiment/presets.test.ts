import assert from 'node:assert/strict';
import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { presets } from '../../../src/experiment/presets';
import { readExperiment } from '../../../src/experiment/read';

const folder = join(process.cwd(), 'examples');
const suffix = '.bnexp.json';

describe('presets', () => {
  it('are the files of examples/, no more and no less', () => {
    const files = readdirSync(folder).filter((name) => name.endsWith(suffix));
    assert.deepEqual(presets.map(({ id }) => `${id}${suffix}`).sort(), files.sort());
  });

  it('begin with the first one', () => assert.equal(presets[0].id, 'first'));

  for (const { id, title, summary, text } of presets) {
    it(`${id} is its file, and sound`, () => {
      assert.equal(text, readFileSync(join(folder, `${id}${suffix}`), 'utf8'));
      const { plan, diagnostics } = readExperiment(text);
      // Batches of two are what that preset is about.
      const expected =
        id === 'batch-size-two' ? [/^a batch of 2 gives each mean and variance of hidden1 two numbers/] : [];
      assert.equal(diagnostics.length, expected.length, JSON.stringify(diagnostics));
      expected.forEach((message, index) => {
        assert.equal(diagnostics[index].severity, 'warning');
        assert.match(diagnostics[index].message, message);
      });
      assert.equal(plan?.name, title);
      assert.ok((plan?.arms.length ?? 0) >= 2);
    });

    it(`${id} says in one line what it is about`, () => {
      assert.ok(summary.length > 20 && summary.length < 400, summary);
      assert.doesNotMatch(summary, /[\n*`]/);
    });
  }
});
