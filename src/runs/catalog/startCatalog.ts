/** Starts the thread that reads the runs of a window for lists, and pairs its answers with requests. */
import type { Worker as Thread } from 'node:worker_threads';
import * as l10n from '@vscode/l10n';
import { RunFolderError } from '../folder/layout';
import { startReader } from '../startReader';
import type {
  CatalogRequest,
  CatalogRequests,
  CatalogStart,
  CatalogState,
  FromCatalog,
  RequestName,
  ToCatalog,
} from './catalogMessages';

interface Waiting {
  resolve(answer: unknown): void;
  reject(error: Error): void;
}

export class CatalogThread {
  private readonly thread: Thread;
  private readonly waiting = new Map<number, Waiting>();
  private requests = 0;
  private death: string | null = null;

  /**
   * @param script File of the built worker.
   * @param onDeath Called with a sentence if the thread ends unexpectedly.
   */
  constructor(
    script: string,
    start: CatalogStart,
    private readonly onState: (state: CatalogState) => void,
    private readonly onDeath: (problem: string) => void,
  ) {
    this.thread = startReader(script, 'runs', start);
    this.thread.on('message', (message: FromCatalog) => this.receive(message));
    this.thread.on('messageerror', (cause) => this.end(l10n.t`it sent an invalid message: ${cause.message}`));
    this.thread.on('error', (cause) => this.end(cause.message));
    this.thread.on('exit', (code) => this.end(l10n.t`exit code ${code}`));
  }

  post(message: ToCatalog): void {
    if (this.death === null) this.thread.postMessage(message);
  }

  /** @throws RunFolderError with a sentence for the person. */
  request<N extends RequestName>(name: N, asked: CatalogRequests[N]['asked']): Promise<CatalogRequests[N]['answer']> {
    return new Promise((resolve, reject) => {
      if (this.death !== null) {
        reject(new Error(this.death));
        return;
      }
      const number = ++this.requests;
      this.waiting.set(number, { resolve: resolve as Waiting['resolve'], reject });
      this.post({ type: 'request', number, name, asked } as CatalogRequest);
    });
  }

  /** Lets the thread save what it knows. Requests that wait are not answered any more. */
  close(): void {
    this.death ??= l10n.t('The list of runs was closed.');
    this.thread.postMessage('close');
  }

  private receive(message: FromCatalog): void {
    if (message.type === 'state') {
      if (this.death === null) this.onState(message);
      return;
    }
    const request = this.waiting.get(message.number);
    this.waiting.delete(message.number);
    if (message.type === 'answer') request?.resolve(message.answer);
    else request?.reject(new RunFolderError(message.message));
  }

  private end(cause: string): void {
    if (this.death !== null) return;
    this.death = l10n.t`The thread that lists the runs ended (${cause}). Reload the window to start it again.`;
    for (const { reject } of this.waiting.values()) reject(new Error(this.death));
    this.waiting.clear();
    this.onDeath(this.death);
  }
}
