/** Lists of runs: what a window knows at once, and what the folders say. */
import assert from 'node:assert/strict';
import fs, { existsSync, mkdirSync, readFileSync, renameSync, rmSync, writeFileSync } from 'node:fs';
import { syncBuiltinESMExports } from 'node:module';
import { dirname, join, relative } from 'node:path';
import { Catalog } from '../../../src/runs/catalog/catalog';
import type { CatalogRequests, FromCatalog, RequestName } from '../../../src/runs/catalog/catalogMessages';
import { CatalogService } from '../../../src/runs/catalog/catalogService';
import { readLabel, writeLabel } from '../../../src/runs/catalog/label';
import { discard, discarded, emptyTrash, restore } from '../../../src/runs/catalog/trash';
import { markTraining } from '../../../src/runs/folder/trainingMark';
import { atOnce } from '../../../src/runs/pieces';
import { planOf, small, temporaryFolder } from './support/experiments';
import { FakeClock } from './support/fakeClock';
import { saveFolder } from './support/savedFolder';

const claim = { says: 'better', metric: 'testAccuracy', better: 'BatchNorm', than: 'without', by: 0.01 };
const plan = planOf({ ...small, training: { ...small.training, seeds: '1-20' }, claim });
const short = planOf({ ...small, training: { ...small.training, seeds: [1] } });

/** A catalog that has done all its work. */
function read(catalog: Catalog): Catalog {
  atOnce(catalog.working());
  return catalog;
}

/** Runs `work` while a folder cannot be listed. The test may run as a user whom no permission stops. */
function withUnreadable(folder: string, code: string, work: () => void): void {
  const { readdirSync } = fs;
  const replace = (read: typeof readdirSync) => {
    Object.assign(fs, { readdirSync: read });
    syncBuiltinESMExports();
  };
  replace(((path: string, options: never) => {
    if (path === folder) throw Object.assign(new Error(`${code}: a test`), { code });
    return readdirSync(path, options);
  }) as unknown as typeof readdirSync);
  try {
    work();
  } finally {
    replace(readdirSync);
  }
}

