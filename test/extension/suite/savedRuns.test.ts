/** Past runs, opened from their folder: forked, and run again. */
import assert from 'node:assert/strict';
import { existsSync, readdirSync, readFileSync, rmSync, statSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import * as vscode from 'vscode';
import type { BatchNormLabApi } from '../../../src/extension/api';
import type { Hydrate, PanelFork, ToPanel } from '../../../src/protocol';
import { readRunFolder } from '../../../src/runs/folder/readRunFolder';
import { activate, collect, openFile, reset, until, workspaceFile } from '../support/lab';

describe('a past run', () => {
  let lab: BatchNormLabApi;
  before(async () => {
    lab = await activate();
  });
  afterEach(() => reset(lab));

  const command = (name: string, ...given: unknown[]) =>
    vscode.commands.executeCommand(`batchnormLab.${name}`, ...given);
  const content = () => lab.panel.content as Hydrate;

  /** Runs an experiment of the workspace to its end, and opens its saved run. */
  async function opened(name: string, between: (folder: string) => void = () => {}, seeds?: number[]): Promise<string> {
    await openFile(name);
    await command('run', workspaceFile(name), seeds);
    await until(() => lab.state === 'finished');
    const folder = lab.runFolder!;
    await command('stop');
    await vscode.commands.executeCommand('workbench.action.closeAllEditors');
    between(folder);
    const posted = collect(lab.panel.onDidPost);
    await command('openRun', vscode.Uri.file(folder));
    // The page is loaded.
    await until(() => posted.some((message) => message.type === 'hydrate' && message.session === folder));
    posted.dispose();
    return folder;
  }
  const fork = (change: Partial<PanelFork>) => {
    const { session, runs } = content();
    lab.panel.receive({
      type: 'fork',
      session,
      runs: runs.slice(1, 2).map(({ id }) => id),
      step: 20,
      settings: { learningRate: 0.01 },
      ...change,
    });
  };
  const filesIn = (folder: string) =>
    readdirSync(folder, { recursive: true, encoding: 'utf8' })
      .filter((file) => statSync(join(folder, file)).isFile())
      .sort()
      .map((file) => [file, readFileSync(join(folder, file)).toString('base64')]);
  /** Waits for a message from the panel's page or its host. */
  const refusal = (messages: ToPanel[]) =>
    until(() =>
      messages.find((message): message is Extract<ToPanel, { type: 'refused' }> => message.type === 'refused'),
    );
  const forked = (arm: string) => until(() => lab.state === 'finished' && content().arms.includes(arm));

  it('is forked in its folder, with one seed and then with all, and both are shown', async () => {
    const folder = await opened('small.bnexp.json');
    assert.ok(content().runs.every(({ unforkable }) => unforkable === undefined));
    const { session } = content();
    const parent = content().runs[1];
    const messages = collect(lab.panel.onDidPost);
    fork({});
    const arm = `${parent.arm}, fork at 20: rate 0.01`;
    await forked(arm);
    assert.equal(lab.runFolder, folder);
    // The page was not reloaded: the selected step is unchanged.
    assert.equal(content().session, session);
    const before = readRunFolder(folder);
    assert.deepEqual(before.arms.at(-1), arm);
    const run = before.runs.at(-1)!;
    assert.deepEqual([run.fork, run.status, run.frames.steps[0]], [{ run: parent.id, step: 20 }, 'completed', 20]);
    assert.deepEqual(content().runs.at(-1)?.frames.steps, run.frames.steps);
    assert.deepEqual(content().runs[1].frames, parent.frames);

    const all = before.runs.filter((each) => each.arm === parent.arm).map(({ id }) => id);
    assert.equal(all.length, 2);
    fork({ runs: all });
    await until(() => lab.state === 'finished' && readRunFolder(folder).runs.length === before.runs.length + 1);
    assert.deepEqual(
      readRunFolder(folder)
        .runs.filter((each) => each.arm === arm)
        .map(({ seed, status }) => [seed, status]),
      [
        [1, 'completed'],
        [2, 'completed'],
      ],
    );
    messages.dispose();
  });

  it('is shown alone if a different one was still being read: the last request counts, in one panel', async () => {
    const large = await opened('small.bnexp.json', undefined, [1, 2, 3, 4, 5, 6]);
    const small = await opened('table.bnexp.json');
    lab.panel.close();
    const titles = collect(lab.panel.onDidPost);
    const open = (folder: string) => command('openRun', vscode.Uri.file(folder));
    await Promise.all([open(large), open(small)]);
    await until(() => titles.some(({ type }) => type === 'hydrate'));
    titles.dispose();
    assert.equal(content().session, small);
    assert.ok(titles.every((message) => message.type !== 'hydrate' || message.session === small));
    const panels = () =>
      vscode.window.tabGroups.all
        .flatMap(({ tabs }) => tabs)
        .filter(({ input }) => input instanceof vscode.TabInputWebview);
    await until(() => panels().length === 1 && panels()[0].label === `BatchNorm: ${content().name}`);
  });

  it('shows in advance why it cannot be forked, and refuses if a fork is requested anyway', async () => {
    const folder = await opened('small.bnexp.json', (own) => {
      const { runs } = readRunFolder(own);
      rmSync(join(own, runs[1].id, 'experiment.json'));
    });
    const before = filesIn(folder);
    assert.match(content().runs[1].unforkable ?? '', /experiment\.json is not in its run folder: restore it, or/);
    assert.equal(content().runs[0].unforkable, undefined);
    const messages = collect(lab.panel.onDidPost);
    fork({});
    assert.match((await refusal(messages)).message, /experiment\.json is not in its run folder/);
    messages.length = 0;
    fork({ runs: [content().runs[0].id], settings: { learningRate: -1 } });
    assert.match((await refusal(messages)).message, /learningRate must be a number above 0/);
    assert.deepEqual(filesIn(folder), before);
    messages.dispose();
  });

  it('is not compared after its data have changed', async () => {
    const table = workspaceFile('table.csv').fsPath;
    const text = readFileSync(table, 'utf8');
    try {
      const folder = await opened('table.bnexp.json', () => writeFileSync(table, text.replaceAll(/\d/g, '7')));
      const before = filesIn(folder);
      const messages = collect(lab.onDidNotify);
      fork({ runs: [content().runs[0].id], step: 5, settings: { learningRate: 0.3 } });
      const message = await until(() => messages.find((words) => words.includes('differs from the recorded run')));
      assert.match(message, /Most likely table\.csv has changed since then\. The fork is not shown or saved/);
      await until(() => lab.state === 'finished');
      assert.deepEqual(filesIn(folder), before);
      assert.equal(content().runs.at(-1)?.status, 'failed');
      assert.equal(content().runs.at(-1)?.frames.steps.length, 0);
      messages.dispose();
    } finally {
      writeFileSync(table, text);
    }
  });

  it('is forked in memory only, if the workspace is not trusted', async () => {
    const folder = await opened('small.bnexp.json');
    lab.pretendUntrusted(true);
    const before = filesIn(folder);
    fork({});
    await forked(`${content().runs[1].arm}, fork at 20: rate 0.01`);
    assert.equal(content().runs.at(-1)?.status, 'completed');
    assert.deepEqual(filesIn(folder), before);
  });

  describe('run again', () => {
    // A separate name for each, as the editor may still hold an earlier text of a file.
    let number = 0;
    let name = '';
    let own = '';
    const text = readFileSync(workspaceFile('small.bnexp.json').fsPath, 'utf8');
    beforeEach(() => {
      name = `past-${++number}.bnexp.json`;
      own = workspaceFile(name).fsPath;
      writeFileSync(own, text);
    });
    afterEach(() => rmSync(own, { force: true }));

    /** Steps of the new run, whose folder is beside the old one. */
    async function again(folder: string): Promise<number[]> {
      lab.panel.receive({ type: 'command', command: 'run' });
      await until(() => lab.state === 'finished' && lab.runFolder !== folder);
      assert.equal(join(lab.runFolder!, '..'), join(folder, '..'));
      return [...new Set(readRunFolder(lab.runFolder!).runs.map(({ steps }) => steps))];
    }

    it('trains its file if the file is unchanged', async () => {
      const folder = await opened(name);
      assert.equal(content().again, 'Run again');
      const hashes = (of: string) =>
        readRunFolder(of).runs.map(
          ({ id }) => JSON.parse(readFileSync(join(of, id, 'summary.json'), 'utf8')).parametersHash,
        );
      assert.deepEqual(await again(folder), [60]);
      assert.deepEqual(hashes(lab.runFolder!), hashes(folder));
    });

    it('trains its file with the seeds of the run, which may differ from those in the file', async () => {
      const folder = await opened(name, undefined, [1, 2, 3]);
      assert.equal(content().again, 'Run again');
      await again(folder);
      assert.deepEqual([...new Set(readRunFolder(lab.runFolder!).runs.map(({ seed }) => seed))], [1, 2, 3]);
    });

    it('trains the saved experiment if its file has changed, any number of times', async () => {
      const folder = await opened(name, () => writeFileSync(own, text.replace('"steps": 60', '"steps": 40')));
      assert.equal(content().again, `Run again as saved: ${name} has changed`);
      assert.deepEqual(await again(folder), [60]);
      const second = lab.runFolder!;
      assert.deepEqual(await again(second), [60]);
    });

    it('trains the saved experiment if its file is missing, and reports a file that cannot be opened', async () => {
      const folder = await opened(name, () => rmSync(own));
      assert.equal(content().again, `Run again as saved: ${name} is gone`);
      assert.equal(content().file, '');
      assert.deepEqual(await again(folder), [60]);
      assert.ok(!existsSync(own));
      assert.equal(content().name, 'Small');
    });

    it('is not offered if both are missing', async () => {
      await opened(name, (folder) => {
        rmSync(own);
        for (const { id } of readRunFolder(folder).runs) rmSync(join(folder, id, 'experiment.json'));
      });
      assert.equal(content().again, null);
    });
  });
});
