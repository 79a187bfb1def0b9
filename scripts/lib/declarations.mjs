// @ts-check
/** Type declarations of the library, one file for each entry. */
import { mkdirSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { generateDtsBundle } from 'dts-bundle-generator';
import { root } from './files.mjs';

export const libraryEntries = ['engine', 'experiment', 'runs'];

/** @param {string} folder Folder to write them to. */
export function writeDeclarations(folder) {
  const sources = join(root, 'src/library/declarations');
  const bundled = generateDtsBundle(
    libraryEntries.map((name) => ({ filePath: join(sources, `${name}.ts`), output: { noBanner: true } })),
    { preferredConfigPath: join(sources, 'tsconfig.json') },
  );
  mkdirSync(folder, { recursive: true });
  libraryEntries.forEach((name, k) => {
    writeFileSync(join(folder, `${name}.d.mts`), bundled[k]);
  });
}
