/** Creating an experiment file from a preset. */
import assert from 'node:assert/strict';
import * as vscode from 'vscode';
import { presets } from '../../../src/experiment/presets';
import type { BatchNormLabApi } from '../../../src/extension/api';
import { activate, reset, until } from '../support/lab';

describe('New BatchNorm Experiment', () => {
  let lab: BatchNormLabApi;
  before(async () => {
    lab = await activate();
  });
  afterEach(() => reset(lab));

  /** Accepts the first preset in the list. */
  async function create(): Promise<vscode.TextDocument> {
    const created = vscode.commands.executeCommand('batchnormLab.new');
    let through = false;
    void Promise.resolve(created).then(() => {
      through = true;
    });
    await until(async () => {
      await vscode.commands.executeCommand('workbench.action.acceptSelectedQuickOpenItem');
      await new Promise((resolve) => setTimeout(resolve, 100));
      return through;
    });
    return vscode.window.activeTextEditor!.document;
  }

  it('opens a preset as an unsaved experiment with an unused file name', async () => {
    const document = await create();
    assert.equal(document.getText(), presets[0].text);
    assert.ok(document.isUntitled);
    // The workspace already contains first.bnexp.json.
    assert.match(document.uri.path, /\/first-2\.bnexp\.json$/);
    assert.equal(document.languageId, 'jsonc');
  });

  it('gives a second file a different name', async () => {
    const one = await create();
    const two = await create();
    assert.notEqual(one.uri.toString(), two.uri.toString());
  });

  it('creates an experiment that can run immediately, without an error', async () => {
    const { uri } = await create();
    const lenses = await until(async () => {
      const found = await vscode.commands.executeCommand<vscode.CodeLens[]>('vscode.executeCodeLensProvider', uri);
      return found.length > 0 && found;
    });
    assert.ok(lenses.some(({ command }) => /arms × .* runs, /.test(command?.title ?? '')));
  });
});
