/** Both losses and their gradients compared with PyTorch, also for widely spread logits. */
import assert from 'node:assert/strict';
import { describeOnAll, slack } from '../implementations';
import { assertClose } from '../support/compare';
import { fixture } from '../support/fixtures';
import { filled, valuesOf } from '../support/networks';

interface LossCase {
  kind: 'cross-entropy' | 'mean-squared-error';
  rows: number;
  columns: number;
  outputs: number[];
  labels: number[];
  targets: number[];
  loss: number;
  gradient: number[];
  correct: number;
}

/** A few roundings: the inputs are exact, sums are short. */
const tolerance = 5e-7;

const { cases } = fixture<{ cases: LossCase[] }>('losses.json');

describeOnAll('losses compared with PyTorch', (kernels) => {
  for (const [index, expected] of cases.entries()) {
    const { kind, rows, columns, outputs, labels, targets } = expected;
    it(`${kind} of ${rows} × ${columns} outputs (case ${index})`, () => {
      const y = filled(kernels, rows, columns, outputs);
      const gradient = kernels.tensor(rows, columns);
      const result =
        kind === 'cross-entropy'
          ? kernels.softmaxCrossEntropy(y, Int32Array.from(labels), gradient)
          : kernels.meanSquaredError(y, filled(kernels, rows, columns, Float32Array.from(targets)), gradient);
      assertClose([result.loss], [expected.loss], { category: 'loss kernel', what: 'loss', tolerance });
      assertClose(valuesOf(kernels, gradient), expected.gradient, {
        category: 'loss kernel',
        what: 'gradient',
        tolerance: slack(kernels) * tolerance,
      });
      assert.equal(result.correct, kind === 'cross-entropy' ? expected.correct : 0);
    });
  }

  it('cross-entropy is finite at the limits of float32', () => {
    const gradient = kernels.tensor(2, 2);
    const { loss, correct } = kernels.softmaxCrossEntropy(
      filled(kernels, 2, 2, [3e38, -3e38, -3e38, -3e38]),
      Int32Array.of(0, 1),
      gradient,
    );
    assertClose([loss], [Math.LN2 / 2], { category: 'loss kernel', what: 'loss', tolerance });
    assertClose(kernels.read(gradient), [0, 0, 0.25, -0.25], { category: 'loss kernel', what: 'gradient', tolerance });
    // Among equal outputs the first counts as the largest.
    assert.equal(correct, 1);
  });

  it('a NaN in any output makes the loss NaN', () => {
    for (const outputs of [
      [Number.NaN, 1],
      [1, Number.NaN],
    ]) {
      const gradient = kernels.tensor(1, 2);
      assert.ok(
        Number.isNaN(kernels.softmaxCrossEntropy(filled(kernels, 1, 2, outputs), Int32Array.of(0), gradient).loss),
      );
      assert.ok(
        Number.isNaN(kernels.meanSquaredError(filled(kernels, 1, 2, outputs), kernels.tensor(1, 2), gradient).loss),
      );
    }
  });
});
