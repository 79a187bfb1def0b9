/**
 * Compares normalization with finite differences, in every combination of statistics, variance, gradient, scale, shift and
 * epsilon, on odd sizes. For detached gradients, the difference is computed with constant statistics.
 */

import type { Kernels } from '../../../../src/engine/kernels/kernels';
import { BatchNormalization } from '../../../../src/engine/layers/batchNormalization';
import type { PassContext } from '../../../../src/engine/layers/layer';
import { row } from '../../../../src/engine/shape';
import type { BatchNormalizationSpecification } from '../../../../src/engine/specification';
import { describeOnAll } from '../implementations';
import { assertClose, largest } from '../support/compare';
import { grid, numericGradient, weightedSum } from '../support/differences';
import { draws } from '../support/draws';
import { batch, filled, valuesOf } from '../support/networks';

const sizes = [
  [2, 1],
  [2, 3],
  [3, 1],
  [3, 5],
  [7, 2],
] as const;

/** Error of a difference itself, from rounding and extrapolation; see `differences.ts`. */
const tolerance = 1e-4;

function combinations(): BatchNormalizationSpecification[] {
  const all: BatchNormalizationSpecification[] = [];
  for (const statistics of ['per-feature', 'whole-batch'] as const)
    for (const variance of ['biased', 'unbiased'] as const)
      for (const gradient of ['through-statistics', 'detached'] as const)
        for (const scale of [true, false])
          for (const shift of [true, false])
            for (const epsilon of [0, 1e-5, 1e-3, 0.5])
              all.push(batch({ statistics, variance, gradient, scale, shift, epsilon }));
  return all;
}

/** Numbers whose columns vary widely relative to the steps of the differences: x̂ has a large curvature at small spreads. */
function spreadOut(rows: number, columns: number, seed: number): Float32Array {
  const random = draws(seed);
  const values = new Float32Array(rows * columns);
  for (let c = 0; c < columns; c++) {
    for (let r = 0; r < rows; r++) values[r * columns + c] = 4 * c + 3 * (r - rows / 2) + random.uniform();
  }
  return grid(values);
}

const training: PassContext = { mode: 'training', step: 0 };

function check(kernels: Kernels, specification: BatchNormalizationSpecification, rows: number, columns: number): void {
  const what = `${rows} × ${columns}, ${JSON.stringify(specification)}`;
  const random = draws(rows + 31 * columns);
  const normalization = new BatchNormalization(kernels, specification, row(columns));
  const scale = normalization.scale?.value ?? null;
  const shift = normalization.shift?.value ?? null;
  if (scale) kernels.write(scale, grid(random.normals(columns, 0.3, 1)));
  if (shift) kernels.write(shift, grid(random.normals(columns)));
  const x = filled(kernels, rows, columns, spreadOut(rows, columns, 5));
  const y = kernels.tensor(rows, columns);
  const coefficients = random.normals(rows * columns);
  const pass = normalization.pass(rows);
  const held = normalization.pass(rows);
  held.forward(x, y, training);

  const objective = () => {
    if (specification.gradient === 'detached') {
      kernels.normalize(x, held.mean, held.inverseStd, scale, shift, pass.xHat, y);
    } else {
      pass.forward(x, y, training);
    }
    return weightedSum(coefficients, kernels.read(y));
  };
  const dx = kernels.tensor(rows, columns);
  pass.forward(x, y, training);
  pass.backward(filled(kernels, rows, columns, coefficients), dx);
  // Most of the gradient through statistics cancels, and the remainder carries the rounding of the cancelled terms.
  const uncancelled =
    largest(coefficients) * largest(kernels.read(held.inverseStd)) * (scale ? largest(kernels.read(scale)) : 1);
  const analytic = valuesOf(kernels, dx);
  const dScale = normalization.scale && valuesOf(kernels, normalization.scale.gradient);
  const dShift = normalization.shift && valuesOf(kernels, normalization.shift.gradient);

  const category = 'differences, normalization';
  assertClose(analytic, numericGradient(kernels, x, objective), {
    category,
    what: `dx of ${what}`,
    tolerance,
    scale: uncancelled,
  });
  if (scale && dScale) {
    assertClose(dScale, numericGradient(kernels, scale, objective), { category, what: `dScale of ${what}`, tolerance });
  }
  if (shift && dShift) {
    assertClose(dShift, numericGradient(kernels, shift, objective), { category, what: `dShift of ${what}`, tolerance });
  }
}

describeOnAll('finite differences of the normalization', (kernels) => {
  for (const [rows, columns] of sizes) {
    it(`${rows} × ${columns}, all combinations`, () => {
      for (const specification of combinations()) check(kernels, specification, rows, columns);
    });
  }
});
