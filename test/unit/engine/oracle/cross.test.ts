/**
 * The whole cross product compared with PyTorch: every normalization × activation × loss × bias, each by four numbers: the
 * loss, and the projections onto a fixed random vector of all values, of all gradients, and of the evaluation.
 * Any wrong number changes a projection; `normalization.test.ts` then shows which one.
 */

import assert from 'node:assert/strict';
import type { ActivationKind } from '../../../../src/engine/specification';
import { describeOnAll, slack } from '../implementations';
import { assertClose } from '../support/compare';
import { fixture } from '../support/fixtures';
import { type ByLayer, type Choice, runCase, type Shared, type Tabled } from './normalizedNetwork';

interface Fixture {
  normalizations: Tabled[];
  outer: { activation: ActivationKind[]; loss: Choice['lossKind'][]; bias: boolean[] };
  /** Loss and the three projections, ordered by normalization and then as `outer`, with the last factor fastest. */
  rows: [number, number, number, number][];
}

/** As in `normalization.test.ts`, relative to the norm of the projected numbers: their roundings are independent. */
const tolerance = 2e-6;

const { shared } = fixture<{ shared: Shared }>('normalization.json');
const { normalizations, outer, rows } = fixture<Fixture>('cross.json');

/** The projection of all numbers, in order, and their norm. */
function project(values: ArrayLike<number>[]): { projection: number; norm: number } {
  const all = values.flatMap((v) => Array.from(v));
  return {
    projection: all.reduce((sum, value, k) => sum + value * shared.projection[k], 0),
    norm: Math.hypot(...all),
  };
}

function leaves(...trees: ByLayer[]): ArrayLike<number>[] {
  return trees.flatMap((tree) => Object.values(tree).flatMap((places) => Object.values(places)));
}

describeOnAll('the cross product of normalizations and their surroundings compared with PyTorch', (kernels) => {
  const choices = normalizations.flatMap((normalization) =>
    outer.activation.flatMap((activation) =>
      outer.loss.flatMap((lossKind) => outer.bias.map((bias) => ({ normalization, activation, lossKind, bias }))),
    ),
  );

  it('has a row for each combination', () => {
    assert.equal(choices.length, (2 ** 6 * 3 + 1) * 24);
    assert.equal(rows.length, choices.length);
  });

  for (const activation of outer.activation) {
    it(`agrees for ${activation}`, () => {
      for (const [k, choice] of choices.entries()) {
        if (choice.activation !== activation) continue;
        const outcome = runCase(kernels, shared, choice);
        const projections = [
          { projection: outcome.loss, norm: outcome.loss },
          project(leaves(outcome.values)),
          project(leaves(outcome.gradients, outcome.parameterGradients)),
          project([outcome.evaluation]),
        ];
        projections.forEach(({ projection, norm }, column) => {
          assertClose([projection], [rows[k][column]], {
            category: 'cross product',
            what: `column ${column} of ${JSON.stringify(choice)}`,
            tolerance: slack(kernels) * tolerance,
            scale: norm,
          });
        });
      }
    });
  }
});
