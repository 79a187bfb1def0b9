/** Run folders: their location, their content, and that nothing in them is ever lost. */
import assert from 'node:assert/strict';
import {
  existsSync,
  mkdirSync,
  readdirSync,
  readFileSync,
  renameSync,
  rmSync,
  utimesSync,
  writeFileSync,
} from 'node:fs';
import { readExperiment } from '../../../src/experiment/read';
import { withSource } from '../../../src/runs/folder/byteSource';
import { describeRun, newestFirst, newestRunFolder } from '../../../src/runs/folder/findRuns';
import { FolderRecord } from '../../../src/runs/folder/folderRecord';
import { newRunFolder, RunFolderError } from '../../../src/runs/folder/layout';
import { readIndex } from '../../../src/runs/folder/readIndex';
import { beginRun } from '../../../src/runs/folder/runFiles';
import { runLogOf } from '../../../src/runs/folder/runLogFiles';
import { readBrief } from '../../../src/runs/folder/summaryFile';
import { writeIndex } from '../../../src/runs/folder/writeIndex';
import { runLogItems } from '../../../src/runs/log/readRunLog';
import { indexOf } from '../../../src/runs/session/runIndex';
import { planOf, small, temporaryFolder } from './support/experiments';
import { sessionOf } from './support/inProcess';

