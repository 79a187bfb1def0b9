/** Entry of the `bnexp` process: connects the program to the process's streams, signals and exit code. */
import { join } from 'node:path';
import { createInterface } from 'node:readline';
import { ExperimentSession } from '../runs/session';
import { hasWideRegisters } from '../runs/worker/registers';
import { nodeWorkerStarter } from '../runs/worker/startNodeWorker';
import { processConsole } from './console';
import { exitCode } from './exit';
import { Interrupts } from './interrupts';
import { runProgram } from './program';

const console = processConsole(process);
const interrupts = new Interrupts((code) => process.exit(code));
const worker = join(__dirname, 'worker.js');

/** Asks on stderr, because stdout is for results. Any answer except yes means no, including the end of the input. */
async function confirm(question: string): Promise<boolean> {
  const terminal = createInterface({ input: process.stdin, output: process.stderr });
  try {
    return await new Promise((resolve) => {
      terminal.once('close', () => resolve(false));
      terminal.question(`${question} [y/N] `, (answer) => resolve(/^\s*y(es)?\s*$/i.test(answer)));
    });
  } finally {
    terminal.close();
  }
}

/** Reports an unexpected error in one line, with how to report it. */
function fault(error: unknown): void {
  console.err(`bnexp: ${error instanceof Error ? error.message : String(error)}`);
  if (process.env.BNEXP_DEBUG) console.err(error instanceof Error ? (error.stack ?? '') : '');
  else
    console.err('This is a bug in bnexp. Set BNEXP_DEBUG=1 for a stack trace, and report it with the experiment file.');
  process.exit(exitCode.failed);
}

process.on('uncaughtException', fault);
process.on('unhandledRejection', fault);
interrupts.listenTo(process);
runProgram(process.argv.slice(2), {
  console,
  interrupts,
  cwd: process.cwd(),
  stdin: process.stdin,
  dist: __dirname,
  confirm: process.stdin.isTTY && process.stderr.isTTY ? confirm : null,
  hasWideRegisters: hasWideRegisters(process),
  makeSession: (options, wide) =>
    new ExperimentSession({ ...options, startWorker: nodeWorkerStarter(worker, { wide }) }),
}).then((code) => {
  // Output may still be buffered, so let the process exit when its event loop is empty.
  process.exitCode = code;
}, fault);
