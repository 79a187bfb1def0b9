/** Data files of the experiments: two tables and some images, created here because a browser has no folder to read. */
const rows = 80;

function table(header: string, row: (k: number) => (string | number)[]): Uint8Array {
  const lines = Array.from({ length: rows }, (_, k) => row(k).join(','));
  return new TextEncoder().encode([header, ...lines, ''].join('\n'));
}

/** Decimals without an exact float64, with and without an exponent. */
function decimal(k: number): string {
  const digits = (k * 7919 + 104729) % 99991;
  return k % 3 === 0 ? `${digits / 100000}` : k % 3 === 1 ? `-0.${digits}` : `${digits}e-${1 + (k % 4)}`;
}

/** A regression table: the target is a number. */
const numbers = table('a,b,c,target', (k) => [
  decimal(k),
  decimal(3 * k + 1),
  ['red', 'green', 'blue'][k % 3],
  decimal(5 * k + 2),
]);

/** A classification table: the target is a word. */
const words = table('x,y,class', (k) => [decimal(k), decimal(2 * k + 1), ['Äpfel', 'pears', 'plums'][(k * k) % 3]]);

/** An IDX file as MNIST has it: magic number and sizes as big-endian 32 bits, then bytes. */
function idx(magic: number, sizes: number[], byte: (k: number) => number): Uint8Array {
  const start = 4 * (1 + sizes.length);
  const count = sizes.reduce((product, size) => product * size, 1);
  const bytes = new Uint8Array(start + count);
  const view = new DataView(bytes.buffer);
  [magic, ...sizes].forEach((value, k) => {
    view.setUint32(4 * k, value);
  });
  for (let k = 0; k < count; k++) bytes[start + k] = byte(k);
  return bytes;
}

/** The data files by the path that experiments use. */
export const files: ReadonlyMap<string, Uint8Array> = new Map([
  ['numbers.csv', numbers],
  ['words.csv', words],
  ['images', idx(0x803, [rows, 5, 6], (k) => (k * k * 31 + k * 17) % 256)],
  ['labels', idx(0x801, [rows], (k) => (k * 7) % 5)],
]);