describe('run folders', () => {
  const folder = temporaryFolder();
  const plan = planOf(small);
  const now = new Date('2026-01-31T12:00:00Z');

  it('are beside the file, one for each start, and ignored by git', () => {
    const first = newRunFolder(folder.path('first.bnexp.json'), undefined, now);
    const second = newRunFolder(folder.path('first.bnexp.json'), undefined, now);
    assert.equal(first, folder.path('.bnexp/runs/first/2026-01-31T12-00-00'));
    assert.equal(second, `${first}-2`);
    assert.ok(existsSync(second));
    assert.equal(readFileSync(folder.path('.bnexp/.gitignore'), 'utf8'), '*\n');
  });

  it('have a name that Windows can keep, and the name of the file without folders and escapes', () => {
    const made = newRunFolder(folder.path('ended. ..bnexp.json'), undefined, now);
    assert.equal(made, folder.path('.bnexp/runs/ended/2026-01-31T12-00-00'));
    new FolderRecord(made, true).open(plan, 'file:///c%3A/nets/my%20net.bnexp.json', '0.1.0', now);
    assert.equal(readIndex(made).file, 'my net.bnexp.json');
  });

  it('report an error when they cannot be made', () => {
    writeFileSync(folder.path('file'), '');
    assert.throws(() => newRunFolder('x.bnexp.json', folder.path('file/under')), RunFolderError);
    assert.throws(() => newRunFolder(folder.path('file/x.bnexp.json')), /file\/\.bnexp.*choose another folder/);
  });

  it('refuse a second set of the same runs, and accept another part of the plan', () => {
    const out = newRunFolder('x.bnexp.json', folder.path('shared'));
    const half = (k: number) => ({ ...plan, runs: plan.runs.filter((_, index) => index % 2 === k) });
    for (const part of [half(0), half(1)]) {
      writeIndex(out, indexOf(part, 'x.bnexp.json', '0.1.0'));
      for (const run of part.runs) beginRun(out, run);
    }
    assert.deepEqual(
      readIndex(out)
        .runs.map(({ id }) => id)
        .sort(),
      plan.runs.map(({ id }) => id).sort(),
    );
    const before = readFileSync(folder.path('shared/runs.json'));
    assert.throws(() => writeIndex(out, indexOf(half(0), 'x.bnexp.json', '0.1.0')), /already contains without\/seed-1/);
    assert.deepEqual(readFileSync(folder.path('shared/runs.json')), before);
  });

  it('contain an experiment for each run that trains exactly this run again', () => {
    const out = newRunFolder('x.bnexp.json', folder.path('again'));
    for (const run of plan.runs) {
      beginRun(out, run);
      const { plan: again, diagnostics } = readExperiment(
        readFileSync(folder.path('again', run.id, 'experiment.json'), 'utf8'),
      );
      assert.deepEqual(diagnostics, []);
      assert.deepEqual(
        again?.runs.map(({ specification, data }) => ({ specification, data })),
        [{ specification: run.specification, data: run.data }],
      );
    }
    assert.deepEqual(readdirSync(folder.path('again', plan.runs[0].id)), ['experiment.json']);
  });

  it('of other programs are refused by name, and so are other folders', () => {
    mkdirSync(folder.path('strange'));
    assert.throws(() => readIndex(folder.path('strange')), /strange is not a run folder/);
    for (const text of [
      '',
      '[]',
      'null',
      '{"runs": 3}',
      '{"name": "x", "arms": [], "seeds": [], "runs": [{"id": "../x", "arm": "a"}]}',
    ]) {
      writeFileSync(folder.path('strange/runs.json'), text);
      assert.throws(() => readIndex(folder.path('strange')), RunFolderError, text);
    }
  });

  it('are dated by their index, else by their first log, else by their name', async () => {
    const own = folder.path('dated');
    const run = newRunFolder(`${own}/a.bnexp.json`, undefined, new Date(Date.UTC(2026, 0, 2, 3, 4, 5)));
    const { session } = sessionOf(plan, { folder: run });
    session.start();
    await session.ended;
    const index = JSON.parse(readFileSync(`${run}/runs.json`, 'utf8'));
    assert.equal(describeRun(run)?.time, Date.parse(index.started));
    // As earlier versions wrote it.
    const { started: _, ...older } = index;
    writeFileSync(`${run}/runs.json`, JSON.stringify(older));
    const log = runLogOf(`${run}/${plan.runs[0].id}`) ?? '';
    const [first] = withSource(log, runLogItems);
    assert.ok('heading' in first);
    assert.equal(describeRun(run)?.time, first.wallTime * 1000);
    assert.ok(Math.abs(first.wallTime * 1000 - Date.parse(index.started)) < 3_600_000);
    for (const { id } of plan.runs) {
      const file = runLogOf(`${run}/${id}`);
      if (file !== null) writeFileSync(file, 'no log');
    }
    assert.equal(describeRun(run)?.time, Date.UTC(2026, 0, 2, 3, 4, 5));
    const renamed = folder.path('a name without a date');
    renameSync(run, renamed);
    assert.equal(describeRun(renamed)?.time, null);
    // Folders without a date come last.
    assert.deepEqual([null, 1, 2].map((time) => ({ time })).sort(newestFirst), [
      { time: 2 },
      { time: 1 },
      { time: null },
    ]);
  });

  it('are listed with the status of each run, read from the start of its summary', async () => {
    const own = folder.path('listed');
    const run = newRunFolder(`${own}/a.bnexp.json`, undefined, now);
    const { session } = sessionOf(plan, { folder: run });
    session.start();
    await session.ended;
    const [first, second, third, ...others] = plan.runs.map(({ id }) => `${run}/${id}`);
    assert.deepEqual(describeRun(run)?.outcome, { completed: plan.runs.length });
    const text = readFileSync(`${first}/summary.json`, 'utf8');
    // Its layers are not read; a summary that is cut or missing is not counted.
    writeFileSync(`${first}/summary.json`, text.replace('"layers": [', `"layers": [${'!'.repeat(20_000)}`));
    assert.equal(readBrief(first)?.status, 'completed');
    writeFileSync(`${second}/summary.json`, text.slice(0, text.length / 2));
    rmSync(`${third}/summary.json`);
    assert.deepEqual([second, third].map(readBrief), [null, null]);
    writeFileSync(`${others[0]}/summary.json`, JSON.stringify({ ...JSON.parse(text), integrity: undefined }));
    assert.equal(readBrief(others[0])?.status, 'completed', 'reformatted by another program');
  });

  it('include the newest one beside the experiments', () => {
    const own = folder.path('many');
    mkdirSync(own);
    assert.equal(newestRunFolder(own), null);
    const made = ['a', 'b', 'c'].map((name) => newRunFolder(`${own}/${name}.bnexp.json`, undefined, now));
    made.forEach((run, k) => {
      const started = new Date(Date.UTC(2026, 0, k === 1 ? 9 : k + 1)).toISOString();
      writeIndex(run, { ...indexOf(plan, 'x', '0.1.0'), started });
      // Adding runs rewrites the index.
      utimesSync(`${run}/runs.json`, 9000 - k, 9000 - k);
    });
    assert.equal(newestRunFolder(own), made[1]);
  });
});
