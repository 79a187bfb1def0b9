/** Checks that no schema can express, marked in place while the person types. */
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
  /** Marks in the text as it is now: a made file is empty for a moment, and marked for that. */
  const someOf = (uri: vscode.Uri) =>
    until(() => {
      const found = ours(uri).filter(({ message }) => !/is empty/.test(message));
      return found.length > 0 && found;
    });

  it('mark a batch of one at its number, and let go when it is mended', async () => {
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

  it('mark a data file that is not there, and see when it has come', async () => {
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

  it('leave broken JSON to the editor, which marks it itself', async () => {
    const { document } = await openText('{ "name": "x", "data": { "kind": }');
    await until(() =>
      vscode.languages
        .getDiagnostics(document.uri)
        .some(({ source, severity }) => source !== 'BatchNorm Lab' && severity === vscode.DiagnosticSeverity.Error),
    );
    await until(() => ours(document.uri).length === 0);
  });

  it('go with the file when it is closed', async () => {
    const { document } = await openText(await changed('small.bnexp.json', '"batchSize": 20', '"batchSize": 1'));
    const { uri } = document;
    await someOf(uri);
    await vscode.commands.executeCommand('workbench.action.revertAndCloseActiveEditor');
    await until(() => ours(uri).length === 0);
  });
});
