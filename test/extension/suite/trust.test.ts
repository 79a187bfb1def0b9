/** Restrictions in a workspace that is not trusted. The rig disables trust, so the test simulates it. */
import assert from 'node:assert/strict';
import * as vscode from 'vscode';
import type { BatchNormLabApi } from '../../../src/extension/api';
import { activate, collect, openFile, reset, until } from '../support/lab';

describe('a workspace that is not trusted', () => {
  let lab: BatchNormLabApi;
  before(async () => {
    lab = await activate();
  });
  beforeEach(() => lab.pretendUntrusted(true));
  afterEach(() => reset(lab));

  const run = () => vscode.commands.executeCommand('batchnormLab.run');

  it('runs an experiment on generated data and leaves nothing on disk', async () => {
    await openFile('small.bnexp.json');
    await run();
    await until(() => lab.state === 'finished');
    assert.ok(lab.status!.runs.every(({ status }) => status === 'completed'));
    assert.equal(lab.runFolder, undefined);
  });

  it('refuses an experiment that reads a file', async () => {
    await openFile('table.bnexp.json');
    const states = collect(lab.onDidChangeState);
    await run();
    states.dispose();
    assert.deepEqual([...states], []);
    assert.notEqual(lab.panel.content?.name, 'Table');
  });
});
