/** The kernels in isolation: memory, products of every size, moments, and checks for numbers that are not finite. */
import assert from 'node:assert/strict';
import { describeOnAll } from './implementations';
import { assertClose } from './support/compare';
import { draws } from './support/draws';
import { filled, filledWeights, valuesOf } from './support/networks';

describeOnAll('memory', (kernels) => {
  it('is zero in a new tensor, which has its shape', () => {
    const t = kernels.tensor(3, 5);
    assert.deepEqual([t.rows, t.columns], [3, 5]);
    assert.deepEqual(valuesOf(kernels, t), new Float32Array(15));
  });

  for (const [rows, columns] of [
    [1, 1],
    [1, 9],
    [7, 1],
    [3, 5],
    [8, 16],
    [9, 17],
  ]) {
    it(`returns what was written into ${rows} × ${columns}, row-major`, () => {
      const values = draws(rows).normals(rows * columns);
      const t = filled(kernels, rows, columns, values);
      assert.deepEqual(valuesOf(kernels, t), values);
      // A tensor does not share the memory of the array written into it.
      const kept = values.slice();
      values.fill(0);
      assert.deepEqual(valuesOf(kernels, t), kept);
    });
  }

  it('is copied with the same bits, including infinities, NaN and the sign of 0', () => {
    for (const make of [filled, filledWeights]) {
      const values = draws(8).normals(7 * 11);
      values.set([-0, Number.NaN, Number.NEGATIVE_INFINITY, 1e-45]);
      const from = make(kernels, 7, 11, values);
      const to = kernels.like(from);
      kernels.copy(from, to);
      assert.deepEqual(valuesOf(kernels, to), values);
      assert.ok(Object.is(valuesOf(kernels, to)[0], -0));
      // The copy has its own memory.
      kernels.write(from, new Float32Array(77));
      assert.deepEqual(valuesOf(kernels, to), values);
    }
  });

  it('is zero again after release', () => {
    filled(kernels, 40, 9, new Float32Array(360).fill(7));
    kernels.release();
    assert.deepEqual(valuesOf(kernels, kernels.tensor(30, 10)), new Float32Array(300));
    assert.deepEqual(valuesOf(kernels, kernels.weights(5, 6)), new Float32Array(30));
  });

  it('is gathered by rows in the order of the indices, also repeated ones', () => {
    const source = kernels.examples(
      Float32Array.from({ length: 12 }, (_, k) => k),
      4,
      3,
    );
    const out = kernels.tensor(3, 3);
    kernels.gatherRows(source, Uint32Array.of(2, 0, 2), out);
    assert.deepEqual(valuesOf(kernels, out), Float32Array.of(6, 7, 8, 0, 1, 2, 6, 7, 8));
  });

  it('is gathered from bytes as from their numbers, to the last bit', () => {
    // Rows with and without a rest behind the groups of 8, and images of one and of three channels.
    for (const [columns, positions] of [
      [32, 1],
      [13, 1],
      [1, 32],
      [3, 10],
    ]) {
      const width = columns * positions;
      const rows = Math.ceil(512 / width);
      const bytes = Uint8Array.from({ length: rows * width }, (_, k) => k);
      const numbers = Float32Array.from(bytes, (byte) => byte / 255);
      const indices = Uint32Array.from({ length: rows }, (_, k) => rows - 1 - k);
      // Three channels with levels of their own, where the numbers of an example are pixels of three.
      const channels = width % 3 === 0 ? 3 : 1;
      const levels = Float32Array.from({ length: 256 * channels }, (_, k) => k / 7 - 20);
      const levelled = Float32Array.from(bytes, (byte, k) => levels[256 * (k % channels) + byte]);
      const [plain, same, withLevels, alsoSame] = [
        kernels.byteExamples(bytes, rows, width),
        kernels.examples(numbers, rows, width),
        kernels.byteExamples(bytes, rows, width, levels),
        kernels.examples(levelled, rows, width),
      ].map((source) => {
        const out = kernels.tensor(rows * positions, columns);
        kernels.gatherRows(source, indices, out);
        return valuesOf(kernels, out).slice();
      });
      assert.deepEqual(plain, same, `${positions} × ${columns}`);
      assert.deepEqual(withLevels, alsoSame, `${positions} × ${columns}, with levels`);
    }
  });

  it('is gathered through a view of a longer list of indices', () => {
    const source = kernels.examples(Float32Array.of(10, 11, 12, 13), 4, 1);
    const out = kernels.tensor(2, 1);
    kernels.gatherRows(source, Uint32Array.of(0, 3, 1, 2).subarray(1, 3), out);
    assert.deepEqual(valuesOf(kernels, out), Float32Array.of(13, 11));
  });
});

