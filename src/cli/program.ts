/** The command line as a function: arguments in, exit code out. */
import { Command, CommanderError } from 'commander';
import { addCheck } from './commands/check';
import { addExport } from './commands/export';
import { addNew } from './commands/new';
import { addPresets } from './commands/presets';
import { addRun } from './commands/run';
import { addVerdict } from './commands/verdict';
import { addVersion } from './commands/version';
import type { Context } from './context';
import { exitCode, UsageError } from './exit';
import { version } from './version';

/** @param args Without node and script. Throws nothing that is the person's to mend; what it throws is a fault of ours. */
export async function runProgram(args: readonly string[], context: Context): Promise<number> {
  let code: number = exitCode.done;
  const program = makeProgram(context, (ended) => {
    code = ended;
  });
  try {
    await program.parseAsync([...args], { from: 'user' });
    return code;
  } catch (error) {
    // Commander has told the rest already, and ends with 0 where help or version was asked for.
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
    .description('BatchNorm Lab: runs experiments on batch normalization and keeps what happened inside the network.')
    .version(version)
    .exitOverride()
    .configureOutput({
      writeOut: (text) => console.out(text.replace(/\n$/, '')),
      writeErr: (text) => console.errLines(text.replace(/\n$/, '')),
      outputError: (text) => console.err(text.trimEnd()),
    })
    .addHelpText('after', '\nExamples:\n  bnexp new first\n  bnexp run first.bnexp.json\n  bnexp run --help');
  // Commands take over these settings when they are added.
  for (const add of [addRun, addVerdict, addExport, addCheck, addPresets, addNew, addVersion])
    add(program, context, finish);
  return program;
}
