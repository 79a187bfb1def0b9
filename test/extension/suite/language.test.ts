/** Editor support: the language of an experiment file, and the hints from its JSON Schema. */
import assert from 'node:assert/strict';
import * as vscode from 'vscode';
import type { BatchNormLabApi } from '../../../src/extension/api';
import { activate, changed, openFile, openText, replaceAll, reset, until } from '../support/lab';

describe('an experiment file in the editor', () => {
  let lab: BatchNormLabApi;
  before(async () => {
    lab = await activate();
  });
  afterEach(() => reset(lab));

  const marks = (uri: vscode.Uri, source: string | undefined) =>
    vscode.languages.getDiagnostics(uri).filter((diagnostic) => diagnostic.source === source);

  it('is JSON with comments, and has no marks if it is valid', async () => {
    const { document } = await openFile('small.bnexp.json');
    assert.equal(document.languageId, 'jsonc');
    // A mark that appears and disappears proves that both checkers have read the file.
    const text = document.getText();
    await replaceAll(vscode.window.activeTextEditor!, text.replace('"steps": 60', '"stepz": 60'));
    await until(() => vscode.languages.getDiagnostics(document.uri).length > 1);
    await replaceAll(vscode.window.activeTextEditor!, text);
    await until(() => vscode.languages.getDiagnostics(document.uri).length === 0);
  });

  it('has unknown properties marked by its JSON Schema', async () => {
    const { document } = await openText(await changed('small.bnexp.json', '"batchSize"', '"batchSise"'));
    const [mark] = await until(() => {
      const found = vscode.languages
        .getDiagnostics(document.uri)
        .filter((diagnostic) => diagnostic.source !== 'BatchNorm Lab' && diagnostic.message.includes('batchSise'));
      return found.length > 0 && found;
    });
    assert.equal(document.getText(mark.range).replaceAll('"', ''), 'batchSise');
  });

  it('gets a suggestion for an unknown property', async () => {
    const { document } = await openText(await changed('small.bnexp.json', '"batchSize"', '"batchSise"'));
    const [mark] = await until(() => {
      const found = marks(document.uri, 'BatchNorm Lab').filter(({ message }) => message.includes('batchSise'));
      return found.length > 0 && found;
    });
    assert.match(mark.message, /batchSize/);
    assert.equal(document.getText(mark.range).replaceAll('"', ''), 'batchSise');
  });

  it('gets completions of properties and values', async () => {
    const text = await changed('small.bnexp.json', '"kind": "spiral"', '"kind": ""');
    const { document } = await openText(text);
    const labels = await until(async () => {
      const inQuotes = document.positionAt(text.indexOf('"kind": ""') + '"kind": "'.length);
      const list = await vscode.commands.executeCommand<vscode.CompletionList>(
        'vscode.executeCompletionItemProvider',
        document.uri,
        inQuotes,
      );
      const found = list.items.map(({ label }) =>
        (typeof label === 'string' ? label : label.label).replaceAll('"', ''),
      );
      return found.includes('spiral') && found;
    });
    for (const kind of ['digits', 'moons', 'circles', 'csv', 'idx']) assert.ok(labels.includes(kind), kind);

    const properties = await vscode.commands.executeCommand<vscode.CompletionList>(
      'vscode.executeCompletionItemProvider',
      document.uri,
      document.positionAt(text.indexOf('"training"')),
    );
    assert.ok(
      properties.items.some(({ label }) => (typeof label === 'string' ? label : label.label).includes('claim')),
      'claim is not offered as a property of the experiment',
    );
  });

  it('gets explanations of properties in hovers', async () => {
    const { document } = await openFile('small.bnexp.json');
    const at = document.positionAt(document.getText().indexOf('"batchSize"') + 2);
    const words = await until(async () => {
      const hovers = await vscode.commands.executeCommand<vscode.Hover[]>(
        'vscode.executeHoverProvider',
        document.uri,
        at,
      );
      return hovers
        .flatMap((hover) => hover.contents)
        .map((content) => (typeof content === 'string' ? content : content.value))
        .join('\n');
    });
    assert.ok(words.length > 10, words);
  });
});