/** a [n × k] · bᵀ [k × m] in float64. */
function product(
  a: Float32Array,
  b: Float32Array,
  n: number,
  k: number,
  m: number,
  at: (r: number, c: number, i: number) => [number, number],
) {
  return Float64Array.from({ length: n * m }, (_, index) => {
    const [r, c] = [Math.floor(index / m), index % m];
    let sum = 0;
    for (let i = 0; i < k; i++) {
      const [ka, kb] = at(r, c, i);
      sum += a[ka] * b[kb];
    }
    return sum;
  });
}

describeOnAll('products', (kernels) => {
  // Sizes around the multiples of 4 and 8 that fast kernels treat specially.
  const sizes = [1, 3, 4, 5, 8, 9, 17];
  it('of the dense layer, all three, are correct at every size from 1 to 17', () => {
    for (const rows of sizes)
      for (const inputs of sizes)
        for (const outputs of sizes) {
          const random = draws(rows * 289 + inputs * 17 + outputs);
          const x = random.normals(rows * inputs);
          const w = random.normals(outputs * inputs);
          const b = random.normals(outputs);
          const d = random.normals(rows * outputs);
          const [X, W] = [filled(kernels, rows, inputs, x), filledWeights(kernels, outputs, inputs, w)];
          const [B, D] = [filled(kernels, 1, outputs, b), filled(kernels, rows, outputs, d)];
          const [y, plain] = [kernels.tensor(rows, outputs), kernels.tensor(rows, outputs)];
          const [dx, dw, db] = [kernels.tensor(rows, inputs), kernels.like(W), kernels.tensor(1, outputs)];
          kernels.dense(X, W, B, y);
          kernels.dense(X, W, null, plain);
          kernels.denseInputGradient(D, W, dx);
          kernels.denseParameterGradients(X, D, dw, db);

          const expect = (what: string) => ({
            category: 'products',
            what: `${what} of ${rows} × ${inputs} → ${outputs}`,
            tolerance: 5e-7,
          });
          const xw = product(x, w, rows, inputs, outputs, (r, c, i) => [r * inputs + i, c * inputs + i]);
          assertClose(kernels.read(plain), xw, { ...expect('x · Wᵀ'), scale: 1 });
          assertClose(
            kernels.read(y),
            xw.map((v, k) => v + b[k % outputs]),
            { ...expect('x · Wᵀ + b'), scale: 1 },
          );
          const dyw = product(d, w, rows, outputs, inputs, (r, c, i) => [r * outputs + i, i * inputs + c]);
          assertClose(kernels.read(dx), dyw, { ...expect('dy · W'), scale: 1 });
          const dyx = product(d, x, outputs, rows, inputs, (r, c, i) => [i * outputs + r, i * inputs + c]);
          assertClose(kernels.read(dw), dyx, { ...expect('dyᵀ · x'), scale: 1 });
          const sums = product(d, new Float32Array(rows).fill(1), outputs, rows, 1, (r, _, i) => [i * outputs + r, i]);
          assertClose(kernels.read(db), sums, { ...expect('Σ dy'), scale: 1 });
        }
  });

  it('overwrite earlier parameter gradients instead of adding to them', () => {
    const [x, dy] = [filled(kernels, 2, 2, [1, 2, 3, 4]), filled(kernels, 2, 1, [1, 1])];
    const [dw, db] = [filledWeights(kernels, 1, 2, [9, 9]), filled(kernels, 1, 1, [9])];
    kernels.denseParameterGradients(x, dy, dw, db);
    assert.deepEqual([...kernels.read(dw)], [4, 6]);
    assert.deepEqual([...kernels.read(db)], [2]);
  });
});

