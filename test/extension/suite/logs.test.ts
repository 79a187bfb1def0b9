/** Logs of other programs, opened in the panel and followed. */
import assert from 'node:assert/strict';
import { appendFileSync, cpSync, mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join, resolve } from 'node:path';
import { isDeepStrictEqual } from 'node:util';
import { inflateRawSync } from 'node:zlib';
import * as vscode from 'vscode';
import type { BatchNormLabApi } from '../../../src/extension/api';
import type { TagMedia, TagValues, ToPanel, WatchTags } from '../../../src/protocol';
import { imageSize } from '../../../src/shared/imageSize';
import { unpack } from '../../../src/shared/unpack';
import { scalarRecord } from '../../unit/runs/logs/support/events';
import { activate, collect, reset, until } from '../support/lab';

describe('logs of other programs', () => {
  let lab: BatchNormLabApi;
  let folder: string;
  let messages: ToPanel[] & vscode.Disposable;
  before(async () => {
    lab = await activate();
  });
  beforeEach(() => {
    folder = mkdtempSync(join(tmpdir(), 'batchnorm-lab-logs-'));
    cpSync(resolve(__dirname, '../../../../test/fixtures/logs'), folder, { recursive: true });
    messages = collect(lab.panel.onDidPost);
  });
  afterEach(async () => {
    messages.dispose();
    await reset(lab);
    rmSync(folder, { recursive: true, force: true });
  });

  const command = (name: string, path: string) =>
    vscode.commands.executeCommand(`batchnormLab.${name}`, vscode.Uri.file(path));
  const last = <Type extends ToPanel['type']>(type: Type) =>
    messages.findLast((message): message is Extract<ToPanel, { type: Type }> => message.type === type);
  /** Waits while these tags are watched, also when the page, which is drawn meanwhile, asks for others. */
  async function watchedUntil<T>(
    session: string,
    tags: WatchTags['tags'],
    probe: () => T | undefined | false,
  ): Promise<T> {
    const received = collect(lab.panel.onDidReceive);
    const watch = () => lab.panel.receive({ type: 'watchTags', session, tags });
    watch();
    try {
      return await until(() => {
        const latest = received.findLast((message) => message.type === 'watchTags');
        if (!isDeepStrictEqual(latest?.tags, tags)) watch();
        return probe();
      });
    } finally {
      received.dispose();
    }
  }
  /** Makes the panel show logs, until all of them are read. */
  async function watched(path: string, name = 'watchLogs'): Promise<void> {
    await command(name, path);
    await until(() => lab.panel.content?.logs?.reading === null);
  }

  it('are shown with their arms, tags and values, and followed', async () => {
    await watched(join(folder, 'keras'));
    const { session, arms, seeds, state, runs } = lab.panel.content!;
    assert.deepEqual([arms, seeds, state], [['train', 'validation'], [-1], 'following']);
    assert.ok(runs.every(({ step }) => step > 0));
    const found = await until(() =>
      messages.find((message) => message.type === 'tags' && message.run === 'train' && message.tags.length > 0),
    );
    assert.ok(found.type === 'tags');
    const { tag } = found.tags.find(({ name }) => name === 'epoch_loss')!;
    const tags = [{ run: 'train', tag }];
    const values = () =>
      messages.filter(
        (message): message is TagValues => message.type === 'values' && message.run === 'train' && message.tag === tag,
      );
    assert.equal((await watchedUntil(session, tags, () => values()[0])).from, 0);
    const file = join(folder, 'keras/train/events.out.tfevents.1700000000.fixture');
    appendFileSync(file, scalarRecord('epoch_loss', 1000, 0.125));
    await watchedUntil(session, tags, () => values().at(-1)?.values.at(-1) === 0.125);
    assert.equal(lab.panel.content?.runs[0].step, 1000);
    assert.equal(lab.panel.content?.runs[0].status, 'running');
  });

  it('take the place of other logs, also with the command that opens runs', async () => {
    await watched(join(folder, 'keras'));
    await watched(join(folder, 'torch'), 'openRun');
    const { name, arms, seeds } = lab.panel.content!;
    assert.equal(name, 'torch');
    assert.ok(arms.includes('both_a'), arms.join());
    assert.deepEqual(seeds, [1]);
    await until(() => last('hydrate')?.name === 'torch');
    await until(() => messages.some((message) => message.type === 'frames' && message.frames.steps.length > 0));
  });

  it('are shown with their text and images', async () => {
    await watched(join(folder, 'torch'));
    const { session } = lab.panel.content!;
    const tagNamed = (wanted: string) =>
      until(() => {
        for (const message of messages) {
          const found =
            message.type === 'tags' && message.tags.find(({ name, kind }) => name === wanted && kind === 'media');
          if (found) return { run: message.run, tag: found.tag };
        }
        return undefined;
      });
    const [text, image] = [await tagNamed('notes/text_summary'), await tagNamed('sample')];
    const media = (kind: 'strings' | 'images') =>
      watchedUntil(session, [text, image], () =>
        messages.find((message): message is TagMedia => message.type === 'media' && !!message[kind]?.length),
      );
    assert.equal((await media('strings')).strings?.[0].step, 3);
    const [{ encoded }] = (await media('images')).images ?? assert.fail('no image');
    assert.equal(imageSize(encoded)?.type, 'image/png');
  });

  it('are compared by the last values of paired seeds', async () => {
    for (const [arm, seed, value] of [
      ['a', 1, 1],
      ['a', 2, 3],
      ['b', 1, 2],
    ] as const) {
      mkdirSync(join(folder, `seeds/${arm}/seed-${seed}`), { recursive: true });
      writeFileSync(
        join(folder, `seeds/${arm}/seed-${seed}/events.out.tfevents.1700000000.fixture`),
        Buffer.concat([scalarRecord('loss', 0, 9), scalarRecord('loss', 5, value)]),
      );
    }
    await watched(join(folder, 'seeds'));
    const { session } = lab.panel.content!;
    const comparison = { tag: 'loss', better: 'a', than: 'b', direction: 'less' } as const;
    lab.panel.receive({ type: 'compare', session, ...comparison });
    const [verdict] = await until(() => {
      const found = last('status')?.verdicts;
      return found?.length ? found : undefined;
    });
    assert.deepEqual([verdict.outcome, verdict.pairs, verdict.difference], ['undecided', 1, -1]);
    assert.match(verdict.reason, /1 of 2 seeds has the tag in both arms\. All last values are of step 5\./);
    assert.equal(lab.panel.content?.verdicts.length, 1, 'a page that is loaded again has it too');
  });

  it('are exported as a page with all their values', async () => {
    await watched(join(folder, 'keras'));
    const target = vscode.Uri.file(join(folder, 'keras.html'));
    lab.answerSaveDialog(async () => target);
    await vscode.commands.executeCommand('batchnormLab.exportHtml');
    const html = readFileSync(target.fsPath, 'utf8');
    const [, data] = /<script id="run"[^>]*>([^<]*)</.exec(html) ?? assert.fail('no data');
    const packed = inflateRawSync(Buffer.from(data, 'base64'));
    const [run, ...later] = unpack(packed) as ToPanel[];
    assert.ok(run.type === 'hydrate');
    assert.deepEqual([run.state, run.name, run.session], ['stopped', 'keras', 'exported']);
    const found = later.flatMap((message) => (message.type === 'values' ? [message] : []));
    assert.ok(found.some(({ run: id, steps }) => id === 'train' && steps.length > 0));
    assert.ok(later.some((message) => message.type === 'frames' && message.frames.steps.length > 0));
    assert.equal(packed.includes(folder), false, 'no path of this machine');
  });

  it('are closed with the panel', async () => {
    await watched(join(folder, 'keras'));
    lab.panel.close();
    assert.equal(lab.panel.content, undefined);
  });
});