describe('the list of runs', () => {
  const folder = temporaryFolder();
  let places = 0;
  /** A new folder of experiments. */
  const place = () => {
    const path = folder.path(`place-${++places}`);
    mkdirSync(path, { recursive: true });
    return path;
  };
  const saved = (base: string, stamp: string, more: Partial<Parameters<typeof saveFolder>[0]> = {}) =>
    saveFolder({ base, file: 'small.bnexp.json', stamp, plan: short, ...more });

  it('has the state of each run folder', () => {
    const base = place();
    const completed = saved(base, '2026-01-01T00-00-00');
    const diverged = saved(base, '2026-01-02T00-00-00', {
      summaryOf: ({ arm }) => ({ status: arm === 'without' ? 'diverged' : 'completed' }),
    });
    const unfinished = saved(base, '2026-01-03T00-00-00', { summaryOf: ({ arm }) => (arm === 'without' ? {} : null) });
    const training = saved(base, '2026-01-04T00-00-00', { summaryOf: () => null });
    markTraining(join(training, 'without/seed-1'));
    const damaged = saved(base, '2026-01-05T00-00-00');
    writeFileSync(join(damaged, 'runs.json'), '{');
    rmSync(join(damaged, 'without'), { recursive: true });
    rmSync(join(damaged, 'BatchNorm'), { recursive: true });
    mkdirSync(join(base, '.bnexp/runs/small/2026-01-06T00-00-00'));
    const { entries } = read(new Catalog([base], null));
    assert.deepEqual(
      [completed, diverged, unfinished, training, damaged].map((own) => entries.get(own)?.state),
      ['completed', 'diverged', 'unfinished', 'training', 'unreadable'],
    );
    assert.equal(entries.size, 5, 'a folder that was just made has no index yet');
    assert.match(entries.get(damaged)?.problem ?? '', /runs\.json is not valid JSON/);
    const entry = entries.get(completed);
    assert.deepEqual(
      [entry?.name, entry?.armCount, entry?.seeds, entry?.seconds, entry?.experiment, entry?.time],
      ['Small', 2, 1, 4, join(base, 'small.bnexp.json'), Date.UTC(2026, 0, 1)],
    );
  });

  it('is shown from the file of the last time before a folder is read', () => {
    const base = place();
    const own = saved(base, '2026-01-01T00-00-00');
    const removed = saved(base, '2026-01-02T00-00-00');
    const file = join(base, 'list.json');
    const first = read(new Catalog([base], file));
    first.save();
    rmSync(removed, { recursive: true });
    const added = saved(base, '2026-01-03T00-00-00');
    const second = new Catalog([base], file);
    second.load();
    assert.deepEqual(
      [...second.entries].map(([path, { state }]) => [path, state]),
      [
        [own, 'completed'],
        [added, 'unread'],
      ],
    );
    assert.equal(read(second).entries.get(added)?.state, 'completed');
    const other = new Catalog([place()], file);
    other.load();
    assert.equal(other.entries.size, 0, 'of other folders nothing is shown');
  });

  it('is made from the folders if that file is lost, damaged or of a different version', () => {
    const base = place();
    const own = saved(base, '2026-01-01T00-00-00');
    const file = join(base, 'list.json');
    const good = read(new Catalog([base], file));
    good.save();
    const text = readFileSync(file, 'utf8');
    const contents = [
      '',
      text.slice(0, 50),
      'null',
      '{"format":0}',
      text.replace('"name":"Small"', '"name":7'),
      text.replace('"arms":["', '"arms":[7,"'),
      JSON.stringify({ format: 1, bases: [7, base], entries: [null, 7, {}, { folder: own }] }),
    ];
    for (const content of contents) {
      writeFileSync(file, content);
      const catalog = new Catalog([base], file);
      catalog.load();
      assert.equal(read(catalog).entries.get(own)?.name, 'Small', content.slice(0, 60));
    }
  });

  it('follows changes of the folders', () => {
    const base = place();
    const catalog = read(new Catalog([base], null));
    assert.equal(catalog.entries.size, 0);
    const own = saved(base, '2026-01-01T00-00-00', { summaryOf: () => null });
    catalog.refresh([join(own, 'runs.json')]);
    assert.equal(read(catalog).entries.get(own)?.state, 'unfinished');
    const other = saved(base, '2026-01-02T00-00-00');
    catalog.refresh([join(base, 'elsewhere/.bnexp'), '/not/in/roots/.bnexp/runs/a/b', join(base, 'x.bnexp.json')]);
    assert.equal(read(catalog).entries.size, 1);
    catalog.refresh([other]);
    assert.equal(read(catalog).entries.size, 2);
    rmSync(own, { recursive: true });
    catalog.refresh([join(own, 'runs.json')]);
    assert.deepEqual([...read(catalog).entries.keys()], [other]);
    renameSync(join(base, '.bnexp'), join(base, 'moved'));
    catalog.refresh(null);
    assert.equal(read(catalog).entries.size, 0);
  });

  it('keeps runs that cannot be listed now, with the reason, and lists them again afterwards', () => {
    const base = place();
    const own = saved(base, '2026-01-01T00-00-00');
    const file = join(base, '.bnexp/list.json');
    const catalog = read(new Catalog([base], file));
    catalog.save();
    for (const [at, code, reason] of [
      [join(base, '.bnexp/runs'), 'EACCES', /\.bnexp.runs may not be read: change its permissions\. Runs are shown/],
      [dirname(own), 'EPERM', /runs.small may not be read/],
      [join(base, '.bnexp/runs'), 'ESTALE', /cannot be read \(ESTALE/],
    ] as const) {
      withUnreadable(at, code, () => {
        catalog.refresh(null);
        assert.match(read(catalog).problem ?? '', reason);
        assert.equal(catalog.entries.get(own)?.state, 'completed');
        const next = new Catalog([base], file);
        next.load();
        assert.equal(next.entries.get(own)?.state, 'completed', 'a window that opens meanwhile shows it too');
      });
      catalog.refresh(null);
      assert.equal(read(catalog).problem, null);
      assert.deepEqual([...catalog.entries.keys()], [own]);
    }
    rmSync(join(base, '.bnexp/runs'), { recursive: true });
    catalog.refresh(null);
    assert.deepEqual([read(catalog).entries.size, catalog.problem], [0, null]);
  });

  it('keeps the runs of a drive that is disconnected, and has them when it is back', () => {
    const drive = place();
    const own = saved(drive, '2026-01-01T00-00-00');
    const gone = saved(drive, '2026-01-02T00-00-00');
    const catalog = read(new Catalog([drive], null));
    renameSync(drive, `${drive}-away`);
    catalog.refresh(null);
    assert.match(read(catalog).problem ?? '', /is missing: connect its drive again/);
    assert.deepEqual(
      [...catalog.entries.values()].map(({ state }) => state),
      ['completed', 'completed'],
    );
    rmSync(join(`${drive}-away`, relative(drive, gone)), { recursive: true });
    renameSync(`${drive}-away`, drive);
    catalog.refresh(null);
    assert.deepEqual([[...read(catalog).entries.keys()], catalog.problem], [[own], null]);
  });

  it('has long, right-to-left and emoji names, and files whose name earlier versions saved as in a URI', () => {
    const base = place();
    const name = `${'שלום🙂'.repeat(100)}x`;
    const long = planOf({ ...small, name: name.slice(0, 200), training: { ...small.training, seeds: [1] } });
    const own = saved(base, '2026-01-01T00-00-00', { plan: long });
    const index = join(own, 'runs.json');
    const written = JSON.parse(readFileSync(index, 'utf8'));
    writeFileSync(index, JSON.stringify({ ...written, name, file: 'my%20net%.bnexp.json' }));
    const entryOf = () => read(new Catalog([base], null)).entries.get(own);
    assert.equal(entryOf()?.name.length, 200);
    assert.doesNotMatch(entryOf()?.name ?? '', /[\ud800-\udbff](?![\udc00-\udfff])/, 'no emoji is cut in half');
    assert.equal(entryOf()?.experiment, join(base, 'my%20net%.bnexp.json'), 'it is not encoded');
    writeFileSync(index, JSON.stringify({ ...written, file: 'my%20net.bnexp.json' }));
    assert.equal(entryOf()?.experiment, join(base, 'my%20net.bnexp.json'), 'neither file exists');
    writeFileSync(join(base, 'my net.bnexp.json'), '{}');
    assert.equal(entryOf()?.experiment, join(base, 'my net.bnexp.json'));
    writeFileSync(join(base, 'my%20net.bnexp.json'), '{}');
    assert.equal(entryOf()?.experiment, join(base, 'my%20net.bnexp.json'), 'a file has this name');
  });

  it('has the verdicts of runs that a person sees, and of a changed run again', () => {
    const base = place();
    const better = ({ arm, seed }: { arm: string; seed: number }) => ({
      final: { trainLoss: 0.1, testLoss: 0.1, testAccuracy: (arm === 'BatchNorm' ? 0.9 : 0.5) + seed / 1000 },
    });
    const own = saved(base, '2026-01-01T00-00-00', { plan, summaryOf: better });
    const catalog = read(new Catalog([base], null));
    const entry = () => catalog.entries.get(own);
    assert.equal(entry()?.verdicts, null);
    catalog.show([...catalog.entries.values()]);
    read(catalog);
    assert.deepEqual(entry()?.verdicts, ['supported']);
    rmSync(join(own, 'without'), { recursive: true });
    catalog.refresh([own]);
    read(catalog);
    assert.deepEqual([entry()?.state, entry()?.verdicts], ['unfinished', ['undecided']]);
  });

  it('has names and pins that are in the folders', () => {
    const own = saved(place(), '2026-01-01T00-00-00');
    assert.deepEqual(readLabel(own), { label: null, pinned: false });
    writeLabel(own, { label: 'best so far 🎉', pinned: true });
    assert.deepEqual(readLabel(own), { label: 'best so far 🎉', pinned: true });
    writeFileSync(join(own, 'label.json'), JSON.stringify({ name: 'x'.repeat(500), pinned: 'yes' }));
    assert.deepEqual(readLabel(own), { label: 'x'.repeat(200), pinned: false });
    writeFileSync(join(own, 'label.json'), 'null');
    assert.deepEqual(readLabel(own), { label: null, pinned: false });
    writeLabel(own, { label: null, pinned: false });
    assert.equal(existsSync(join(own, 'label.json')), false);
    rmSync(own, { recursive: true });
    assert.throws(() => writeLabel(own, { label: 'a', pinned: false }), /no longer exists/);
  });

  it('answers requests of its window', async () => {
    const base = place();
    const own = saved(base, '2026-01-01T00-00-00');
    writeFileSync(join(base, 'small.bnexp.json'), JSON.stringify(small));
    writeFileSync(join(base, 'wrong.bnexp.json'), '{ "arms": 1 }');
    const clock = new FakeClock();
    let receive: (message: FromCatalog) => void = () => {};
    const service = new CatalogService(
      { roots: [base], file: null, view: { grouping: 'experiment', order: 'newest', filter: '' } },
      clock,
      (message) => receive(message),
    );
    let number = 0;
    const ask = <N extends RequestName>(name: N, asked: CatalogRequests[N]['asked']) =>
      new Promise<CatalogRequests[N]['answer']>((resolve, reject) => {
        receive = (message) => {
          if (message.type === 'answer') resolve(message.answer as CatalogRequests[N]['answer']);
          if (message.type === 'failed') reject(new Error(message.message));
        };
        service.receive({ type: 'request', number: ++number, name, asked } as never);
      });
    const listed = new Promise<void>((resolve) => {
      receive = (message) => {
        if (message.type === 'state' && message.runs === 1 && message.left === 0) resolve();
        else setImmediate(() => clock.advance(1000));
      };
    });
    service.start();
    await listed;
    const files = ['small', 'wrong', 'gone'].map((name) => join(base, `${name}.bnexp.json`));
    const [good, wrong, gone] = await ask('experiments', { files });
    assert.deepEqual(
      [good.name, good.arms, good.seeds, good.errors, good.latest?.folder, good.runs],
      ['Small', 2, 3, 0, own, 1],
    );
    assert.ok(wrong.errors > 0);
    assert.deepEqual([wrong.latest, gone.problem], [null, 'is missing']);
    const group = `experiment:${files[0]}`;
    assert.deepEqual(
      (await ask('page', { group, count: 10 })).map(({ folder: path }) => path),
      [own],
    );
    assert.deepEqual(await ask('page', { group: 'experiment:other', count: 10 }), []);
    assert.deepEqual(
      (await ask('arms', { folder: own })).map(({ arm, ids, outcome }) => [arm, ids, outcome]),
      [
        ['without', ['without/seed-1'], { completed: 1 }],
        ['BatchNorm', ['BatchNorm/seed-1'], { completed: 1 }],
      ],
    );
    assert.match(await ask('settings', { folder: own, id: 'without/seed-1' }), /"kind": "none"/);
    await assert.rejects(ask('settings', { folder: own, id: 'other/seed-1' }), /experiment\.json is missing/);
    await ask('label', { folder: own, pinned: true });
    await ask('label', { folder: own, label: 'mine' });
    assert.deepEqual(readLabel(own), { label: 'mine', pinned: true });
    const { discarded: moved, problems } = await ask('discard', { folders: [own, join(base, 'other')] });
    assert.equal(moved.length, 1);
    assert.match(problems[0], /is not in \.bnexp\/runs/);
    assert.deepEqual(await ask('trash', null), moved, 'found although no run is left');
    assert.deepEqual(await ask('restore', { discarded: moved }), { restored: 1, problems: [] });
    service.close();
  });
});

describe('the trash of runs', () => {
  const folder = temporaryFolder();
  const saved = (place: string) => {
    mkdirSync(folder.path(place), { recursive: true });
    return saveFolder({ base: folder.path(place), file: 'a.bnexp.json', stamp: '2026-01-01T00-00-00', plan: short });
  };

  it('gives a run back as it was', () => {
    const own = saved('undo');
    const index = readFileSync(join(own, 'runs.json'), 'utf8');
    const moved = discard(own);
    assert.ok(moved);
    assert.equal(existsSync(own), false);
    assert.deepEqual(discarded(folder.path('undo')), [moved]);
    restore(moved);
    assert.equal(readFileSync(join(own, 'runs.json'), 'utf8'), index);
    assert.deepEqual(discarded(folder.path('undo')), []);
    assert.equal(existsSync(join(moved.place, '../..')), false, 'nothing empty is left');
    restore(moved);
  });

  it('is left alone if a different window was faster, and says so if it was emptied', () => {
    const own = saved('twice');
    const moved = discard(own);
    assert.ok(moved);
    assert.equal(discard(own), null);
    emptyTrash(folder.path('twice'));
    assert.throws(() => restore(moved), /cannot be restored: it is no longer in the trash/);
    emptyTrash(folder.path('twice'));
  });

  it('does not replace a run that has the same place now', () => {
    const moved = discard(saved('again'));
    assert.ok(moved);
    saved('again');
    assert.throws(() => restore(moved), /exists again: the deleted one is in/);
    assert.ok(existsSync(moved.place));
  });

  it('takes no run that trains, and nothing outside of .bnexp/runs', () => {
    const own = saved('training');
    rmSync(join(own, 'without/seed-1/summary.json'));
    markTraining(join(own, 'without/seed-1'));
    assert.throws(() => discard(own), /is still training: stop it first/);
    assert.throws(() => discard(folder.path('training')), /is not in \.bnexp\/runs/);
    assert.ok(existsSync(own));
  });
});
