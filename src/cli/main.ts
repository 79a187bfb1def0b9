/** The process of `bnexp`: ties the program to this process's streams and signals, and ends with its exit code. */
import { join } from 'node:path';
import { createInterface } from 'node:readline';
import { ExperimentSession } from '../runs/session';
import { hasWideRegisters } from '../runs/worker/registers';
import { nodeWorkerStarter } from '../runs/worker/startNodeWorker';
import { printable, processConsole } from './console';
import { exitCode } from './exit';
import { Interrupts } from './interrupts';
import { runProgram } from './program';

const console = processConsole(process);
const interrupts = new Interrupts((code) => process.exit(code));
const worker = join(__dirname, 'worker.js');

/** On stderr, as results alone go to stdout. Anything but a yes is a no, the end of the input included. */
async function confirm(question: string): Promise<boolean> {
  const terminal = createInterface({ input: process.stdin, output: process.stderr });
  try {
    return await new Promise((resolve) => {
      terminal.once('close', () => resolve(false));
      terminal.question(`${printable(question)} [y/N] `, (answer) => resolve(/^\s*y(es)?\s*$/i.test(answer)));
    });
  } finally {
    terminal.close();
  }
}

/** What nobody foresaw: one line for the person, and the way to tell us. */
function fault(error: unknown): void {
  console.err(`bnexp: ${error instanceof Error ? error.message : String(error)}`);
  if (process.env.BNEXP_DEBUG) console.errLines(error instanceof Error ? (error.stack ?? '') : '');
  else console.err('This is a fault in bnexp. Set BNEXP_DEBUG=1 to see where, and report it with the experiment file.');
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
  // Output may still be on its way: the process ends by itself when nothing is left to do.
  process.exitCode = code;
}, fault);
