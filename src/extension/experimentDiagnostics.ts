/** Shows the problems of open experiments in the editor while the person types. */
import * as vscode from 'vscode';
import { type ExperimentDiagnostic, sentence } from '../experiment/diagnostics';
import { Disposable } from './dispose';
import { isExperiment } from './findExperiment';
import { extensionName } from './identifiers';
import { type Log, diagnostic as markOf } from './notify';
import { readAnew, readDocument } from './readDocument';

/** Milliseconds without a change before a document is checked: marks that come sooner flicker under fast typing. */
const debounce = 250;

const source = extensionName;

export function rangeOf(document: vscode.TextDocument, { offset, length }: ExperimentDiagnostic): vscode.Range {
  return new vscode.Range(document.positionAt(offset), document.positionAt(offset + length));
}

interface Mark {
  shown: vscode.Diagnostic;
  /** Whether the text is not JSON there. */
  isSyntax: boolean;
}

export class ExperimentDiagnostics extends Disposable {
  private readonly collection = this.register(vscode.languages.createDiagnosticCollection('batchnormLab'));
  private readonly timers = new Map<string, NodeJS.Timeout>();
  /** All problems of a document; the collection shows those that the editor's own JSON support does not mark. */
  private readonly found = new Map<string, { uri: vscode.Uri; all: Mark[]; shown?: vscode.Diagnostic[] }>();

  constructor(private readonly output: Log) {
    super();
    const { workspace } = vscode;
    this.register(workspace.onDidOpenTextDocument((document) => this.schedule(document, 0)));
    this.register(workspace.onDidChangeTextDocument(({ document }) => this.schedule(document, debounce)));
    // A file that the experiment names may have appeared or disappeared since.
    this.register(workspace.onDidSaveTextDocument((document) => this.schedule(document, 0, true)));
    this.register(
      vscode.window.onDidChangeActiveTextEditor((editor) => editor && this.schedule(editor.document, 0, true)),
    );
    this.register(workspace.onDidGrantWorkspaceTrust(() => this.scheduleAll()));
    this.register(workspace.onDidCloseTextDocument((document) => this.forget(document)));
    this.register(vscode.languages.onDidChangeDiagnostics(({ uris }) => uris.forEach((uri) => void this.publish(uri))));
    this.scheduleAll();
  }

  override dispose(): void {
    for (const timer of this.timers.values()) clearTimeout(timer);
    this.timers.clear();
    super.dispose();
  }

  private scheduleAll(): void {
    for (const document of vscode.workspace.textDocuments) this.schedule(document, 0, true);
  }

  private schedule(document: vscode.TextDocument, milliseconds: number, fresh = false): void {
    if (!isExperiment(document.uri)) return;
    const key = document.uri.toString();
    clearTimeout(this.timers.get(key));
    this.timers.set(
      key,
      setTimeout(() => {
        this.timers.delete(key);
        this.check(document, fresh).catch((error: unknown) => this.output.error(String(error)));
      }, milliseconds),
    );
  }

  private async check(document: vscode.TextDocument, fresh: boolean): Promise<void> {
    const { version, uri } = document;
    const { diagnostics } = await (fresh ? readAnew(document) : readDocument(document));
    if (this.isDisposed || document.isClosed || document.version !== version) return;
    const all = diagnostics.map((diagnostic) => {
      // not translated: members of an enum
      const severity = vscode.DiagnosticSeverity[diagnostic.severity === 'error' ? 'Error' : 'Warning'];
      const shown = markOf(rangeOf(document, diagnostic), sentence(diagnostic), severity);
      shown.source = source;
      return { shown, isSyntax: diagnostic.syntax === true };
    });
    this.found.set(uri.toString(), { uri, all });
    this.publish(uri);
  }

  /**
   * The editor's own JSON service marks what is not JSON; a second mark on that line would repeat it. In files of the language `json` it
   * also marks comments, which experiments may have.
   */
  private publish(uri: vscode.Uri): void {
    const found = this.found.get(uri.toString());
    if (!found) return;
    const brokenLines = new Set(
      vscode.languages
        .getDiagnostics(uri)
        .filter((other) => other.source !== source && other.severity === vscode.DiagnosticSeverity.Error)
        .map((other) => other.range.start.line),
    );
    const shown = found.all
      .filter((mark) => !mark.isSyntax || !brokenLines.has(mark.shown.range.start.line))
      .map((mark) => mark.shown);
    // Setting an unchanged collection would fire a change event again, without end.
    if (found.shown?.length === shown.length && shown.every((diagnostic, i) => diagnostic === found.shown?.[i])) return;
    found.shown = shown;
    this.collection.set(uri, shown);
  }

  private forget(document: vscode.TextDocument): void {
    const key = document.uri.toString();
    clearTimeout(this.timers.get(key));
    this.timers.delete(key);
    this.found.delete(key);
    this.collection.delete(document.uri);
  }
}
