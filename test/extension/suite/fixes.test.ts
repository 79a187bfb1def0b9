/** Quick fixes in the editor. `test/unit/experiment/editing/fixes.test.ts` tests the fixes themselves. */
import assert from 'node:assert/strict';
import * as vscode from 'vscode';
import type { BatchNormLabApi } from '../../../src/extension/api';
import { activate, changed, openText, reset, until } from '../support/lab';

describe('quick fixes', () => {
  let lab: BatchNormLabApi;
  before(async () => {
    lab = await activate();
  });
  afterEach(() => reset(lab));

  const actionsAt = (document: vscode.TextDocument, word: string, kind?: string) => {
    const at = document.positionAt(document.getText().indexOf(word) + 1);
    return vscode.commands.executeCommand<vscode.CodeAction[]>(
      'vscode.executeCodeActionProvider',
      document.uri,
      new vscode.Range(at, at),
      kind,
    );
  };

  it('correct a word', async () => {
    const { document } = await openText(await changed('small.bnexp.json', '"batchSize"', '"batchSise"'));
    await until(() => vscode.languages.getDiagnostics(document.uri).some(({ message }) => /batchSise/.test(message)));
    const [fix] = await actionsAt(document, '"batchSise"', 'quickfix');
    assert.equal(fix.title, 'Change to "batchSize"');
    assert.equal(fix.isPreferred, true);
    assert.ok(await vscode.workspace.applyEdit(fix.edit!));
    await until(() => vscode.languages.getDiagnostics(document.uri).length === 0);
  });

  it('are all applied by a source action', async () => {
    const text = (await changed('small.bnexp.json', '"batchSize"', '"batchSise"')).replace('"spiral"', '"spirals"');
    const { document } = await openText(text);
    const [fix, ...others] = await actionsAt(document, '{', 'source.fixAll.bnexp');
    assert.deepEqual(others, []);
    assert.ok(await vscode.workspace.applyEdit(fix.edit!));
    assert.equal(document.getText(), text.replace('"batchSise"', '"batchSize"').replace('"spirals"', '"spiral"'));
  });
});
