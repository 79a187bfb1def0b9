/** Shows the normalizations of a model file as an editor. The file is read in a worker, and again when it changes. */
import { basename } from 'node:path';
import * as l10n from '@vscode/l10n';
import * as vscode from 'vscode';
import { binEdges } from '../engine/bins';
import type { FromModelPage, ToModelPage } from '../protocol';
import { Disposable } from './dispose';
import { fileName } from './findExperiment';
import { inspectInWorker } from './loadInWorker';
import { messageOf } from './output';
import { panelPage, panelResources } from './panelPage';

export const modelViewType = 'batchnormLab.model';

/** Milliseconds after the last change of a file: a training program writes it in several parts. */
const settled = 500;

export class ModelEditor implements vscode.CustomReadonlyEditorProvider {
  /** @param report Receives sentences for the log. */
  constructor(
    private readonly extensionUri: vscode.Uri,
    private readonly report: (problem: string) => void,
  ) {}

  openCustomDocument(uri: vscode.Uri): vscode.CustomDocument {
    return { uri, dispose: () => {} };
  }

  resolveCustomEditor({ uri }: vscode.CustomDocument, view: vscode.WebviewPanel): void {
    new OpenModel(uri, view, this.extensionUri, this.report);
  }
}

class OpenModel extends Disposable {
  private timer: NodeJS.Timeout | undefined;
  private requests = 0;

  constructor(
    private readonly uri: vscode.Uri,
    private readonly view: vscode.WebviewPanel,
    extensionUri: vscode.Uri,
    report: (problem: string) => void,
  ) {
    super();
    const { webview } = view;
    this.register(view.onDidDispose(() => this.dispose()));
    this.register({ dispose: () => clearTimeout(this.timer) });
    this.register(
      webview.onDidReceiveMessage((message: FromModelPage) => {
        if (message.type === 'ready') void this.update();
        else report(message.message);
      }),
    );
    const pattern = new vscode.RelativePattern(vscode.Uri.joinPath(uri, '..'), basename(uri.path));
    const watcher = this.register(vscode.workspace.createFileSystemWatcher(pattern));
    for (const event of [watcher.onDidChange, watcher.onDidCreate, watcher.onDidDelete]) {
      this.register(event(() => this.updateSoon()));
    }
    webview.options = { enableScripts: true, localResourceRoots: [panelResources(extensionUri)] };
    webview.html = panelPage(webview, extensionUri, 'model.js');
  }

  private updateSoon(): void {
    clearTimeout(this.timer);
    this.timer = setTimeout(() => void this.update(), settled);
  }

  private async update(): Promise<void> {
    const request = ++this.requests;
    const message = await this.read();
    // The file may have changed again meanwhile.
    if (request === this.requests && !this.isDisposed) await this.view.webview.postMessage(message);
  }

  private async read(): Promise<ToModelPage> {
    const name = fileName(this.uri);
    if (this.uri.scheme !== 'file') {
      const message = l10n.t`${name} is not on a disk of this machine: save it there to inspect it.`;
      return { type: 'unreadableModel', name, message };
    }
    try {
      return {
        type: 'model',
        name,
        model: await inspectInWorker(this.uri.fsPath),
        binEdges: Float64Array.from(binEdges),
      };
    } catch (error) {
      return { type: 'unreadableModel', name, message: messageOf(error) };
    }
  }
}
