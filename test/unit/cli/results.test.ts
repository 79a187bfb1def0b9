/** The result tables. */
import assert from 'node:assert/strict';
import { createColors } from 'picocolors';
import { resultsText } from '../../../src/cli/resultsText';
import { table } from '../../../src/cli/textTable';
import type { FinalResults, RunSummary } from '../../../src/protocol';
import { summaryOf } from './support';

const plain = createColors(false);
const text = (summaries: RunSummary[]) => resultsText(summaries, [], plain);
const final = (testLoss: number, testAccuracy: number): FinalResults => ({
  trainLoss: 0.25,
  testLoss,
  trainAccuracy: 0.9,
  testAccuracy,
});

describe('results', () => {
  it('list every run, each arm over its seeds, and pairs of arms', () => {
    const summaries = [
      summaryOf('without', 1, { final: final(0.5, 0.7) }),
      summaryOf('BatchNorm', 1, { final: final(0.2, 0.9) }),
      summaryOf('without', 2, { final: final(0.7, 0.6) }),
      summaryOf('BatchNorm', 2, { final: final(0.3, 0.9) }),
    ];
    assert.equal(
      text(summaries),
      `
arm        seed  status     steps  train loss  test loss  train accuracy  test accuracy  seconds
without       1  completed     20      0.2500     0.5000         90.00 %        70.00 %     0.50
BatchNorm     1  completed     20      0.2500     0.2000         90.00 %        90.00 %     0.50
without       2  completed     20      0.2500     0.7000         90.00 %        60.00 %     0.50
BatchNorm     2  completed     20      0.2500     0.3000         90.00 %        90.00 %     0.50

mean ± std  runs  train loss         test loss    train accuracy     test accuracy
without        2  0.2500 ± 0   0.6000 ± 0.1414  90.00 % ± 0.00 %  65.00 % ± 7.07 %
BatchNorm      2  0.2500 ± 0  0.2500 ± 0.07071  90.00 % ± 0.00 %  90.00 % ± 0.00 %

mean paired difference  pairs  train loss  test loss  train accuracy  test accuracy
BatchNorm − without         2          +0    −0.3500    +0.00 points  +25.00 points
`.trim(),
    );
  });

  it('have no spread for one seed, and no pairs for one arm', () => {
    assert.doesNotMatch(text([summaryOf('a', 1), summaryOf('b', 1)]), /mean/);
    const oneArm = text([summaryOf('a', 1), summaryOf('a', 2)]);
    assert.match(oneArm, /mean ± std/);
    assert.doesNotMatch(oneArm, /paired/);
  });

  it('have no accuracy for a regression', () => {
    const regression = text([summaryOf('a', 1, { final: { trainLoss: 1, testLoss: 2 } })]);
    assert.doesNotMatch(regression, /accuracy/);
    assert.match(regression, /2\.000/);
  });

  it('exclude runs without a result from means and pairs, and report how many', () => {
    const lost = { status: 'cancelled', final: null } as const;
    const shown = text([
      summaryOf('a', 1, { final: final(0.1, 0.5) }),
      summaryOf('b', 1, { final: final(0.3, 0.6) }),
      summaryOf('a', 2, { final: final(0.2, 0.5) }),
      summaryOf('b', 2, lost),
    ]);
    assert.match(shown, /b +2 +cancelled +20 +– +– +– +– +0\.50/);
    assert.match(shown, /b +1 of 2 +0\.2500 +0\.3000/);
    assert.match(shown, /b − a +1 +\+0 +\+0\.2000/);
  });

  it('have no table of pairs if there is no pair', () => {
    const lost = { status: 'failed', final: null } as const;
    const shown = text([summaryOf('a', 1), summaryOf('b', 1, lost), summaryOf('a', 2), summaryOf('b', 2, lost)]);
    assert.doesNotMatch(shown, /paired/);
    assert.match(shown, /b +0 of 2 +–/);
  });

  it('have four significant digits for numbers of every size', () => {
    const losses = [0, 1e-9, 0.00012345, 123.456, 12345.67, 1e12];
    const rows = text(losses.map((loss, seed) => summaryOf('a', seed, { final: final(loss, 1) }))).split('\n');
    const shown = losses.map((_, k) => rows[k + 1].split(/ {2,}/)[5]);
    assert.deepEqual(shown, ['0', '1.000e−9', '0.0001234', '123.5', '12345.7', '1.000e12']);
  });

  it('escape control characters in names of arms', () => {
    assert.ok(!text([summaryOf('\u001b[31mred\u0007', 1)]).includes('\u001b'));
  });

  it('align columns by their widest cell, ignoring colours', () => {
    const red = (value: string) => `<red>${value}</red>`;
    assert.equal(
      table(
        [{ title: 'a' }, { title: 'bb', align: 'right' }],
        [
          ['long', { text: '1', paint: red }],
          ['x', '22'],
        ],
      ),
      'a     bb\nlong   <red>1</red>\nx     22',
    );
  });
});
