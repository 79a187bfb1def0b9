/** The command line as a function: arguments in, exit code out. */
import * as l10n from '@vscode/l10n';
import { Command, CommanderError } from 'commander';
import { errorInWords, setHelpWords } from './commanderWords';
import { addCheck } from './commands/check';
import { addCompare } from './commands/compare';
import { addExport } from './commands/export';
import { addFix } from './commands/fix';
import { addInspect } from './commands/inspect';
import { addLogs } from './commands/logs';
import { addMcp } from './commands/mcp';
import { addMerge } from './commands/merge';
import { addNew } from './commands/new';
import { addPack } from './commands/pack';
import { addParity } from './commands/parity';
import { addPresets } from './commands/presets';
import { addRun } from './commands/run';
import { addSubmit } from './commands/submit';
import { addVerdict } from './commands/verdict';
import { addVerify } from './commands/verify';
import { addVersion } from './commands/version';
import { addWatch } from './commands/watch';
import type { Context } from './context';
import { exitCode, UsageError } from './exit';
import { version } from './version';

/** @param args Arguments without node and script. User errors are printed and give an exit code; anything that it throws is a bug. */
export async function runProgram(args: readonly string[], context: Context): Promise<number> {
  let code: number = exitCode.done;
  const program = makeProgram(context, (ended) => {
    code = ended;
  });
  try {
    await program.parseAsync([...args], { from: 'user' });
    return code;
  } catch (error) {
    // commander has printed the error. Its exit code is 0 for --help and --version.
    if (error instanceof CommanderError) return error.exitCode === 0 ? exitCode.done : exitCode.wrongInput;
    if (error instanceof UsageError) {
      context.console.err(`${context.console.errColours.red('error:')} ${error.message}`);
      return exitCode.wrongInput;
    }
    throw error;
  }
}

function makeProgram(context: Context, finish: (code: number) => void): Command {
  const { console } = context;
  const program = new Command('bnexp')
    .description(
      l10n.t('BatchNorm Lab: runs experiments on batch normalization and records what happens inside the network.'),
    )
    .version(version, '-V, --version', l10n.t('output the version number'))
    .exitOverride()
    .configureOutput({
      writeOut: (text) => console.out(text.replace(/\n$/, '')),
      writeErr: (text) => console.errLines(text.replace(/\n$/, '')),
      outputError: (text) => console.err(errorInWords(text.trimEnd())),
    })
    .addHelpText('after', l10n.t('\nExamples:\n  bnexp new first\n  bnexp run first.bnexp.json\n  bnexp run --help'));
  setHelpWords(program);
  // Commands inherit these settings when they are added.
  for (const add of [
    addRun,
    addVerdict,
    addCompare,
    addVerify,
    addMerge,
    addSubmit,
    addExport,
    addLogs,
    addInspect,
    addPack,
    addParity,
    addCheck,
    addFix,
    addPresets,
    addNew,
    addWatch,
    addMcp,
    addVersion,
  ])
    add(program, context, finish);
  return program;
}
