/** Steering a running experiment, from the palette and from the panel, to its saved settings. */
import assert from 'node:assert/strict';
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import * as vscode from 'vscode';
import type { BatchNormLabApi } from '../../../src/extension/api';
import type { Hydrate, ToPanel } from '../../../src/protocol';
import { activate, collect, openFile, reset, until } from '../support/lab';

describe('steering an experiment', () => {
  let lab: BatchNormLabApi;
  before(async () => {
    lab = await activate();
  });
  afterEach(() => reset(lab));

  const command = (name: string) => vscode.commands.executeCommand(`batchnormLab.${name}`);
  const posted = <T extends ToPanel['type']>(messages: ToPanel[], type: T) =>
    messages.filter((message): message is Extract<ToPanel, { type: T }> => message.type === type);
  const runs = () => lab.status!.runs;

  /** Runs `long.bnexp.json` until a run has trained 100 steps, and pauses it there. */
  async function paused() {
    await openFile('long.bnexp.json');
    const messages = collect(lab.panel.onDidPost);
    await command('run');
    await until(() => posted(messages, 'hydrate').length > 0 && lab.status?.runs.some(({ step }) => step > 100));
    await command('pause');
    await until(() => lab.state === 'paused');
    await new Promise((resolve) => setTimeout(resolve, 700));
    return messages;
  }

  it('trains step by step while paused, and sends each frame to the panel', async () => {
    const messages = await paused();
    const before = runs().filter(({ status }) => status === 'running');
    assert.ok(before.length > 0);
    messages.length = 0;
    await command('step');
    await until(() => before.every(({ id, step }) => runs().find((run) => run.id === id)?.step === step + 1));
    await until(() => posted(messages, 'frames').length >= before.length);
    for (const { id, step } of before) {
      const frames = posted(messages, 'frames').find(({ run }) => run === id)?.frames;
      assert.deepEqual([...(frames?.steps ?? [])], [step]);
    }
    messages.dispose();
  });

  it("applies a new learning rate at the next step of each run, and saves it in the run's experiment", async () => {
    const messages = await paused();
    const training = runs().filter(({ status }) => status === 'running');
    const { session } = lab.status!;
    const ask = (learningRate: number) =>
      lab.panel.receive({ type: 'change', session, runs: training.map(({ id }) => id), settings: { learningRate } });
    ask(-1);
    const [refused] = await until(() => posted(messages, 'refused').length > 0 && posted(messages, 'refused'));
    assert.match(refused.message, /learningRate must be a number above 0/);
    assert.ok(runs().every(({ changes }) => changes.length === 0));
    ask(0.01);
    await until(() => training.every(({ id }) => runs().find((run) => run.id === id)!.changes.length === 1));
    for (const { id, step } of training) {
      assert.deepEqual(runs().find((run) => run.id === id)?.changes, [{ at: step, learningRate: 0.01, byHand: true }]);
      const kept = JSON.parse(readFileSync(join(lab.runFolder!, id, 'experiment.json'), 'utf8'));
      assert.deepEqual(kept.training.changes, [{ at: step, learningRate: 0.01 }]);
    }
    messages.dispose();
  });

  it('forks a run beside the others, and shows the fork after the panel was closed', async () => {
    const messages = await paused();
    // Another run that trains may not have reached the step yet.
    const [parent] = runs().filter(({ status, step }) => status === 'running' && step > 100);
    const { session } = lab.status!;
    lab.panel.receive({ type: 'fork', session, runs: [parent.id], step: 60, settings: { weightDecay: 0.01 } });
    const arm = `${parent.arm}, fork at 60: weight decay 0.01`;
    const [{ run }] = await until(() => posted(messages, 'added').length > 0 && posted(messages, 'added'));
    assert.equal(run.arm, arm);
    await command('resume');
    await until(() => runs().find(({ id }) => id === run.id)!.step > 60);
    lab.panel.close();
    messages.length = 0;
    await command('showLastRun');
    const [hydrate] = await until(() => posted(messages, 'hydrate').length > 0 && posted(messages, 'hydrate'));
    assert.equal((hydrate as Hydrate).arms.at(-1), arm);
    const forked = hydrate.runs.find(({ id }) => id === run.id)!;
    assert.deepEqual(forked.fork, { run: parent.id, step: 60 });
    assert.equal(forked.frames.steps[0], 60);
    messages.dispose();
  });

  it('runs the last experiment again', async () => {
    await openFile('small.bnexp.json');
    await command('run');
    await until(() => lab.state === 'finished');
    const first = lab.status!.session;
    await command('runAgain');
    await until(() => lab.state === 'finished' && lab.status!.session !== first);
  });
});
