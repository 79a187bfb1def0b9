/** The files that the preset `paper-mnist` names, with a few random images. */
import { RandomStream } from '../../../../src/engine/random';
import type { DataFile } from '../../../../src/protocol';

const count = 300;

export function mnistFiles(): Map<string, DataFile> {
  const random = new RandomStream([1, 2, 3, 4]);
  const bytes = (length: number, below: number) => Uint8Array.from({ length }, () => random.integer(below));
  const file = (path: string, sizes: readonly number[], content: Uint8Array): [string, DataFile] => {
    const header = new DataView(new ArrayBuffer(4 + 4 * sizes.length));
    header.setUint32(0, 0x800 + sizes.length);
    sizes.forEach((size, k) => {
      header.setUint32(4 + 4 * k, size);
    });
    return [path, { path, bytes: Uint8Array.from([...new Uint8Array(header.buffer), ...content]) }];
  };
  return new Map(
    ['train', 't10k'].flatMap((part) => [
      file(`mnist/${part}-images-idx3-ubyte.gz`, [count, 28, 28], bytes(count * 784, 256)),
      file(`mnist/${part}-labels-idx1-ubyte.gz`, [count], bytes(count, 10)),
    ]),
  );
}
