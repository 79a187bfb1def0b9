import assert from 'node:assert/strict';
import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { presets } from '../../../src/experiment/presets';
import { readExperiment } from '../../../src/experiment/read';

const folder = join(process.cwd(), 'examples');
const suffix = '.bnexp.json';

describe('presets', () => {
  it('are exactly the files of examples/', () => {
    const files = readdirSync(folder).filter((name) => name.endsWith(suffix));
    assert.deepEqual(presets.map(({ id }) => `${id}${suffix}`).sort(), files.sort());
  });

  it('start with the first one', () => assert.equal(presets[0].id, 'first'));

  for (const { id, title, summary, text } of presets) {
    it(`include ${id}, equal to its file and valid`, () => {
      assert.equal(text, readFileSync(join(folder, `${id}${suffix}`), 'utf8'));
      const { plan, diagnostics } = readExperiment(text);
      // That preset is about batches of two.
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

    it(`include a one-line summary of ${id}`, () => {
      assert.ok(summary.length > 20 && summary.length < 400, summary);
      assert.doesNotMatch(summary, /[\n*`]/);
    });
  }
});
