/**
 * The JSON Schema of experiment files as a document with a scheme of its own. The editor's JSON support opens it together with the first
 * experiment file, whatever its language (`jsonc`, or `json` by an association of the user). This activates the extension, and no other
 * JSON file does.
 */
import * as vscode from 'vscode';
import { translationFile } from '../runs/language';
import { Disposable } from './dispose';
import { schemaScheme } from './identifiers';
import { schemaInWorker } from './loadInWorker';

export class SchemaDocument extends Disposable implements vscode.TextDocumentContentProvider {
  constructor(private readonly extensionUri: vscode.Uri) {
    super();
    this.register(vscode.workspace.registerTextDocumentContentProvider(schemaScheme, this));
  }

  /** The shipped file is in English. It saves the time of making the same schema here. */
  async provideTextDocumentContent(): Promise<string> {
    if (translationFile() !== null) return schemaInWorker();
    const file = vscode.Uri.joinPath(this.extensionUri, 'media/bnexp.editor.schema.json');
    return new TextDecoder().decode(await vscode.workspace.fs.readFile(file));
  }
}
