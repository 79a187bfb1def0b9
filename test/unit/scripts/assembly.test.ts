/** WebAssembly as text in the bundles: every byte comes back. */
import assert from 'node:assert/strict';
import { loadScript } from '../../support/scripts';

describe('compiled kernels in a bundle', () => {
  it('are the same bytes that were written as text, the rarest ones too', async () => {
    const { decoding } = await loadScript<typeof import('../../../scripts/lib/assembly.mjs')>('lib/assembly.mjs');
    const frequent = Array.from({ length: 1000 }, (_, k) => (k * k) % 7);
    for (const bytes of [[], [255], [...Array(256).keys(), ...frequent], frequent]) {
      const source = decoding(Uint8Array.from(bytes));
      const { default: read } = await import(`data:text/javascript,${encodeURIComponent(source)}`);
      assert.deepEqual([...read], bytes);
    }
  });
});
