/** What `bnexp fix` does. */

import { writeFileSync } from 'node:fs';
import { dirname, resolve } from 'node:path';
import * as l10n from '@vscode/l10n';
import { fixAll } from '../../experiment/editing/fixes';
import { readExperiment } from '../../experiment/read';
import { count } from '../../experiment/words';
import { experimentHost } from '../../runs/experimentHost';
import { machineMemory } from '../../runs/resources';
import { printable } from '../console';
import type { Context } from '../context';
import { exitCode, UsageError } from '../exit';
import { atStart, type FileDiagnostic, hasError, printDiagnostics } from '../printDiagnostics';
import { readText, stdinName } from '../readFile';

export async function fix(files: string[], context: Context): Promise<number> {
  const { console, cwd } = context;
  const left: FileDiagnostic[] = [];
  for (const file of files) {
    const { text, problem } = await readText(file, context);
    if (text === null) {
      left.push(atStart(file, problem));
      printDiagnostics(left.slice(-1), console);
      continue;
    }
    const folder = file === stdinName ? cwd : dirname(resolve(cwd, file));
    const host = experimentHost(folder);
    const options = { memory: machineMemory(), host };
    const fixed = fixAll(text, (each) => readExperiment(each, options).diagnostics);
    if (file === stdinName) console.out(fixed.text.trimEnd());
    else {
      if (fixed.count > 0) write(resolve(cwd, file), file, fixed.text);
      console.out(
        `${printable(file)}: ${fixed.count === 0 ? l10n.t('nothing to fix') : count(fixed.count, 'correction')}`,
      );
    }
    const diagnostics = fixed.diagnostics.map((diagnostic) => ({ file, ...diagnostic }));
    printDiagnostics(diagnostics, console);
    left.push(...diagnostics);
  }
  return hasError(left) ? exitCode.wrongInput : exitCode.done;
}

function write(path: string, name: string, text: string): void {
  try {
    writeFileSync(path, text);
  } catch (error) {
    throw new UsageError(l10n.t`${name} cannot be written: ${(error as Error).message}`);
  }
}
