/** A cache changes the time of a reading, never its result. */
import assert from 'node:assert/strict';
import { presets } from '../../../src/experiment/presets';
import { readExperiment } from '../../../src/experiment/read';
import { ReadCache } from '../../../src/experiment/readCache';
import { textOf } from './support';

describe('readings with a cache', () => {
  const result = (text: string, cache?: ReadCache) => {
    const { plan, experiment, diagnostics } = readExperiment(text, cache ? { cache } : {});
    return JSON.stringify({ experiment, diagnostics, runs: plan?.runs.slice(0, 20) });
  };

  it('are the same, also when name, arms and base are edited', () => {
    const cache = new ReadCache();
    for (const { text } of presets) {
      const versions = [
        text,
        text.replace(/"name": "/, '"name": "New '),
        text.replace(/"steps": \d+/, '"steps": 7'),
        text,
      ];
      for (const version of versions) assert.equal(result(version, cache), result(version));
    }
  });

  it('check an arm once', () => {
    const cache = new ReadCache();
    const [first, second] = [1, 2].map((rate) => textOf({ arms: { a: {}, b: { training: { steps: rate } } } }));
    let checks = 0;
    const get = cache.get.bind(cache);
    cache.get = (input, check) =>
      get(input, () => {
        checks++;
        return check();
      });
    readExperiment(first, { cache });
    assert.equal(checks, 2);
    readExperiment(second, { cache });
    assert.equal(checks, 3);
  });

  it('read files again that may have changed', () => {
    const cache = new ReadCache();
    const text = textOf({ data: { kind: 'csv', path: 'x.csv' } });
    const errors = (exists: boolean) =>
      readExperiment(text, { cache, host: { fileExists: () => exists } }).diagnostics.length;
    assert.deepEqual([errors(true), errors(false), errors(true)], [0, 1, 0]);
  });
});
