/** `bnexp verdict`: what the runs of a folder say about the claims that were made before them. */
import { resolve } from 'node:path';
import type { Command } from 'commander';
import { quote } from '../../experiment/words';
import { readRunFolder } from '../../runs/readRunFolder';
import { RunFolderError, readIndex } from '../../runs/runFolder';
import { printable } from '../console';
import type { Context } from '../context';
import { exitCode, UsageError } from '../exit';
import { verdictJson, verdictsText } from '../verdictText';
import { version } from '../version';

interface VerdictOptions {
  json?: boolean;
}

export function addVerdict(program: Command, context: Context, finish: (code: number) => void): void {
  program
    .command('verdict')
    .summary('say what the runs of a folder mean for the claims of their experiment')
    .description(
      'Reads a run folder (--out of bnexp run, or a folder below .bnexp/runs) and says of each claim of its experiment whether\n' +
        'its runs support it, contradict it, or leave it undecided, with the evidence. Nothing is trained.',
    )
    .argument('<dir>', 'a run folder')
    .option('--json', 'print the verdicts, with every pair, as a JSON array')
    .addHelpText(
      'after',
      `
Exit code: 0 whatever the verdicts are, 2 when the folder cannot be read or its experiment claims nothing.

Examples:
  bnexp run first.bnexp.json --seeds 1-20 --out first
  bnexp verdict first`,
    )
    .action((folder: string, options: VerdictOptions) => finish(verdict(folder, options, context)));
}

function verdict(folder: string, { json }: VerdictOptions, { console, cwd }: Context): number {
  const path = resolve(cwd, folder);
  const { claims, name, engine } = read(() => readIndex(path));
  if (claims.length === 0) {
    throw new UsageError(
      `the experiment in ${quote(folder)} claims nothing: write a "claim" into its file, and run it again`,
    );
  }
  if (engine !== version) {
    console.err(
      `${folder} was run by version ${engine || 'unknown'}; this is ${version}. The verdict is made from what it kept.`,
    );
  }
  const { verdicts: told, remarks } = read(() => readRunFolder(path, { frames: false }));
  for (const remark of remarks) console.err(remark);
  if (json) console.out(JSON.stringify(told.map(verdictJson), null, 2));
  else {
    const { outColours: colours } = console;
    console.out(`${colours.bold(printable(name))}\n\n${verdictsText(told, colours)}`);
  }
  return exitCode.done;
}

function read<T>(reading: () => T): T {
  try {
    return reading();
  } catch (error) {
    if (error instanceof RunFolderError) throw new UsageError(error.message);
    throw error;
  }
}
