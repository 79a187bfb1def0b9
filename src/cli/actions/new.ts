/** What `bnexp new` does. */

import { statSync, writeFileSync } from 'node:fs';
import { extname, join, resolve } from 'node:path';
import * as l10n from '@vscode/l10n';
import { presets } from '../../experiment/presets';
import { quote, suggestion } from '../../experiment/words';
import { printable } from '../console';
import type { Context } from '../context';
import { UsageError } from '../exit';
import { ending } from '../files';
import { stdinName } from '../readFile';
import { notWritten } from '../writeNew';

export function create(id: string, file: string | undefined, force: boolean, { console, cwd }: Context): void {
  const ids = presets.map((preset) => preset.id);
  const preset = presets.find((each) => each.id === id);
  if (!preset) throw new UsageError(l10n.t`unknown preset ${quote(id)}${suggestion(id, ids)}`);
  if (file === stdinName) {
    console.out(preset.text.trimEnd());
    return;
  }
  const name = fileName(id, file, cwd);
  write(name, preset.text, force, cwd);
  console.out(printable(l10n.t`Wrote ${name}: ${preset.title}`));
  if (!name.endsWith(ending)) {
    const warning = l10n.t`the editor recognizes experiments by the extension ${ending}, which is missing here`;
    console.err(`${console.errColours.yellow('warning:')} ${warning}`);
  }
  const word = /^[\w./-]+$/.test(name) ? name : JSON.stringify(name);
  console.err(l10n.t`Run it with: bnexp run ${word}`);
}

/** Path of the new file, relative to the current folder. */
function fileName(id: string, file: string | undefined, cwd: string): string {
  if (file === undefined) return `${id}${ending}`;
  if (statSync(resolve(cwd, file), { throwIfNoEntry: false })?.isDirectory()) return join(file, `${id}${ending}`);
  return extname(file) === '' ? `${file}${ending}` : file;
}

function write(name: string, text: string, force: boolean, cwd: string): void {
  const path = resolve(cwd, name);
  try {
    writeFileSync(path, text, { flag: force ? 'w' : 'wx' });
  } catch (error) {
    throw notWritten(error, name);
  }
}
