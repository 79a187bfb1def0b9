/** Running an experiment from the editor: to its end, paused, stopped, unsaved, and refused. */
import assert from 'node:assert/strict';
import { existsSync, readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import * as vscode from 'vscode';
import type { BatchNormLabApi } from '../../../src/extension/api';
import type { WindowState } from '../../../src/protocol';
import { registersFor } from '../../../src/runs/worker/wideRegisters';
import {
  activate,
  changed,
  chooseFullSpeed,
  collect,
  openFile,
  openText,
  replaceAll,
  reset,
  until,
  workspaceFile,
} from '../support/lab';

describe('running an experiment', () => {
  let lab: BatchNormLabApi;
  // In a browser, the editor would save a changed file after a second.
  const saving = vscode.workspace.getConfiguration('files');
  before(async () => {
    lab = await activate();
    await saving.update('autoSave', 'off', vscode.ConfigurationTarget.Global);
  });
  after(() => saving.update('autoSave', undefined, vscode.ConfigurationTarget.Global));
  afterEach(() => reset(lab));

  const run = () => vscode.commands.executeCommand('batchnormLab.run');
  const ended = () => until(() => lab.state === 'finished' || lab.state === 'stopped');
  const seeds = () => new Set(lab.status!.runs.map(({ seed }) => seed));

  it('trains the file whose tab is active, before VS Code has read its text', async () => {
    await openFile('first.bnexp.json');
    const activated = new Promise<void>((resolve) => {
      const tabs = vscode.window.tabGroups.onDidChangeTabs(() => {
        if (vscode.window.tabGroups.activeTabGroup.activeTab?.label !== 'small.bnexp.json') return;
        tabs.dispose();
        resolve();
      });
    });
    const opening = openFile('small.bnexp.json');
    await activated;
    await run();
    await opening;
    assert.equal(lab.panel.content?.name, 'Small');
    await ended();
  });

  it('trains the first example to its end, and saves logs and summaries', async () => {
    await openFile('first.bnexp.json');
    const states = collect(lab.onDidChangeState);
    await run();
    chooseFullSpeed(lab);
    await ended();
    states.dispose();
    assert.deepEqual([...states] as string[], ['running', 'finished']);
    const folder = lab.runFolder ?? '';
    assert.ok(folder.startsWith(workspaceFile('.bnexp/runs').fsPath), folder);
    const files = readdirSync(folder, { recursive: true, encoding: 'utf8' });
    const number = (pattern: RegExp) => files.filter((file) => pattern.test(file)).length;
    const runs = lab.status!.runs;
    assert.ok(runs.length > 1);
    assert.ok(runs.every((each) => each.status === 'completed' && each.step === each.steps));
    assert.equal(number(/events\.out\.tfevents/), runs.length);
    assert.equal(number(/^.+[/\\]experiment\.json$/), runs.length);
    const summaries = files.filter((file) => /[/\\]summary\.json$/.test(file));
    assert.equal(summaries.length, runs.length);
    for (const file of summaries) {
      assert.equal(JSON.parse(readFileSync(join(folder, file), 'utf8')).status, 'completed');
    }
  });

  it('trains with the widest registers that the settings and the machine allow, in a separate process', async () => {
    const settings = vscode.workspace.getConfiguration('batchnormLab');
    const wide = registersFor('auto', process) === 'wide' ? 'simd-256' : 'simd-128';
    try {
      for (const [choice, expected] of [
        ['narrow', 'simd-128'],
        ['auto', wide],
      ]) {
        await settings.update('registers', choice, vscode.ConfigurationTarget.Workspace);
        await openFile('small.bnexp.json');
        await run();
        await ended();
        assert.equal(lab.status!.kernels, expected, choice);
        assert.ok(lab.status!.runs.every(({ status }) => status === 'completed'));
      }
    } finally {
      await settings.update('registers', undefined, vscode.ConfigurationTarget.Workspace);
    }
  });

  it('opens the panel beside the editor, which keeps the focus', async () => {
    const editor = await openFile('small.bnexp.json');
    await run();
    await until(() => lab.panel.isVisible);
    assert.equal(vscode.window.activeTextEditor?.document, editor.document);
    // The list of tabs is updated a moment after the panel.
    const panel = await until(() =>
      vscode.window.tabGroups.all.find((group) =>
        group.tabs.some((tab) => tab.input instanceof vscode.TabInputWebview),
      ),
    );
    assert.equal(panel.viewColumn, vscode.ViewColumn.Two);
    await ended();
  });

  it('runs the text in the editor, saved or not', async () => {
    const editor = await openFile('small.bnexp.json');
    await replaceAll(editor, editor.document.getText().replace('"seeds": [1, 2]', '"seeds": [7]'));
    assert.ok(editor.document.isDirty);
    await run();
    await ended();
    assert.deepEqual(seeds(), new Set([7]));
    assert.ok(editor.document.isDirty, 'running saved the file');
  });

  it('runs with 20 seeds if the panel asks for it, which changes neither the file nor what the editor says about it', async () => {
    const { document } = await openFile('small.bnexp.json');
    await run();
    await ended();
    const states = collect(lab.onDidChangeState);
    lab.panel.receive({ type: 'command', command: 'runTwentySeeds' });
    await until(() => states.includes('finished'));
    states.dispose();
    assert.deepEqual(seeds(), new Set(Array.from({ length: 20 }, (_, k) => k + 1)));
    assert.equal(lab.status!.runs.length, 40);
    assert.equal(document.isDirty, false);
    const lenses = await vscode.commands.executeCommand<vscode.CodeLens[]>(
      'vscode.executeCodeLensProvider',
      document.uri,
    );
    assert.ok(
      lenses.some(({ command }) => command?.title.startsWith('2 arms × 2 seeds = 4 runs')),
      JSON.stringify(lenses),
    );
  });

  it('runs the seeds of the file if a menu of the editor passes the selected files', async () => {
    const { document } = await openFile('small.bnexp.json');
    await vscode.commands.executeCommand('batchnormLab.run', document.uri, [document.uri]);
    await ended();
    assert.deepEqual(seeds(), new Set([1, 2]));
  });

  it('runs a file that was never saved', async () => {
    await openText(await changed('small.bnexp.json', '"Small"', '"Unsaved"'));
    await run();
    await ended();
    assert.equal(lab.panel.content?.name, 'Unsaved');
  });

  it('pauses, resumes, and stops with partial results', async () => {
    await openFile('long.bnexp.json');
    await run();
    await until(() => lab.status?.runs.some(({ step }) => step > 0));
    await vscode.commands.executeCommand('batchnormLab.pauseResume');
    await until(() => lab.state === 'paused');
    // Workers pause at the end of a step: messages of the current one may still arrive.
    const steps = () => lab.status!.runs.reduce((sum, { step }) => sum + step, 0);
    let held = -1;
    await until(async () => {
      const before = steps();
      await new Promise((resolve) => setTimeout(resolve, 600));
      held = steps();
      return held === before;
    });
    await vscode.commands.executeCommand('batchnormLab.pauseResume');
    await until(() => lab.state === 'running' && steps() > held);
    await vscode.commands.executeCommand('batchnormLab.stop');
    assert.equal(lab.state, 'stopped');
    assert.ok(lab.status!.runs.every(({ status }) => status === 'cancelled'));
    assert.ok(existsSync(lab.runFolder!));
  });

  it('reads a CSV file beside the experiment', async () => {
    await openFile('table.bnexp.json');
    await run();
    await ended();
    assert.deepEqual(
      lab.status!.runs.map(({ status }) => status),
      ['completed'],
    );
  });

  it('does not start an experiment with an error, and selects the error', async () => {
    const text = await changed('small.bnexp.json', '"batchSize": 20', '"batchSize": 1');
    const editor = await openText(text);
    const states = collect(lab.onDidChangeState);
    await run();
    states.dispose();
    assert.deepEqual([...states], []);
    const active = vscode.window.activeTextEditor;
    assert.equal(active?.document, editor.document);
    assert.equal(active.document.getText(active.selection), '1');
  });

  describe('while a different experiment runs', () => {
    /** What the page was last told about the window. */
    let told: WindowState | undefined;
    let listening: vscode.Disposable;
    before(() => {
      listening = lab.panel.onDidPost((message) => {
        if (message.type === 'window') told = message;
      });
    });
    after(() => listening.dispose());
    beforeEach(async () => {
      told = undefined;
      const posted = collect(lab.panel.onDidPost);
      await openFile('long.bnexp.json');
      await run();
      // The page is loaded, so that the question appears there.
      await until(() => posted.some(({ type }) => type === 'hydrate') && lab.panel.isVisible);
      posted.dispose();
    });

    const question = () => until(() => told?.question);
    const answer = async (choice: string | null) =>
      lab.panel.receive({ type: 'answer', question: (await question()).id, choice });
    const queue = () => told?.queue.map(({ name }) => name);

    it('waits in the queue, without a question, and starts when the other one has ended', async () => {
      await openFile('small.bnexp.json');
      await run();
      assert.equal(told?.question ?? null, null);
      assert.deepEqual(queue(), ['Small']);
      assert.equal(lab.state, 'running');
      assert.equal(lab.panel.content?.name, 'Long');
      await vscode.commands.executeCommand('batchnormLab.stop');
      await until(() => lab.panel.content?.name === 'Small' && lab.state === 'finished');
      assert.deepEqual(queue(), []);
    });

    it('can be removed from the queue, or started at once', async () => {
      await openFile('small.bnexp.json');
      await run();
      lab.panel.receive({ type: 'unqueue', id: told?.queue[0].id ?? '' });
      assert.deepEqual(queue(), []);
      await run();
      const node = { kind: 'waiting', id: told?.queue[0].id };
      await vscode.commands.executeCommand('batchnormLab.runQueuedNow', node);
      await until(() => lab.panel.content?.name === 'Small' && lab.state === 'finished');
      assert.deepEqual(queue(), []);
    });

    it('says that its file is already running, and runs it again', async () => {
      const asked = run();
      assert.match(
        (await question()).text,
        /^long\.bnexp\.json is already running, .+ Run it again as it is in the editor now\?$/,
      );
      const { session } = lab.panel.content!;
      await answer('Stop and Run Again');
      await asked;
      assert.equal(lab.state, 'running');
      assert.notEqual(lab.panel.content?.session, session);
    });
  });

  it('trains at the pace of its file, which the panel changes', async () => {
    await openText(await changed('small.bnexp.json', '"arms"', '"pace": 20, "arms"'));
    const posted = collect(lab.panel.onDidPost);
    await run();
    const { session, pace } = await until(() => posted.find((message) => message.type === 'hydrate'));
    assert.equal(pace, 20);
    // A run of 60 steps would take three seconds: at full speed it has ended before the first status.
    await until(() => lab.status?.runs.some(({ step }) => step > 0 && step < 30));
    assert.equal(lab.status?.pace, 20);
    assert.equal(lab.status?.state, 'running');
    lab.panel.receive({ type: 'pace', session, stepsPerSecond: null });
    await ended();
    assert.equal(lab.state, 'finished');
    posted.dispose();
  });

  it('reports that no experiment can be stopped or paused', async () => {
    await vscode.commands.executeCommand('batchnormLab.stop');
    await vscode.commands.executeCommand('batchnormLab.pauseResume');
    assert.ok(!['running', 'paused'].includes(lab.state));
  });

  it('saves no run folder if the setting disables it', async () => {
    const configuration = vscode.workspace.getConfiguration('batchnormLab');
    await configuration.update('keepRuns', false, vscode.ConfigurationTarget.Global);
    try {
      await openFile('small.bnexp.json');
      await run();
      await ended();
      assert.equal(lab.runFolder, undefined);
    } finally {
      await configuration.update('keepRuns', undefined, vscode.ConfigurationTarget.Global);
    }
  });
});
