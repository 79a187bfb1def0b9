/** The extension host computes, bit for bit, what every other engine does. */
import type { Hashes } from '../../engines/hashes';
import { hashesOneByOne } from '../../engines/hashes';
import { assertKept } from '../../engines/kept';

describe('the same bits', () => {
  it('in the extension host', async function () {
    this.timeout(240_000);
    const hashes: Hashes = {};
    for (const [name, hash] of hashesOneByOne()) {
      hashes[name] = hash;
      // An extension host that hears nothing for some seconds is taken for hung.
      await new Promise((resolve) => setImmediate(resolve));
    }
    assertKept(hashes, `the extension host, Node ${process.version}`);
  });
});
