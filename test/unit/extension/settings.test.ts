/** Defaults of settings that the command line has, too. */
import assert from 'node:assert/strict';
import { readFileSync } from 'node:fs';
import { defaultBudget } from '../../../src/runs/session/limits';

describe('settings', () => {
  it('have the same disk budget by default as the command line', () => {
    const { contributes } = JSON.parse(readFileSync('package.json', 'utf8'));
    assert.equal(contributes.configuration.properties['batchnormLab.diskBudget'].default, defaultBudget);
  });
});
