/** `bnexp new`: writes a preset to a file. */
import { statSync, writeFileSync } from 'node:fs';
import { dirname, extname, join, resolve } from 'node:path';
import type { Command } from 'commander';
import { presets } from '../../experiment/presets';
import { quote, suggestion } from '../../experiment/words';
import { printable } from '../console';
import type { Context } from '../context';
import { exitCode, UsageError } from '../exit';
import { stdinName } from '../readFile';

const ending = '.bnexp.json';

export function addNew(program: Command, context: Context, finish: (code: number) => void): void {
  program
    .command('new')
    .summary('create an experiment file from a preset')
    .description('Writes a preset to a file. An existing file is not overwritten without --force.')
    .argument('<preset>', 'id of a preset; "bnexp presets" lists them')
    .argument(
      '[file]',
      `file or folder to write to (default: PRESET${ending} in the current folder); - writes to standard output`,
    )
    .option('--force', 'overwrite an existing file')
    .addHelpText(
      'after',
      `
Examples:
  bnexp new first
  bnexp new paper-digits experiments/digits${ending}
  bnexp new first - | bnexp run - --steps 200`,
    )
    .action((preset: string, file: string | undefined, options: { force?: boolean }) => {
      create(preset, file, options.force ?? false, context);
      finish(exitCode.done);
    });
}

function create(id: string, file: string | undefined, force: boolean, { console, cwd }: Context): void {
  const ids = presets.map((preset) => preset.id);
  const preset = presets.find((each) => each.id === id);
  if (!preset) throw new UsageError(`unknown preset ${quote(id)}${suggestion(id, ids)}`);
  if (file === stdinName) {
    console.out(preset.text.trimEnd());
    return;
  }
  const name = fileName(id, file, cwd);
  write(name, preset.text, force, cwd);
  console.out(printable(`Wrote ${name}: ${preset.title}`));
  if (!name.endsWith(ending)) {
    console.err(
      `${console.errColours.yellow('warning:')} the editor recognizes experiments by the extension ${ending}, which is missing here`,
    );
  }
  console.err(`Run it with: bnexp run ${/^[\w./-]+$/.test(name) ? name : JSON.stringify(name)}`);
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
    const { code, message } = error as NodeJS.ErrnoException;
    if (code === 'EEXIST') {
      throw new UsageError(`${name} already exists: choose a different file, or overwrite it with --force`);
    }
    if (code === 'ENOENT') throw new UsageError(`the folder ${quote(dirname(name))} does not exist: create it first`);
    throw new UsageError(`${name} cannot be written: ${code === 'EACCES' ? 'check its permissions' : message}`);
  }
}
