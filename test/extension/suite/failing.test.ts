/** A run that fails reaches the person, with what to do next, and leaves the other runs and the lab alive. */
import assert from 'node:assert/strict';
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import * as vscode from 'vscode';
import type { BatchNormLabApi } from '../../../src/extension/api';
import { activate, changed, collect, openFile, openText, reset, until } from '../support/lab';

describe('when something fails', () => {
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

  it('reports a worker that dies, and the next experiment runs', async () => {
    worker('process.exit(3);');
    const told = collect(lab.onDidNotify);
    await openFile('small.bnexp.json');
    await run();
    await ended();
    assert.ok(lab.status!.runs.every(({ status }) => status === 'failed'));
    assert.ok(lab.status!.runs.every(({ error }) => error && error.length > 10));
    await until(() => told.length >= 2);
    assert.match(told[0], /failed: /);
    assert.match(told[1], /4 failed/);
    told.dispose();

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

  it('takes a run that diverges for a result', async () => {
    const told = collect(lab.onDidNotify);
    const text = await changed('small.bnexp.json', '"learningRate": 0.1', '"learningRate": 1e6');
    await openText(text.replace('"activation": "tanh"', '"activation": "relu"'));
    await run();
    await ended();
    assert.ok(lab.status!.runs.some(({ status }) => status === 'diverged'));
    await until(() => told.length >= 1);
    told.dispose();
    assert.ok(
      told.every((words) => !/failed/.test(words)),
      told.join('\n'),
    );
  });
});
