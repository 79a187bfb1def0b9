/** The panel and its host: the page is hydrated whenever it is loaded, and gets messages only while it is visible. */
import assert from 'node:assert/strict';
import * as vscode from 'vscode';
import type { BatchNormLabApi } from '../../../src/extension/api';
import type { Hydrate, ToPanel } from '../../../src/protocol';
import { readRunFolder } from '../../../src/runs/folder/readRunFolder';
import { activate, collect, openFile, reset, until } from '../support/lab';

describe('the panel', () => {
  let lab: BatchNormLabApi;
  before(async () => {
    lab = await activate();
  });
  afterEach(() => reset(lab));

  const run = () => vscode.commands.executeCommand('batchnormLab.run');
  const hydrations = (posted: ToPanel[]) => posted.filter((message): message is Hydrate => message.type === 'hydrate');
  const framesOf = (hydrate: Hydrate) => hydrate.runs.reduce((sum, { frames }) => sum + frames.steps.length, 0);

  it('is hydrated when its page is ready, and then gets frames in batches', async () => {
    await openFile('long.bnexp.json');
    const posted = collect(lab.panel.onDidPost);
    await run();
    await until(() => hydrations(posted).length > 0);
    await until(() => posted.some(({ type }) => type === 'frames'));
    assert.equal(posted[0].type, 'hydrate');
    const { session } = hydrations(posted)[0];
    assert.ok(posted.every((message) => message.type !== 'window' && message.session === session));
    for (const message of posted) {
      if (message.type !== 'frames') continue;
      const { steps, values } = message.frames;
      assert.ok(steps.length > 0);
      assert.equal(values.length % steps.length, 0);
      assert.equal(values.buffer.byteLength, values.byteLength, 'a view would be sent with its whole buffer');
    }
    posted.dispose();
  });

  it('keeps its layout in this workspace, for any run and after reopening', async () => {
    const charts = [
      { id: 'accuracy', shown: true },
      { id: 'loss', shown: false },
    ];
    try {
      lab.panel.receive({ type: 'charts', charts });
      await openFile('small.bnexp.json');
      const posted = collect(lab.panel.onDidPost);
      await run();
      const first = await until(() => hydrations(posted)[0]);
      assert.deepEqual(first.charts, charts);
      await until(() => lab.state === 'finished');
      lab.panel.close();
      posted.length = 0;
      await vscode.commands.executeCommand('batchnormLab.showLastRun');
      assert.deepEqual((await until(() => hydrations(posted)[0])).charts, charts);
      posted.dispose();
    } finally {
      // Restores the default order for the next tests.
      lab.panel.receive({ type: 'charts', charts: [] });
    }
  });

  it('gets nothing while it is hidden, and everything when it is visible again', async () => {
    await openFile('long.bnexp.json');
    const posted = collect(lab.panel.onDidPost);
    await run();
    await until(() => posted.some(({ type }) => type === 'frames'));

    // Another editor covers the panel in its own column.
    await vscode.workspace
      .openTextDocument({ content: 'on top' })
      .then((document) => vscode.window.showTextDocument(document, { viewColumn: vscode.ViewColumn.Two }));
    await until(() => !lab.panel.isVisible);
    posted.length = 0;
    const before = lab.status!.runs.reduce((sum, { step }) => sum + step, 0);
    await until(() => lab.status!.runs.reduce((sum, { step }) => sum + step, 0) > before + 3000);
    assert.deepEqual([...posted], []);

    await vscode.commands.executeCommand('batchnormLab.showLastRun');
    const [hydrate] = await until(() => hydrations(posted).length > 0 && hydrations(posted));
    assert.ok(framesOf(hydrate) > 3, 'frames from while it was hidden are missing');
    posted.dispose();
  });

  it('can be closed and reopened during and after a run', async () => {
    await openFile('small.bnexp.json');
    const posted = collect(lab.panel.onDidPost);
    await run();
    await until(() => hydrations(posted).length > 0);
    lab.panel.close();
    assert.equal(lab.panel.isOpen, false);
    await until(() => lab.state === 'finished');
    posted.length = 0;
    await vscode.commands.executeCommand('batchnormLab.showLastRun');
    const [hydrate] = await until(() => hydrations(posted).length > 0 && hydrations(posted));
    assert.equal(hydrate.state, 'finished');
    assert.equal(hydrate.name, 'Small');
    assert.equal(hydrate.runs.length, 4);
    // Frames at step 0 and then every 5 of 60 steps.
    assert.equal(framesOf(hydrate), 4 * 13);
    posted.dispose();
  });

  it('is hydrated again when it is moved to another column', async () => {
    await openFile('small.bnexp.json');
    const posted = collect(lab.panel.onDidPost);
    await run();
    await until(() => lab.state === 'finished' && hydrations(posted).length > 0);
    await vscode.commands.executeCommand('workbench.action.focusSecondEditorGroup');
    posted.length = 0;
    await vscode.commands.executeCommand('workbench.action.moveEditorToFirstGroup');
    await until(() => hydrations(posted).length > 0);
    posted.dispose();
  });

  it('gets predictions live, and again from the log alone', async () => {
    await openFile('small.bnexp.json');
    const posted = collect(lab.panel.onDidPost);
    const received = collect(lab.panel.onDidReceive);
    await run();
    await until(() => lab.state === 'finished' && hydrations(posted).length > 0);
    const live = lab.panel.content;
    assert.ok(live && lab.runFolder);
    const kept = readRunFolder(lab.runFolder);
    live.runs.forEach(({ scene, predictions, final }, k) => {
      assert.ok(scene?.plane && scene.points.labels.length === 200);
      assert.deepEqual([predictions.steps[0], predictions.steps.at(-1)], [0, 60]);
      assert.equal(predictions.surfaces.length, 1024 * predictions.steps.length);
      // The latest confusion matrix: the first and last of its four counts are correct predictions, of a hundred.
      const [first, , , last] = predictions.confusions.slice(-4);
      assert.equal((first + last) / 100, final?.testAccuracy);
      assert.deepEqual(kept.runs[k].scene, scene);
      assert.deepEqual(kept.runs[k].predictions, predictions);
    });
    assert.deepEqual(
      received.filter(({ type }) => type === 'problem'),
      [],
    );
    posted.dispose();
    received.dispose();
  });

  it('reports no error of its page', async () => {
    await openFile('small.bnexp.json');
    const received = collect(lab.panel.onDidReceive);
    await run();
    await until(() => lab.state === 'finished' && received.some(({ type }) => type === 'ready'));
    assert.deepEqual(
      received.filter(({ type }) => type === 'problem'),
      [],
    );
    received.dispose();
  });
});
