/** How a list arranges runs, and the words that it shows. */
import assert from 'node:assert/strict';
import { unreadEntry } from '../../../src/runs/catalog/describe';
import type { RunEntry } from '../../../src/runs/catalog/entry';
import {
  armDescription,
  experimentDescription,
  runDescription,
  runDetails,
  verdictsInWords,
} from '../../../src/runs/catalog/entryText';
import { arranged, type ListView } from '../../../src/runs/catalog/runList';

const day = (date: number, hour = 12) => new Date(2026, 0, date, hour).getTime();

function entry(name: string, changes: Partial<RunEntry> = {}): RunEntry {
  const state = 'completed' as const;
  const known = { arms: ['a', 'b'], armCount: 2, seeds: 3, planned: 6, ended: 6, outcome: { completed: 6 } };
  return { ...unreadEntry(`/w/.bnexp/runs/${name}/x`), name, time: day(1), state, ...known, ...changes };
}

/** Names of the runs in each group. */
function shown(entries: RunEntry[], view: Partial<ListView> = {}) {
  const { groups, entries: members } = arranged(entries, { grouping: 'none', order: 'newest', filter: '', ...view });
  return groups.map(({ key }) => [key, (members.get(key) ?? []).map(({ name }) => name).join(' ')]);
}

describe('runs in a list', () => {
  const first = entry('first', { time: day(1), bytes: 5, seconds: 1 });
  const second = entry('second', { time: day(2), bytes: 1, seconds: 9, label: 'Zebra' });
  const third = entry('third', { time: null, bytes: 9, state: 'training' });
  const all = [first, second, third];

  it('are in the order that was chosen', () => {
    const orders = (['newest', 'oldest', 'name', 'time', 'size'] as const).map((order) => shown(all, { order })[0][1]);
    assert.deepEqual(orders, [
      'second first third',
      'third first second',
      'first third second',
      'second first third',
      'third first second',
    ]);
  });

  it('are in groups, those that are pinned first', () => {
    const pinned = entry('pin', { pinned: true, time: day(1) });
    assert.deepEqual(shown([...all, pinned], { grouping: 'experiment' }), [
      ['pinned:', 'pin'],
      ['experiment:/w/second.bnexp.json', 'second'],
      ['experiment:/w/first.bnexp.json', 'first'],
      ['experiment:/w/third.bnexp.json', 'third'],
    ]);
    assert.deepEqual(shown([entry('late', { time: day(2, 23) }), ...all], { grouping: 'day' }), [
      ['day:2026-01-02', 'late second'],
      ['day:2026-01-01', 'first'],
      ['day:', 'third'],
    ]);
    const { training, shown: number } = arranged(all, { grouping: 'none', order: 'newest', filter: 'first' });
    assert.deepEqual([training, number], [1, 1]);
  });

  it('match all words of a filter, in any letters', () => {
    const found = (filter: string) => shown(all, { filter }).map(([, names]) => names);
    assert.deepEqual(found('zEBra 2026-01-02'), ['second']);
    assert.deepEqual(found('training'), ['third']);
    assert.deepEqual(found('first second'), []);
    assert.deepEqual(found('  '), ['second first third']);
    assert.deepEqual(shown([entry('v', { verdicts: ['supported'] })], { filter: 'supp' }).length, 1);
  });

  it('are described in words', () => {
    assert.equal(
      runDescription(entry('a', { verdicts: ['undecided'], seconds: 12, bytes: 4e6 })),
      'undecided · 2 arms × 3 seeds · 12 s · 4.0 MB',
    );
    const training = entry('a', { state: 'training', ended: 2, outcome: { completed: 2, waiting: 4 } });
    assert.match(runDescription(training), /^training, 2 of 6 runs · 2 arms/);
    assert.match(
      runDescription(entry('a', { state: 'diverged', outcome: { completed: 5, diverged: 1 } })),
      /^1 of 6 diverged/,
    );
    assert.match(runDescription(entry('a', { state: 'failed', outcome: { failed: 6 } })), /^failed · /);
    assert.equal(runDescription(entry('a', { state: 'unreadable' })), 'unreadable');
    assert.equal(verdictsInWords(['supported', 'undecided', 'supported']), '2 supported, 1 undecided');
    assert.equal(verdictsInWords([]), '');
    const details = runDetails(entry('a', { label: 'mine', armCount: 9, problem: null }), 'today');
    assert.deepEqual(details.slice(0, 5), [
      'mine',
      'a',
      'Started today',
      '9 arms: a, b, and 7 more',
      '3 seeds: 6 completed',
    ]);
    assert.deepEqual(runDetails(entry('a', { state: 'unreadable', problem: 'why' }), ''), ['a', 'why']);
    const arm = { folder: '/w', arm: 'a', ids: ['a/seed-1', 'a/seed-2'] };
    assert.equal(armDescription({ ...arm, outcome: { completed: 2 } }), '2 runs');
    assert.equal(armDescription({ ...arm, outcome: { completed: 1, waiting: 1 } }), '1 completed, 1 unfinished');
    const file = { file: '/w/a', name: 'A', arms: 2, points: 4, seeds: 3, errors: 0, problem: null, runs: 1 };
    const latest = entry('a', { verdicts: ['contradicted'] });
    assert.equal(experimentDescription({ ...file, latest }), 'contradicted · 2 arms × 4 points × 3 seeds');
    assert.equal(experimentDescription({ ...file, errors: 1, latest: null }), '1 error');
    assert.equal(experimentDescription({ ...file, problem: 'is missing', latest: null }), 'is missing');
  });
});
