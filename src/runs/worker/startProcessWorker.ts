/** Starts workers as threads of a separate process, forked when the first worker starts and ended after the last. */
import { type ChildProcess, fork } from 'node:child_process';
import * as l10n from '@vscode/l10n';
import type { Registers } from '../../engine/kernels/simd/registers';
import { translationFile, translationVariable } from '../language';
import type { Connect } from './checkedWorkers';
import type { FromProcess, ToProcess } from './processMessages';
import { SharedArraySender } from './sharedArrays';
import { wideFlag } from './wideRegisters';

type Listener = Parameters<Connect>[0];

/** @param script File of the built `trainingProcess.ts`; the built worker is beside it. */
export function processThreads(script: string, registers: Registers): Connect {
  let process: TrainingProcess | null = null;
  return (listener, check) => {
    if (!process?.isAlive) process = new TrainingProcess(script, registers);
    return process.connect(listener, check);
  };
}

class TrainingProcess {
  private readonly child: ChildProcess;
  private readonly listeners = new Map<number, Listener>();
  private readonly arrays = new SharedArraySender((id, bytes) => this.send({ type: 'array', id, bytes }));
  private started = 0;
  isAlive = true;

  constructor(script: string, registers: Registers) {
    const { NODE_OPTIONS: _, ...env } = process.env;
    this.child = fork(script, [registers], {
      execArgv: registers === 'wide' ? [wideFlag] : [],
      // The desktop's extension host runs in Electron, which runs as Node only with this variable.
      env: { ...env, ELECTRON_RUN_AS_NODE: '1', [translationVariable]: translationFile() ?? '' },
      serialization: 'advanced',
      stdio: ['ignore', 'ignore', 'ignore', 'ipc'],
    });
    this.child.on('message', (message: FromProcess) => this.receive(message));
    this.child.on('error', (cause) => this.die(l10n.t`its process cannot be started (${cause.message})`));
    this.child.on('exit', (code, signal) =>
      this.die(
        signal === 'SIGKILL'
          ? l10n.t('its process was killed, most likely because memory ran out: run fewer at the same time')
          : l10n.t`its process ended unexpectedly (${signal ?? l10n.t`exit code ${String(code)}`})`,
      ),
    );
  }

  connect(listener: Listener, check: boolean): ReturnType<Connect> {
    const worker = this.started++;
    this.listeners.set(worker, listener);
    this.send({ type: 'start', worker, check });
    return {
      post: (message) => {
        if (this.listeners.has(worker)) this.send({ type: 'post', worker, message: this.arrays.referring(message) });
      },
      terminate: () => {
        if (!this.listeners.delete(worker)) return;
        this.send({ type: 'terminate', worker });
        this.endIfIdle();
      },
    };
  }

  private receive(message: FromProcess): void {
    const listener = this.listeners.get(message.worker);
    switch (message.type) {
      case 'message':
        listener?.onMessage(message.message);
        return;
      case 'death':
        this.listeners.delete(message.worker);
        listener?.onDeath(message.cause);
        this.endIfIdle();
        return;
      default:
        message satisfies never;
    }
  }

  private send(message: ToProcess): void {
    // The exit event reports a process that has just died.
    if (this.isAlive && this.child.connected) this.child.send(message, () => {});
  }

  private endIfIdle(): void {
    if (this.listeners.size > 0 || !this.isAlive) return;
    this.isAlive = false;
    if (this.child.connected) this.child.disconnect();
  }

  /** Every worker of the process is gone with it. */
  private die(cause: string): void {
    this.isAlive = false;
    const listeners = [...this.listeners.values()];
    this.listeners.clear();
    for (const { onDeath } of listeners) onDeath(cause);
  }
}
