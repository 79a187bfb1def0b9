/** The walkthrough's buttons: run a preset without opening or saving a file, and show a prediction beside its verdict. */
import assert from 'node:assert/strict';
import * as vscode from 'vscode';
import { presets } from '../../../src/experiment/presets';
import type { BatchNormLabApi } from '../../../src/extension/api';
import { activate, chooseFullSpeed, reset, until } from '../support/lab';

describe('the walkthrough', () => {
  let lab: BatchNormLabApi;
  before(async () => {
    lab = await activate();
  });
  afterEach(() => reset(lab));

  const press = async (...given: unknown[]) => {
    await vscode.commands.executeCommand('batchnormLab.runPreset', ...given);
    if (lab.state === 'running') chooseFullSpeed(lab);
  };

  it('runs the preset with the prediction beside the verdict, leaves no file, and shows the text, which can be run again', async () => {
    await press('first', 'contradicted');
    await until(() => lab.state === 'finished');
    const content = lab.panel.content!;
    assert.equal(content.name, presets[0].title);
    assert.equal(content.expectation, 'contradicted');
    assert.equal(content.verdicts[0].outcome, 'undecided');
    assert.match(content.verdicts[0].reason, /a verdict needs at least 20/);

    assert.equal(lab.runFolder, undefined);
    const tabs = vscode.window.tabGroups.all.flatMap((group) => group.tabs);
    assert.ok(!tabs.some(({ input }) => input instanceof vscode.TabInputText));
    assert.equal(vscode.workspace.textDocuments.filter(({ isUntitled }) => isUntitled).length, 0);

    const file = vscode.Uri.parse(content.file);
    const editor = await vscode.window.showTextDocument(file);
    assert.equal(editor.document.getText(), presets[0].text);
    await vscode.commands.executeCommand('batchnormLab.run', file);
    await until(() => lab.state === 'running' && lab.panel.content?.session !== content.session);
  });

  it('runs without a prediction if the step asks for none', async () => {
    await press('first');
    await until(() => lab.state === 'running' && lab.panel.content?.name === presets[0].title);
    assert.equal(lab.panel.content!.expectation, undefined);
  });

  it('opens and runs nothing if the preset is unknown', async () => {
    const before = vscode.window.activeTextEditor;
    await press('no-such-preset');
    assert.equal(vscode.window.activeTextEditor, before);
    assert.equal(lab.state === 'running', false);
  });
});