describeOnAll('moments', (kernels) => {
  it('preserve a small variance around a large mean', () => {
    const [rows, columns] = [50, 3];
    const x = draws(4)
      .normals(rows * columns, 0.05)
      .map((v, k) => v + [0, 1000, -30000][k % columns]);
    const [mean, variance] = [kernels.tensor(1, columns), kernels.tensor(1, columns)];
    kernels.moments(filled(kernels, rows, columns, x), 'squares', mean, variance);
    for (let c = 0; c < columns; c++) {
      const column = Array.from(x).filter((_, k) => k % columns === c);
      const expectedMean = column.reduce((sum, v) => sum + v) / rows;
      const expected = column.reduce((sum, v) => sum + (v - expectedMean) ** 2, 0) / rows;
      assertClose([kernels.read(mean)[c]], [expectedMean], {
        category: 'moments',
        what: 'mean',
        tolerance: 2e-7,
        scale: 0.05,
      });
      assertClose([kernels.read(variance)[c]], [expected], { category: 'moments', what: 'variance', tolerance: 1e-6 });
    }
  });

  it('have a variance of exactly 0 for a constant column, whatever the constant', () => {
    for (const constant of [0, 0.1, -3.3, 1e-20, 12345.678]) {
      const x = filled(kernels, 60, 1, new Float32Array(60).fill(constant));
      const [mean, variance] = [kernels.tensor(1, 1), kernels.tensor(1, 1)];
      kernels.moments(x, 'squares', mean, variance);
      assert.equal(kernels.read(mean)[0], Math.fround(constant));
      assert.equal(kernels.read(variance)[0], 0);
    }
  });

  it('of the whole batch are those of all numbers', () => {
    const x = filled(kernels, 2, 3, [1, 2, 3, 4, 5, 6]);
    const [mean, variance] = [kernels.tensor(1, 1), kernels.tensor(1, 1)];
    kernels.moments(x, 'squares', mean, variance);
    assertClose(kernels.read(mean), [3.5], { category: 'moments', what: 'mean', tolerance: 0 });
    assertClose(kernels.read(variance), [35 / 12], { category: 'moments', what: 'variance', tolerance: 1e-7 });
  });
});

describeOnAll('checks by the kernels', (kernels) => {
  it('find a NaN or an infinity at any index (allFinite)', () => {
    const size = [3, 11] as const;
    const values = draws(1).normals(33, 1e30);
    assert.equal(kernels.allFinite(filled(kernels, ...size, values)), true);
    assert.equal(kernels.allFinite(filled(kernels, ...size, new Float32Array(33).fill(3.4e38))), true);
    for (const bad of [Number.NaN, Number.POSITIVE_INFINITY, Number.NEGATIVE_INFINITY]) {
      for (let k = 0; k < values.length; k++) {
        const spoiled = values.slice();
        spoiled[k] = bad;
        assert.equal(kernels.allFinite(filled(kernels, ...size, spoiled)), false, `${bad} at ${k}`);
      }
    }
  });

  it('sum squares (sumOfSquares)', () => {
    assert.equal(kernels.sumOfSquares(filled(kernels, 1, 3, [1, -2, 3])), 14);
    assert.equal(kernels.sumOfSquares(kernels.tensor(2, 2)), 0);
  });
});

describeOnAll('tensors after the memory has grown', (kernels) => {
  it('keep their shape and numbers, whichever allocation grew the memory', () => {
    // Sizes are no multiples of header blocks, so that the memory grows for tensors, for headers and for scratch.
    const made = Array.from({ length: 1500 }, (_, k) => {
      const [rows, columns] = [1 + (k % 7), 1 + ((k * 13) % 23)];
      const values = Float32Array.from({ length: rows * columns }, (_, at) => k + at / 1024);
      return { t: filled(kernels, rows, columns, values), values };
    });
    for (const { t, values } of made) assert.deepEqual(valuesOf(kernels, t), values);
  });
});
