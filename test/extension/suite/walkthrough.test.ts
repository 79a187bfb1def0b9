/** The walkthrough's buttons: open and run a preset, and show a prediction beside its verdict. */
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
  const experiments = () =>
    // Documents of earlier tests may still be closing.
    vscode.workspace.textDocuments.filter(
      ({ uri, isClosed }) => !isClosed && /first[\d-]*\.bnexp\.json$/.test(uri.path),
    );

  it('runs the preset with the prediction, which the panel shows beside the verdict', async () => {
    await press('first', 'contradicted');
    await until(() => lab.state === 'finished');
    const content = lab.panel.content!;
    assert.equal(content.name, presets[0].title);
    assert.equal(content.expectation, 'contradicted');
    assert.equal(content.verdicts[0].outcome, 'undecided');
    assert.match(content.verdicts[0].reason, /a verdict needs at least 20/);
  });

  it('reopens the file that it has opened before', async () => {
    await press('first', 'supported');
    await until(() => lab.state === 'finished');
    const before = experiments().length;
    await press('first', 'undecided');
    await until(() => lab.state === 'finished' && lab.panel.content?.expectation === 'undecided');
    assert.equal(experiments().length, before);
  });

  it('runs without a prediction if the step asks for none', async () => {
    await press('first');
    await until(() => lab.state === 'finished');
    assert.equal(lab.panel.content!.expectation, undefined);
  });

  it('opens and runs nothing if the preset is unknown', async () => {
    const before = vscode.window.activeTextEditor;
    await press('no-such-preset');
    assert.equal(vscode.window.activeTextEditor, before);
    assert.equal(lab.state === 'running', false);
  });
});
