/** Messages of the thread that follows a folder of event files, with a clock that the test moves. */
import assert from 'node:assert/strict';
import { appendFileSync, mkdirSync, mkdtempSync, renameSync, rmSync, symlinkSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { LogFollower } from '../../../../src/runs/folder/logs/logFollower';
import type { FromLogReader, ScalarBlock } from '../../../../src/runs/folder/logs/logMessages';
import { framed } from '../../../../src/runs/log/records';
import type { Clock } from '../../../../src/runs/session/clock';
import { FakeClock } from '../support/fakeClock';
import { event, histogramValue, scalarRecord, scalarRecords } from './support/events';

const name = 'events.out.tfevents.1700000000.host';

describe('a followed folder of event files', () => {
  let root: string;
  let file: string;
  let clock: FakeClock;
  let messages: FromLogReader[];
  let follower: LogFollower;
  beforeEach(() => {
    root = mkdtempSync(join(tmpdir(), 'batchnorm-lab-follow-'));
    file = join(root, 'a', name);
    mkdirSync(join(root, 'a'));
    clock = new FakeClock();
    messages = [];
    follower = new LogFollower(root, clock, (message) => messages.push(structuredClone(message)));
  });
  afterEach(() => {
    follower.stop();
    assert.equal(clock.waiting, 0);
    rmSync(root, { recursive: true, force: true });
  });

  /** The messages since the last call, after this time. */
  const sentWithin = (milliseconds: number) => {
    clock.advance(milliseconds);
    return messages.splice(0);
  };
  const scalarsIn = (sent: FromLogReader[]) =>
    sent.filter((message): message is ScalarBlock => message.type === 'scalars');

  it('sends runs and tags, and then what is new of them', () => {
    writeFileSync(file, Buffer.concat([...scalarRecords('loss', 3), scalarRecord('accuracy', 1)]));
    follower.start();
    const first = sentWithin(10);
    assert.deepEqual(
      first.map(({ type }) => type),
      ['runs', 'remarks', 'progress'],
    );
    assert.deepEqual(first[0].type === 'runs' && first[0].runs, [
      {
        folder: 'a',
        arm: 'a',
        seed: null,
        generation: 0,
        wallTimes: { first: 1_700_000_000, latest: 1_700_000_000 },
        tags: [
          {
            index: 0,
            name: 'loss',
            channel: null,
            kinds: ['scalar'],
            values: 3,
            scalar: { firstStep: 0, lastStep: 2, lastValue: 2 },
          },
          {
            index: 1,
            name: 'accuracy',
            channel: null,
            kinds: ['scalar'],
            values: 1,
            scalar: { firstStep: 1, lastStep: 1, lastValue: 1 },
          },
        ],
      },
    ]);
    assert.deepEqual(first[2], { type: 'progress', bytes: 172, bytesRead: 172, isComplete: true });
    assert.deepEqual(sentWithin(60_000), [], 'nothing has changed');

    appendFileSync(file, scalarRecord('accuracy', 2));
    const [update, progress, ...rest] = sentWithin(2000);
    assert.deepEqual(update.type === 'runs' && update.runs[0].tags.map(({ index, values }) => [index, values]), [
      [1, 2],
    ]);
    assert.equal(progress.type, 'progress');
    assert.deepEqual(rest, []);
  });

  it('sends the values of watched tags: all of them, then those that are new', () => {
    writeFileSync(file, Buffer.concat(scalarRecords('loss', 3)));
    follower.start();
    sentWithin(10);
    follower.receive({
      type: 'watch',
      tags: [
        { run: 'a', tag: 0 },
        { run: 'a', tag: 7 },
        { run: 'gone', tag: 0 },
      ],
    });
    const [whole] = scalarsIn(sentWithin(0));
    assert.deepEqual([whole.run, whole.tag, whole.from, [...whole.points.values]], ['a', 0, 0, [0, 1, 2]]);
    appendFileSync(file, Buffer.concat(scalarRecords('loss', 2, 3)));
    const [tail] = scalarsIn(sentWithin(2000));
    assert.deepEqual([tail.from, [...tail.points.steps]], [3, [3, 4]]);
    // The program starts again at step 2.
    appendFileSync(file, scalarRecord('loss', 2, 20));
    const [again] = scalarsIn(sentWithin(2000));
    assert.deepEqual([again.from, [...again.points.values]], [0, [0, 1, 20]]);
    follower.receive({ type: 'watch', tags: [] });
    appendFileSync(file, scalarRecord('loss', 3));
    assert.deepEqual(scalarsIn(sentWithin(2000)), []);
    follower.receive({ type: 'watch', tags: [{ run: 'a', tag: 0 }] });
    assert.equal(scalarsIn(sentWithin(0))[0].from, 0);
  });

  it('sends histograms as rows of edges and counts', () => {
    writeFileSync(file, framed(event(4, [histogramValue('w', [0, 1, 2], [0, 5, 6], 0, 2)])));
    appendFileSync(file, framed(event(5, [histogramValue('w', [0, 1], [0, 7], 0, 1)])));
    follower.start();
    sentWithin(10);
    follower.receive({ type: 'watch', tags: [{ run: 'a', tag: 0 }] });
    const [message] = sentWithin(0);
    assert.ok(message.type === 'histograms');
    const { steps, edgeStarts, countStarts, edges, counts } = message.rows;
    assert.deepEqual([...steps], [4, 5]);
    assert.deepEqual([...edgeStarts], [0, 3, 5]);
    assert.deepEqual([...edges], [0, 1, 2, 0, 1]);
    assert.deepEqual([...countStarts], [0, 2, 3]);
    assert.deepEqual([...counts], [5, 6, 7]);
  });

  it('sends a run again when a file is replaced', () => {
    writeFileSync(file, Buffer.concat(scalarRecords('loss', 9)));
    follower.start();
    follower.receive({ type: 'watch', tags: [{ run: 'a', tag: 0 }] });
    sentWithin(10);
    writeFileSync(file, Buffer.concat(scalarRecords('other', 2)));
    const sent = sentWithin(2000);
    const [runs] = sent;
    assert.deepEqual(runs.type === 'runs' && [runs.runs[0].generation, runs.runs[0].tags[0].name], [1, 'other']);
    assert.deepEqual(
      scalarsIn(sent).map(({ from, points }) => [from, points.steps.length]),
      [[0, 2]],
    );
  });

  it('reports once that the folder is missing, and goes on when it is there', () => {
    renameSync(root, `${root}-away`);
    follower.start();
    assert.deepEqual(
      sentWithin(30_000).filter(({ type }) => type === 'unreadable'),
      [{ type: 'unreadable', problem: `${root} is missing.` }],
    );
    renameSync(`${root}-away`, root);
    writeFileSync(file, scalarRecord('loss', 1));
    assert.ok(sentWithin(6000).some(({ type }) => type === 'runs'));
  });

  it('does nothing while nothing changes, also with a file that cannot be read', () => {
    writeFileSync(file, scalarRecord('loss', 1));
    mkdirSync(join(root, 'b'));
    // A link to nothing.
    symlinkSync(join(root, 'nowhere'), join(root, 'b', name));
    follower.start();
    const remarks = sentWithin(10).find(({ type }) => type === 'remarks');
    assert.deepEqual(remarks?.type === 'remarks' && remarks.damage, [`${join('b', name)} is missing.`]);
    assert.deepEqual(sentWithin(60_000), []);
  });

  it('reports damage when it appears', () => {
    writeFileSync(file, scalarRecord('loss', 1));
    follower.start();
    sentWithin(10);
    appendFileSync(file, 'this is no record');
    const remarks = sentWithin(2000).find(({ type }) => type === 'remarks');
    assert.ok(remarks?.type === 'remarks');
    assert.match(remarks.damage[0], /byte \d+: the checksum of the length of a record is wrong\.$/);
  });

  /** Pauses of a folder that is followed for 100 s. @param durations Milliseconds that each look takes, the last one and all after it. */
  function pausesOf(...durations: number[]): number[] {
    writeFileSync(file, scalarRecord('loss', 1));
    let time = 0;
    const pauses: number[] = [];
    const slow: Clock = {
      now: () => {
        time += durations[0];
        return time;
      },
      after: (milliseconds, work) => {
        if (pauses.length > 0 && durations.length > 1) durations.shift();
        pauses.push(milliseconds);
        return clock.after(milliseconds, work);
      },
      every: () => assert.fail('no repeated timer'),
    };
    follower = new LogFollower(root, slow, () => {});
    follower.start();
    clock.advance(100_000);
    follower.stop();
    assert.equal(pauses[0], 0);
    return pauses.slice(1);
  }

  it('rests a hundred times as long as its looks take', () => {
    const [, ...others] = pausesOf(100);
    assert.ok(others.length >= 3);
    assert.ok(
      others.every((pause) => pause >= 10_000 && pause <= 30_000),
      others.join(', '),
    );
  });

  it('rests at most half a minute', () => {
    const [, ...others] = pausesOf(5000);
    assert.ok(others.length >= 2);
    assert.ok(
      others.every((pause) => pause === 30_000),
      others.join(', '),
    );
  });

  it('follows on at once after a single long look, as the first one is on a busy machine', () => {
    const pauses = pausesOf(3000, 1);
    assert.ok(pauses.length > 50);
    assert.ok(
      pauses.every((pause) => pause === 1000),
      pauses.join(', '),
    );
  });
});
