/** Run folders: their location, their content, and that nothing in them is ever lost. */
import assert from 'node:assert/strict';
import { existsSync, mkdirSync, readdirSync, readFileSync, utimesSync, writeFileSync } from 'node:fs';
import { readExperiment } from '../../../src/experiment/read';
import { newestRunFolder } from '../../../src/runs/folder/findRuns';
import { newRunFolder, RunFolderError } from '../../../src/runs/folder/layout';
import { readIndex } from '../../../src/runs/folder/readIndex';
import { beginRun } from '../../../src/runs/folder/runFiles';
import { writeIndex } from '../../../src/runs/folder/writeIndex';
import { indexOf } from '../../../src/runs/session/runIndex';
import { planOf, small, temporaryFolder } from './support/experiments';

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
