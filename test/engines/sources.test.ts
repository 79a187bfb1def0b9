/**
 * Checks that the engine's sources use no function whose result the language leaves to the implementation. Hashes cannot
 * prove this: engines often share such functions today, and rounding to float32 hides differences in the last bits.
 */
import assert from 'node:assert/strict';
import { readFileSync } from 'node:fs';
import { join, relative } from 'node:path';
import { transform } from 'esbuild';
import { loadScript } from '../support/scripts';

/**
 * Functions that ECMAScript calls "implementation-approximated", with `**`, which is Math.pow (except for limits such as
 * 2 ** 31), and everything that depends on time or place.
 */
const forbidden =
  /\bMath\.(?:a?(?:cos|sin|tan)h?|atan2|cbrt|expm?1?|hypot|log(?:1p|2|10)?|pow|random)\b|(?<!\b2)\*\*|\*\*(?!\d)|\b(?:Date|performance|crypto|Intl|localeCompare|toLocale\w*)\b/g;

/** Uses in the code, without comments, types and spaces. */
async function found(source: string): Promise<string[]> {
  const { code } = await transform(source, { loader: 'ts', minifyWhitespace: true });
  return code.match(forbidden) ?? [];
}

describe('the sources of the engine', () => {
  it('use no function whose result depends on the JavaScript engine', async () => {
    const { filesUnder } = await loadScript<typeof import('../../scripts/lib/files.mjs')>('lib/files.mjs');
    const folder = join(process.cwd(), 'src/engine');
    // AssemblyScript's own functions are compiled into the module.
    const files = filesUnder(folder, '.ts').filter((file) => !file.includes('assembly'));
    assert.ok(files.length > 30);
    const uses: string[] = [];
    for (const file of files) {
      for (const use of await found(readFileSync(file, 'utf8'))) uses.push(`${relative(folder, file)}: ${use}`);
    }
    assert.deepEqual(
      uses,
      [],
      'src/engine/math.ts has functions with the same bits everywhere; write x * x for x ** 2',
    );
  });

  it('are reported if they do', async () => {
    const source = `
      // A Math.exp in a comment is not a use.
      const constants: number[] = [2 ** 31, Math.LOG2E, Math.sqrt(2), Math.min(1, 2)];
      export const f = (x: number) => Math.exp(x) + Math.pow(x, 2) + x ** 3 + Math.atan2(x, x) + Math.log2(constants[0]);
      export const now = () => Math.random() + Date.now() + 'a'.localeCompare('b') + (1).toLocaleString().length;`;
    const uses = ['Math.exp', 'Math.pow', '**', 'Math.atan2', 'Math.log2', 'Math.random', 'Date', 'localeCompare'];
    assert.deepEqual(await found(source), [...uses, 'toLocaleString']);
  });
});
