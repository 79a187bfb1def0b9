/** Tools for language models, as an assistant in the editor calls them. */
import assert from 'node:assert/strict';
import * as vscode from 'vscode';
import type { BatchNormLabApi } from '../../../src/extension/api';
import { languageModelTools } from '../../../src/extension/identifiers';
import { activate, openFile, reset, until, workspaceFile } from '../support/lab';

describe('tools for language models', () => {
  let lab: BatchNormLabApi;
  before(async () => {
    lab = await activate();
  });
  after(() => reset(lab));

  async function call(name: keyof typeof languageModelTools, input: object): Promise<string> {
    const { content } = await vscode.lm.invokeTool(languageModelTools[name], { input, toolInvocationToken: undefined });
    const [part] = content;
    assert.ok(part instanceof vscode.LanguageModelTextPart);
    return part.value;
  }

  it('check the text in the editor, read runs, ask before they train, and need trust', async () => {
    const listed = vscode.lm.tools.map(({ name }) => name);
    assert.deepEqual(
      Object.values(languageModelTools).filter((name) => !listed.includes(name)),
      [],
    );
    const editor = await openFile('small.bnexp.json');
    await editor.edit((edit) =>
      edit.insert(editor.document.positionAt(editor.document.getText().indexOf('{') + 1), '"nme": 1,'),
    );
    const path = workspaceFile('small.bnexp.json').fsPath;
    assert.match(await call('validate_experiment', { path }), /"nme" is not a property of an experiment/);
    await vscode.commands.executeCommand('undo');

    // A window of a test shows no dialog, which counts as No.
    await assert.rejects(call('run_experiment', { path }));
    assert.equal(lab.status, undefined);
    await vscode.commands.executeCommand('batchnormLab.run');
    await until(() => lab.state === 'finished' && lab.runFolder);
    assert.match(await call('explain_run', { path: lab.runFolder ?? '' }), /Layers of .*\| hidden1 \| \d/s);

    lab.pretendUntrusted(true);
    await assert.rejects(call('explain_run', { path }), /not trusted/);
  });
});
