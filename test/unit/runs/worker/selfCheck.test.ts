/** The self-check of kernels before they are used. */
import assert from 'node:assert/strict';
import { SimdKernels } from '../../../../src/engine/kernels/simd/simdKernels';
import { areKernelsSound, expectedBits, trainedBits } from '../../../../src/runs/worker/selfCheck';

describe('the self-check of kernels', () => {
  const time = () => {
    let now = 0;
    return () => (now += 10);
  };

  it('has the recorded result; after an intended change, update selfCheck.ts', () => {
    for (const registers of ['narrow', 'wide'] as const) {
      assert.equal(trainedBits(new SimdKernels(registers)), expectedBits);
    }
  });

  it('accepts kernels that compute the right bits every time', () => {
    assert.equal(areKernelsSound(new SimdKernels('narrow'), time()), true);
    assert.equal(areKernelsSound(new SimdKernels('narrow'), time(), expectedBits ^ 1), false);
  });

  it('rejects kernels with one product that is wrong in its last bit', () => {
    const kernels = new SimdKernels('narrow');
    const write = kernels.write.bind(kernels);
    let writes = 0;
    kernels.write = (tensor, values) => {
      const changed = Float32Array.from(values);
      if (++writes === 1) {
        const bits = new Int32Array(changed.buffer);
        bits[bits.findIndex((each) => each !== 0)] ^= 1;
      }
      write(tensor, changed);
    };
    assert.equal(areKernelsSound(kernels, time()), false);
  });
});
