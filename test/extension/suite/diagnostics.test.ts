/** Checks that no JSON Schema can express, shown in place while the user types. */
import assert from 'node:assert/strict';
import * as vscode from 'vscode';
import type { BatchNormLabApi } from '../../../src/extension/api';
import { activate, changed, openFile, openText, replaceAll, reset, until, workspaceFile } from '../support/lab';

describe('checks while typing', () => {
  let lab: BatchNormLabApi;
  before(async () => {
    lab = await activate();
  });
  afterEach(() => reset(lab));

  const ours = (uri: vscode.Uri) =>
    vscode.languages.getDiagnostics(uri).filter((diagnostic) => diagnostic.source === 'BatchNorm Lab');
  /** Marks of the current text. A new document is empty for a moment, and that mark is ignored. */
  const someOf = (uri: vscode.Uri) =>
    until(() => {
      const found = ours(uri).filter(({ message }) => !/is empty/.test(message));
      return found.length > 0 && found;
    });

  it('mark a batch of one at its number, and remove the mark when it is corrected', async () => {
    const editor = await openFile('small.bnexp.json');
    const { document } = editor;
    const sound = document.getText();
    await replaceAll(editor, sound.replace('"batchSize": 20', '"batchSize": 1'));
    const [mark] = await someOf(document.uri);
    assert.equal(mark.severity, vscode.DiagnosticSeverity.Error);
    assert.equal(document.getText(mark.range), '1');
    assert.equal(mark.range.start.line, document.positionAt(sound.indexOf('"batchSize"')).line);
    await replaceAll(editor, sound);
    await until(() => ours(document.uri).length === 0);
  });

  it('mark a claim about an arm that does not exist', async () => {
    const claim =
      '"claim": { "says": "x", "metric": "testAccuracy", "better": "BatchNrm", "than": "without", "by": 0 }, "arms"';
    const { document } = await openText(await changed('small.bnexp.json', '"arms"', claim));
    const [mark] = await someOf(document.uri);
    assert.equal(document.getText(mark.range), '"BatchNrm"');
    assert.match(mark.message, /BatchNorm/);
  });

  it('mark a missing data file, and remove the mark when the file appears', async () => {
    const file = workspaceFile('later.csv');
    const editor = await openText(await changed('table.bnexp.json', 'table.csv', 'later.csv'));
    const [mark] = await someOf(editor.document.uri);
    assert.equal(editor.document.getText(mark.range), '"later.csv"');
    await vscode.workspace.fs.copy(workspaceFile('table.csv'), file);
    try {
      await openFile('small.bnexp.json');
      await vscode.window.showTextDocument(editor.document);
      await until(() => ours(editor.document.uri).length === 0);
    } finally {
      await vscode.workspace.fs.delete(file);
    }
  });

  it('mark a data file whose rows do not fit, and name the line', async () => {
    const file = workspaceFile('ragged.csv');
    await vscode.workspace.fs.writeFile(file, Buffer.from('width,kind\n1,a\n2\n'));
    try {
      const { document } = await openText(await changed('table.bnexp.json', 'table.csv', 'ragged.csv'));
      const [mark] = await someOf(document.uri);
      assert.equal(document.getText(mark.range), '"ragged.csv"');
      assert.match(mark.message, /agged\.csv:3:/);
    } finally {
      await vscode.workspace.fs.delete(file);
    }
  });

  it('leave JSON syntax errors to the editor, which marks them', async () => {
    const { document } = await openText('{ "name": "x", "data": { "kind": }');
    await until(() =>
      vscode.languages
        .getDiagnostics(document.uri)
        .some(({ source, severity }) => source !== 'BatchNorm Lab' && severity === vscode.DiagnosticSeverity.Error),
    );
    await until(() => ours(document.uri).length === 0);
  });

  it('mark files of the language json too, also in lines with a comment', async () => {
    const editor = await openText(await changed('small.bnexp.json', '"batchSize": 20', '"batchSize": 1 // one\n'));
    await vscode.languages.setTextDocumentLanguage(editor.document, 'json');
    const uri = editor.document.uri;
    // The editor's JSON support does not allow comments in json.
    await until(() => vscode.languages.getDiagnostics(uri).some(({ source }) => source !== 'BatchNorm Lab'));
    const [mark] = await someOf(uri);
    assert.equal(editor.document.getText(mark.range), '1');
  });

  it('are removed when the file is closed', async () => {
    const { document } = await openText(await changed('small.bnexp.json', '"batchSize": 20', '"batchSize": 1'));
    const { uri } = document;
    await someOf(uri);
    await vscode.commands.executeCommand('workbench.action.revertAndCloseActiveEditor');
    await until(() => ours(uri).length === 0);
  });
});
