/** The advice to run more seeds, and the button that takes its place. */
import assert from 'node:assert/strict';
import { byButton, moreSeeds } from '../../../src/shared/moreSeeds';

describe('the advice to run more seeds', () => {
  const reason = (seeds: number) => `There is 1 pair, and a verdict needs at least 20: ${moreSeeds(seeds)}.`;

  it('names the button that runs enough of them', () => {
    assert.equal(
      byButton(reason(20), 'Run 20 seeds', 20),
      'There is 1 pair, and a verdict needs at least 20: choose “Run 20 seeds”.',
    );
  });

  it('stays where the button runs too few, and is the only thing that changes', () => {
    assert.equal(byButton(reason(30), 'Run 20 seeds', 20), reason(30));
    assert.equal(byButton('The p-value is above 0.05.', 'Run 20 seeds', 20), 'The p-value is above 0.05.');
  });
});
