/** Compares every kernel that has a backward pass with finite differences of its forward pass, on odd sizes. */

import { describeOnAll } from '../implementations';
import { assertClose, largest } from '../support/compare';
import { grid, numericGradient, weightedSum } from '../support/differences';
import { draws } from '../support/draws';
import { activation, filled, filledWeights, scalarKinds, valuesOf } from '../support/networks';

const sizes = [
  [1, 1],
  [1, 4],
  [2, 1],
  [2, 3],
  [3, 1],
  [3, 2],
  [5, 7],
] as const;

describeOnAll('finite differences of the kernels', (kernels) => {
  for (const kind of scalarKinds) {
    it(`activation ${kind}`, () => {
      // Further from the kink than the widest step.
      const points = grid(draws(1).normals(40, 2)).map((v) => v + (v < 0 ? -0.25 : 0.25));
      const x = filled(kernels, 4, 10, points);
      const y = kernels.tensor(4, 10);
      const coefficients = draws(2).normals(40);
      const objective = () => {
        kernels.activate(activation(kind), x, y);
        return weightedSum(coefficients, kernels.read(y));
      };
      const numeric = numericGradient(kernels, x, objective);
      objective();
      const dx = kernels.tensor(4, 10);
      kernels.activateGradient(activation(kind), x, y, filled(kernels, 4, 10, coefficients), dx);
      // The difference is that of a sum over all 40 outputs, whose rounding scales with the sum instead of one output.
      assertClose(kernels.read(dx), numeric, { category: 'differences, activation', what: kind, tolerance: 2e-5 });
    });
  }

  for (const [rows, inputs] of sizes) {
    for (const outputs of [1, 2, 5]) {
      it(`dense layer, ${rows} × ${inputs} → ${outputs}`, () => {
        const random = draws(rows + 10 * inputs + 100 * outputs);
        const x = filled(kernels, rows, inputs, grid(random.normals(rows * inputs)));
        const weights = filledWeights(kernels, outputs, inputs, grid(random.normals(outputs * inputs)));
        const bias = filled(kernels, 1, outputs, grid(random.normals(outputs)));
        const y = kernels.tensor(rows, outputs);
        const coefficients = random.normals(rows * outputs);
        const objective = () => {
          kernels.dense(x, weights, bias, y);
          return weightedSum(coefficients, kernels.read(y));
        };
        const dy = filled(kernels, rows, outputs, coefficients);
        const [dx, dWeights, dBias] = [x, weights, bias].map((t) => kernels.like(t));
        kernels.denseInputGradient(dy, weights, dx);
        kernels.denseParameterGradients(x, dy, dWeights, dBias);
        for (const [name, t, gradient] of [
          ['dx', x, dx],
          ['dWeights', weights, dWeights],
          ['dBias', bias, dBias],
        ] as const) {
          // y is linear in each of them: a step of 1 loses no accuracy, and reduces the effect of rounding.
          const numeric = numericGradient(kernels, t, objective, 1);
          assertClose(kernels.read(gradient), numeric, { category: 'differences, dense', what: name, tolerance: 5e-6 });
        }
      });
    }
  }

  for (const [rows, columns] of sizes) {
    it(`losses of ${rows} × ${columns} outputs`, () => {
      const random = draws(7 * rows + columns);
      const y = filled(kernels, rows, columns, grid(random.normals(rows * columns)));
      const targets = filled(kernels, rows, columns, random.normals(rows * columns));
      const labels = Int32Array.from({ length: rows }, (_, r) => r % columns);
      const gradient = kernels.tensor(rows, columns);
      for (const [name, loss] of [
        ['cross-entropy', () => kernels.softmaxCrossEntropy(y, labels, gradient).loss],
        ['mean squared error', () => kernels.meanSquaredError(y, targets, gradient).loss],
      ] as const) {
        const numeric = numericGradient(kernels, y, loss);
        loss();
        const actual = valuesOf(kernels, gradient);
        // The gradient of a single class is 0; its scale is the 1 / rows of a probability.
        const scale = Math.max(1 / rows, largest(numeric));
        assertClose(actual, numeric, { category: 'differences, loss', what: name, tolerance: 5e-6, scale });
      }
    });
  }
});
