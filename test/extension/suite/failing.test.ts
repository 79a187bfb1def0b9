/** A failed run is reported to the user with a remedy, and other runs and the extension continue. */
import assert from 'node:assert/strict';
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import * as vscode from 'vscode';
import type { BatchNormLabApi } from '../../../src/extension/api';
import { activate, changed, collect, openFile, openText, reset, until, workspaceFile } from '../support/lab';

describe('the extension after a failure', () => {
  let lab: BatchNormLabApi;
  const folder = mkdtempSync(join(tmpdir(), 'batchnorm-lab-worker-'));
  before(async () => {
    lab = await activate();
  });
  afterEach(() => reset(lab));
  after(() => rmSync(folder, { recursive: true, force: true }));

  const worker = (text: string) => {
    const file = join(folder, 'worker.js');
    writeFileSync(file, text);
    lab.useWorker(file);
  };
  const run = () => vscode.commands.executeCommand('batchnormLab.run');
  const ended = () => until(() => lab.state === 'finished' || lab.state === 'stopped');

  it('reports a worker that dies, and runs the next experiment', async () => {
    worker('process.exit(3);');
    const messages = collect(lab.onDidNotify);
    await openFile('small.bnexp.json');
    await run();
    await ended();
    assert.ok(lab.status!.runs.every(({ status }) => status === 'failed'));
    assert.ok(lab.status!.runs.every(({ error }) => error && error.length > 10));
    await until(() => messages.length >= 2);
    assert.match(messages[0], /failed: /);
    assert.match(messages[1], /4 failed/);
    messages.dispose();

    lab.useWorker(undefined);
    await run();
    await until(() => lab.status!.runs.every(({ status }) => status === 'completed'));
  });

  it('reports a worker that throws while it loads', async () => {
    worker('throw new Error("no such thing");');
    await openFile('small.bnexp.json');
    await run();
    await ended();
    assert.ok(lab.status!.runs.every(({ status }) => status === 'failed'));
  });

  it('names a target that is far from the outputs of a network as the cause of a divergence', async () => {
    const file = workspaceFile('far.csv');
    const rows = Array.from({ length: 60 }, (_, k) => `${k / 7},${1e6 * (k + 0.5)}\n`);
    await vscode.workspace.fs.writeFile(file, Buffer.from(`area,price\n${rows.join('')}`));
    const messages = collect(lab.onDidNotify);
    try {
      const data = { kind: 'csv', path: 'far.csv', target: 'price' };
      const training = { optimizer: { kind: 'sgd', learningRate: 0.1 }, batchSize: 10, steps: 200, seeds: [1] };
      await openText(JSON.stringify({ name: 'Far', data, network: { layers: [{ dense: 4 }] }, training }));
      await run();
      await ended();
      assert.deepEqual(
        lab.status?.runs.map(({ status }) => status),
        ['diverged'],
      );
      const message = await until(() => messages.find((text) => text.includes('1 diverged')));
      assert.match(message, /“Far” has finished: 1 of 1 run done, 1 diverged\. .*price.*standardizeTarget/);
    } finally {
      messages.dispose();
      await vscode.workspace.fs.delete(file);
    }
  });

  it('treats a run that diverges as a result', async () => {
    const messages = collect(lab.onDidNotify);
    const text = await changed('small.bnexp.json', '"learningRate": 0.1', '"learningRate": 1e6');
    await openText(text.replace('"activation": "tanh"', '"activation": "relu"'));
    await run();
    await ended();
    assert.ok(lab.status!.runs.some(({ status }) => status === 'diverged'));
    await until(() => messages.length >= 1);
    messages.dispose();
    assert.ok(
      messages.every((words) => !/failed/.test(words)),
      messages.join('\n'),
    );
  });
});
