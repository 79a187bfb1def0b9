/** Checks that the extension host computes the same bits as every other engine. */
import type { Hashes } from '../../engines/hashes';
import { hashesOneByOne } from '../../engines/hashes';
import { assertStored } from '../../engines/storedHashes';

describe('the same bits', () => {
  it('are computed in the extension host', async function () {
    this.timeout(240_000);
    const hashes: Hashes = {};
    for (const [name, hash] of hashesOneByOne()) {
      hashes[name] = hash;
      // VS Code treats an extension host that does not respond for some seconds as hung.
      await new Promise((resolve) => setImmediate(resolve));
    }
    assertStored(hashes, `the extension host, Node ${process.version}`);
  });
});
