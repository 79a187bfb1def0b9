/** The line above an experiment: number of runs, and the buttons that fit its state. */
import assert from 'node:assert/strict';
import * as vscode from 'vscode';
import type { BatchNormLabApi } from '../../../src/extension/api';
import { activate, changed, openFile, openText, reset, until } from '../support/lab';

describe('CodeLens', () => {
  let lab: BatchNormLabApi;
  before(async () => {
    lab = await activate();
  });
  afterEach(() => reset(lab));

  const lenses = async (uri: vscode.Uri) => {
    const found = await vscode.commands.executeCommand<vscode.CodeLens[]>('vscode.executeCodeLensProvider', uri);
    return found.map(({ command }) => ({ title: command!.title, command: command!.command }));
  };

  it('offers to run, and shows the number of runs', async () => {
    const { document } = await openFile('small.bnexp.json');
    const found = await lenses(document.uri);
    assert.ok(found.some(({ command }) => command === 'batchnormLab.run'));
    assert.ok(
      found.some(({ title }) => title === '2 arms × 2 seeds = 4 runs, 60 steps each'),
      JSON.stringify(found),
    );
  });

  it('offers to run each arm and to test each claim', async () => {
    const claim =
      '"claim": { "says": "x", "metric": "testAccuracy", "better": "BatchNorm", "than": "without" }, "arms"';
    const { document } = await openText(await changed('small.bnexp.json', '"arms"', claim));
    const found = await until(async () => {
      const all = await vscode.commands.executeCommand<vscode.CodeLens[]>(
        'vscode.executeCodeLensProvider',
        document.uri,
      );
      const own = all.flatMap(({ command, range }) =>
        command?.arguments?.[2] ? [{ ...command, line: document.lineAt(range.start.line).text }] : [],
      );
      return own.length > 0 && own;
    });
    const titles = found.map(({ title }) => title.replace(/^.*\u00a0/, ''));
    assert.deepEqual(titles.sort(), [
      '20 Seeds',
      '20 Seeds',
      'Run This Arm',
      'Run This Arm',
      'Test With 20 Seeds',
      'Until Clear',
    ]);
    const ofArm = found.find(({ title, line }) => title.endsWith('Run This Arm') && line.includes('"BatchNorm"'));
    assert.deepEqual(ofArm?.arguments?.[2], ['BatchNorm']);
    await vscode.commands.executeCommand('batchnormLab.run', document.uri, [1], ['BatchNorm']);
    await until(() => lab.status?.runs.length === 1 && lab.status.runs[0].id === 'BatchNorm/seed-1');
  });

  it('summarizes a table above its data, and in a hover', async () => {
    const { document } = await openFile('table.bnexp.json');
    const found = await lenses(document.uri);
    const said = found.find(({ title }) => title.includes('→'));
    assert.match(String(said?.title), /→ \d+ features?; (classification|regression) of/, JSON.stringify(found));
    const at = document.positionAt(document.getText().indexOf('"data"') + 2);
    const hovers = await vscode.commands.executeCommand<vscode.Hover[]>(
      'vscode.executeHoverProvider',
      document.uri,
      at,
    );
    const text = hovers.flatMap(({ contents }) => contents.map((part) => (part as vscode.MarkdownString).value)).join();
    assert.match(text, /first row: /);
  });

  it('shows the number of errors if the experiment cannot run', async () => {
    const { document } = await openText(await changed('small.bnexp.json', '"batchSize": 20', '"batchSize": 1'));
    const found = await lenses(document.uri);
    assert.ok(
      found.some(({ title, command }) => title === '1 error' && command === 'workbench.actions.view.problems'),
      JSON.stringify(found),
    );
  });

  it('offers to pause, resume and stop the running file', async () => {
    const { document } = await openFile('long.bnexp.json');
    await vscode.commands.executeCommand('batchnormLab.run', document.uri);
    const commandsNow = async () => (await lenses(document.uri)).map(({ command }) => command);
    await until(async () => (await commandsNow()).includes('batchnormLab.stop'));
    assert.ok((await commandsNow()).includes('batchnormLab.pause'));
    assert.ok(!(await commandsNow()).includes('batchnormLab.run'));
    await vscode.commands.executeCommand('batchnormLab.pauseResume');
    await until(async () => (await commandsNow()).includes('batchnormLab.resume'));
  });

  it('shows nothing in other JSON files', async () => {
    const document = await vscode.workspace.openTextDocument({ language: 'jsonc', content: '{}' });
    assert.deepEqual(await lenses(document.uri), []);
  });
});
