/** The process of `bnexp`: ties the program to this process's streams and signals, and ends with its exit code. */
import { randomUUID } from 'node:crypto';
import { createInterface } from 'node:readline';
import { FolderRecord } from '../runs/folder/folderRecord';
import { systemClock } from '../runs/session/clock';
import { ExperimentSession } from '../runs/session/session';
import { machineKernels } from '../runs/worker/machineKernels';
import { hasWideRegisters, registersFor } from '../runs/worker/registers';
import { ownWorkers } from '../runs/worker/startWorkers';
import { printable, processConsole } from './console';
import { exitCode } from './exit';
import { Interrupts } from './interrupts';
import { runProgram } from './program';

const console = processConsole(process);
const interrupts = new Interrupts((code) => process.exit(code));

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
  runtime: {
    node: process.versions.node,
    v8: process.versions.v8,
    platform: process.platform,
    arch: process.arch,
  },
  kernels: () => machineKernels(process),
  makeSession: ({ folder, registers, resumed, ...options }) =>
    new ExperimentSession({
      ...options,
      ...(resumed && { complete: resumed.complete }),
      record: folder === null ? null : new FolderRecord(folder, true, undefined, resumed),
      id: randomUUID(),
      clock: systemClock,
      startWorker: ownWorkers(__dirname, registersFor(registers, process), console.err),
    }),
}).then((code) => {
  // Output may still be on its way: the process ends by itself when nothing is left to do.
  process.exitCode = code;
}, fault);
// Results that could not be written are no success. Whoever reads them may leave early, though.
process.on('exit', (code) => {
  if (code === exitCode.done && console.hasLostOutput()) process.exitCode = exitCode.failed;
});
