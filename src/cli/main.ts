/**
 * The `bnexp` process: connects the program to the process's streams, signals and exit code. What only some commands need is
 * loaded when they do.
 */

import { randomUUID } from 'node:crypto';
import { createInterface } from 'node:readline';
import * as l10n from '@vscode/l10n';
import { ownWorkers, workerScripts } from '../runs/worker/startWorkers';
import { HostWorkers } from '../runs/worker/warmWorkers';
import { hasWideRegisters, registersFor } from '../runs/worker/wideRegisters';
import { addressSpaceWarning } from './addressSpace';
import { choice, isYes } from './answer';
import { printable, processConsole } from './console';
import { exitCode } from './exit';
import { Interrupts } from './interrupts';
import { runProgram } from './program';

const console = processConsole(process);
const interrupts = new Interrupts((code) => process.exit(code));

/** Asks on stderr, because stdout is for results. Any answer except yes means no, including the end of the input. */
async function confirm(question: string): Promise<boolean> {
  const terminal = createInterface({ input: process.stdin, output: process.stderr });
  try {
    return await new Promise((resolve) => {
      terminal.once('close', () => resolve(false));
      terminal.question(`${printable(question)} ${choice} `, (answer) => resolve(isYes(answer)));
    });
  } finally {
    terminal.close();
  }
}

/** Reports an unexpected error in one line, with how to report it. */
function fault(error: unknown): void {
  console.err(`bnexp: ${error instanceof Error ? error.message : String(error)}`);
  if (process.env.BNEXP_DEBUG) console.errLines(error instanceof Error ? (error.stack ?? '') : '');
  else
    console.err(
      l10n.t('This is a bug in bnexp. Set BNEXP_DEBUG=1 for a stack trace, and report it with the experiment file.'),
    );
  process.exit(exitCode.failed);
}

/**
 * Starts the program.
 * @param dist Folder of the built files.
 * @param warning Shown first.
 */
export function main(dist: string, warning: string | null): void {
  if (warning !== null) console.err(warning);
  process.on('uncaughtException', fault);
  process.on('unhandledRejection', fault);
  const scripts = workerScripts(dist, '.mjs');
  const workers = new HostWorkers((registers) => {
    const tooLittle = addressSpaceWarning(process.versions.node);
    if (tooLittle) console.err(tooLittle);
    return ownWorkers(scripts, registers, console.err);
  });
  interrupts.listenTo(process);
  runProgram(process.argv.slice(2), {
    console,
    interrupts,
    cwd: process.cwd(),
    environment: process.env,
    stdin: process.stdin,
    dist,
    confirm: process.stdin.isTTY && process.stderr.isTTY ? confirm : null,
    hasWideRegisters: hasWideRegisters(process),
    runtime: {
      node: process.versions.node,
      v8: process.versions.v8,
      platform: process.platform,
      arch: process.arch,
    },
    kernels: async () => (await import('../runs/worker/machineKernels')).machineKernels(process),
    warmWorker: (registers) => workers.of(registersFor(registers, process)).warm(),
    makeSession: async ({ folder, registers, resumed, saving, ...options }) => {
      const [{ FolderRecord }, { systemClock }, { ExperimentSession }] = await Promise.all([
        import('../runs/folder/folderRecord'),
        import('../runs/session/clock'),
        import('../runs/session/session'),
      ]);
      return new ExperimentSession({
        ...options,
        ...(resumed && { complete: resumed.complete }),
        record: folder === null ? null : new FolderRecord(folder, true, undefined, resumed, saving),
        id: randomUUID(),
        clock: systemClock,
        startWorker: workers.of(registersFor(registers, process)).start,
      });
    },
  }).then((code) => {
    // A command that trained nothing has a worker that waits.
    workers.cool();
    // Output may still be buffered, so let the process exit when its event loop is empty.
    process.exitCode = code;
  }, fault);
  // If results could not be written, the command fails, unless the reader closed the pipe early.
  process.on('exit', (code) => {
    if (code === exitCode.done && console.hasLostOutput()) process.exitCode = exitCode.failed;
  });
}
