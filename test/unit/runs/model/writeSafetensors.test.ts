/** Files in the format safetensors, as the reference implementation writes them. */
import assert from 'node:assert/strict';
import { safetensorsBytes, type WrittenTensor } from '../../../../src/runs/model/writeSafetensors';
import { tensorsIn } from '../support/tensors';

const text = (characters: string) => [...characters].map((character) => character.charCodeAt(0));
const zeroToFive = [0, 0, 0, 0, 0, 0, 128, 63, 0, 0, 0, 64, 0, 0, 64, 64, 0, 0, 128, 64, 0, 0, 160, 64];
const attention = (name: string, shape: number[]): WrittenTensor => ({
  name,
  type: 'F32',
  shape,
  values: Float32Array.of(0, 1, 2, 3, 4, 5),
});

describe('a written safetensors file', () => {
  // Expected values of the tests of the reference implementation (safetensors/src/tensor.rs).
  it('has the bytes of the reference implementation', () => {
    assert.deepEqual(
      [...safetensorsBytes([attention('attn.0', [1, 2, 3])])],
      [64, 0, 0, 0, 0, 0, 0, 0]
        .concat(text('{"attn.0":{"dtype":"F32","shape":[1,2,3],"data_offsets":[0,24]}}'))
        .concat(zeroToFive),
    );
    assert.deepEqual(
      [...safetensorsBytes([attention('attn0', [1, 1, 2, 3])])],
      [72, 0, 0, 0, 0, 0, 0, 0]
        .concat(text('{"attn0":{"dtype":"F32","shape":[1,1,2,3],"data_offsets":[0,24]}}       '))
        .concat(zeroToFive),
    );
    assert.deepEqual([...safetensorsBytes([])], [8, 0, 0, 0, 0, 0, 0, 0].concat(text('{}      ')));
    assert.deepEqual(
      [...safetensorsBytes([], { framework: 'pt' })],
      [40, 0, 0, 0, 0, 0, 0, 0].concat(text('{"__metadata__":{"framework":"pt"}}     ')),
    );
  });

  const tensors: WrittenTensor[] = [
    { name: 'b', type: 'F32', shape: [2, 2], values: Float32Array.of(1, -0, Number.NaN, 1e-45) },
    { name: 'bytes', type: 'U8', shape: [3], values: Uint8Array.of(0, 7, 255) },
    { name: '1', type: 'F32', shape: [], values: Float32Array.of(0.1) },
    { name: 'count', type: 'I64', shape: [], values: BigInt64Array.of(-5n) },
    { name: 'labels', type: 'I32', shape: [2], values: Int32Array.of(-1, 2 ** 31 - 1) },
    { name: 'none', type: 'F32', shape: [0, 4], values: new Float32Array(0) },
    { name: 'hidden "1"\n', type: 'F32', shape: [1], values: Float32Array.of(3) },
  ];

  it('is read back with the same values, larger types first and then by name', () => {
    const { tensors: read, problems } = tensorsIn(safetensorsBytes(tensors, { note: 'é' }));
    assert.deepEqual(problems, []);
    // The reader keeps the order of an object of JavaScript, which puts whole numbers first.
    assert.deepEqual(
      read.map(({ name }) => name),
      ['1', 'count', 'b', 'hidden "1"\n', 'none', 'labels', 'bytes'],
    );
    for (const { name, type, shape, values } of tensors) {
      const found = read.find((tensor) => tensor.name === name);
      assert.deepEqual([found?.type, found?.shape], [type, shape]);
      assert.deepEqual([...(found?.values() ?? [])], Array.from(values as ArrayLike<number | bigint>, Number));
    }
  });

  it('has the same bytes whatever the order of its tensors', () => {
    assert.deepEqual(safetensorsBytes([...tensors].reverse()), safetensorsBytes(tensors));
  });

  it('has one value per place of a shape, and one tensor per name', () => {
    assert.throws(() => safetensorsBytes([attention('a', [5])]), /a has 6 values/);
    assert.throws(() => safetensorsBytes([attention('a', [6]), attention('a', [6])]), /Two tensors have the name a/);
  });
});
