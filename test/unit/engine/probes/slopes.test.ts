/** ∂y/∂x of every normalization for constant statistics, compared with its outputs. */
import assert from 'node:assert/strict';
import { makeNormalization } from '../../../../src/engine/layers/makeNormalization';
import { row } from '../../../../src/engine/shape';
import type { ValueNormalizationSpecification } from '../../../../src/engine/specification';
import { describeOnAll } from '../implementations';
import { draws } from '../support/draws';
import { batch, filled, valuesOf } from '../support/networks';

const parts = { placement: 'before-activation', scale: true, shift: true, epsilon: 1e-5 } as const;
const renorm = {
  kind: 'batch-renorm',
  ...parts,
  momentum: 0.1,
  rMax: 1.5,
  dMax: 0.5,
  relaxFrom: 0,
  rMaxAt: 1,
  dMaxAt: 1,
} as const;

/** Each with the rows that share statistics with the previous row, and whether the statistics are constant. */
const normalizations: Record<string, ValueNormalizationSpecification> = {
  batch: batch(),
  'batch, unbiased, no scale': batch({ variance: 'unbiased', scale: false }),
  'whole batch': batch({ statistics: 'whole-batch' }),
  'ghost batches': batch({ ghostBatchSize: 4 }),
  frozen: batch({ freezeAt: 0 }),
  ℓ1: batch({ kind: 'batch-l1' }),
  renorm,
  'renorm, frozen': { ...renorm, freezeAt: 0 },
  layer: { kind: 'layer', ...parts },
  rms: { kind: 'rms', ...parts },
  group: { kind: 'group', groups: 2, ...parts },
};

const [rows, columns] = [8, 6];

describeOnAll('the slopes of a normalization', (kernels) => {
  for (const [name, specification] of Object.entries(normalizations)) {
    it(name, () => {
      const random = draws(6);
      const normalization = makeNormalization(kernels, specification, row(columns));
      const scales = normalization.scale ? random.normals(columns, 0.5, 1) : new Float32Array(columns).fill(1);
      if (normalization.scale) kernels.write(normalization.scale.value, scales);
      const x = filled(kernels, rows, columns, random.normals(rows * columns, 2, 0.7));
      const y = kernels.tensor(rows, columns);
      const pass = normalization.pass(rows);
      pass.forward(x, y, { mode: 'training', step: 2 });
      const slopes = pass.slopes();
      const stretch = rows / (slopes.length / columns);
      const [u, v] = [valuesOf(kernels, x), valuesOf(kernels, y)];
      const isPerExample = normalization.running === null;
      const group = specification.kind === 'group' ? 3 : columns;
      let compared = 0;
      for (let r = 0; r < rows; r++) {
        for (let c = 0; c < columns; c++) {
          const slope = slopes[Math.floor(r / stretch) * columns + c];
          // A different number with the same statistics, and no shift of its own.
          const [here, other] = [r * columns + c, isPerExample ? r * columns + c - 1 : (r - 1) * columns + c];
          if (isPerExample ? c % group === 0 : r % stretch === 0) continue;
          const scale = isPerExample ? scales[c] / scales[c - 1] : 1;
          const found = (v[here] - scale * v[other]) / (u[here] - u[other]);
          assert.ok(Math.abs(found - slope) < 2e-4 * Math.abs(slope), `${found} at ${r}, ${c}, slope ${slope}`);
          compared++;
        }
      }
      assert.ok(compared >= rows * (columns / 2));
    });
  }
});
