/** Events of one run: what replaces what, and events that no good program writes. */
import assert from 'node:assert/strict';
import fc from 'fast-check';
import { Budget, longestTag, mostTags } from '../../../../src/runs/log/foreign/budget';
import { LoggedRun } from '../../../../src/runs/log/foreign/loggedRun';
import { half } from '../../../../src/runs/log/foreign/tensor';
import { WireError } from '../../../../src/runs/log/foreign/wire';
import { ownSummary, ownTags } from '../../../../src/runs/log/ownRecords';
import {
  bytesField,
  doubleField,
  event,
  floatField,
  histogramValue,
  numberField,
  scalarRecord,
  scalarValue,
  startRecord,
  textField,
} from './support/events';

describe('a run of event files', () => {
  let budget: Budget;
  let run: LoggedRun;
  beforeEach(() => {
    budget = new Budget();
    run = new LoggedRun(budget);
  });

  const read = (bytes: Uint8Array, file = 0) => run.read(bytes, 0, bytes.length, file);
  /** Reads a record without its envelope. */
  const readRecord = (record: Uint8Array, file = 0) => run.read(record, 12, record.length - 4, file);
  const scalar = (step: number, value: number, file = 0, tag = 'loss') =>
    readRecord(scalarRecord(tag, step, value), file);
  const shown = (tag = 0) => {
    const { steps, values } = run.tags[tag].scalars?.points() ?? assert.fail('no scalars');
    return [...steps].map((step, k) => [step, values[k]]);
  };

  it('does not report the records of this program whose values are there as scalars', () => {
    for (const tag of Object.values(ownTags)) {
      const summary = ownSummary(tag, Uint8Array.of(1));
      read(Uint8Array.from([...numberField(2, 0), ...bytesField(5, summary)]));
    }
    assert.deepEqual([...run.passedOver], [['batchnorm_lab', 1]], 'packed frames');
  });

  it('has the last value of a step that was logged twice', () => {
    for (const [step, value] of [
      [1, 10],
      [2, 20],
      [2, 21],
      [3, 30],
    ])
      scalar(step, value);
    assert.deepEqual(shown(), [
      [1, 10],
      [2, 21],
      [3, 30],
    ]);
    assert.deepEqual([run.tags[0].repeats, run.tags[0].restarts, run.tags[0].values], [1, 0, 4]);
  });

  it('has no value beyond a step to which a program went back', () => {
    for (const [step, value] of [
      [1, 10],
      [2, 20],
      [5, 50],
      [2, 21],
    ])
      scalar(step, value);
    assert.deepEqual(shown(), [
      [1, 10],
      [2, 21],
    ]);
    assert.equal(run.tags[0].restarts, 1);
  });

  it('has no value of any tag from the step on at which a session starts', () => {
    for (let step = 0; step < 5; step++) {
      scalar(step, step, 0, 'loss');
      scalar(step, step, 0, 'accuracy');
    }
    readRecord(startRecord(3), 1);
    scalar(4, 44, 1, 'accuracy');
    assert.deepEqual(shown(0), [
      [0, 0],
      [1, 1],
      [2, 2],
    ]);
    assert.deepEqual(shown(1), [
      [0, 0],
      [1, 1],
      [2, 2],
      [4, 44],
    ]);
  });

  it('has the values of the newer of two files that grow at the same time', () => {
    scalar(0, 100, 0);
    scalar(0, 200, 1);
    scalar(1, 101, 0);
    scalar(1, 201, 1);
    scalar(7, 107, 0, 'only in the older');
    assert.deepEqual(shown(), [
      [0, 200],
      [1, 201],
    ]);
    assert.equal(run.tags[0].outdated, 1);
    assert.deepEqual(shown(1), [[7, 107]]);
  });

  it('has histograms, thinned, up to the step to which a program went back', () => {
    const histogram = (step: number) => read(event(step, [histogramValue('w', [0, 1], [0, step], 0, 1)]));
    for (let step = 0; step < 2000; step++) histogram(step);
    const steps = () => run.tags[0].histograms?.all().map(({ step }) => step) ?? [];
    assert.ok(steps().length <= 257);
    assert.deepEqual([steps()[0], steps().at(-1)], [0, 1999]);
    histogram(100);
    assert.deepEqual([steps()[0], steps().at(-1)], [0, 100]);
    assert.ok(steps().every((step, k) => k === 0 || step > steps()[k - 1]));
    budget.histograms = 4;
    run.tags[0].histograms?.limitTo(4);
    assert.deepEqual([steps()[0], steps().at(-1)], [0, 100]);
    assert.ok(steps().length <= 5);
    readRecord(startRecord(0));
    assert.deepEqual(steps(), []);
    assert.equal(run.tags[0].steps, null);
  });

  it('has NaN and infinities, and clocks that jump', () => {
    const values = [Number.NaN, Number.POSITIVE_INFINITY, Number.NEGATIVE_INFINITY];
    const clock = [1e9, 5, Number.NaN];
    for (const [step, value] of values.entries()) read(event(step, [scalarValue('loss', value)], clock[step]));
    assert.deepEqual(
      shown(),
      values.map((value, step) => [step, value]),
    );
    assert.deepEqual([...(run.tags[0].scalars?.points().wallTimes ?? [])], clock);
  });

  it('has both kinds of a tag that changes its kind', () => {
    scalar(0, 1);
    read(event(1, [histogramValue('loss', [0, 1, 2], [0, 5, 6], 0.1, 1.9)]));
    scalar(2, 3);
    assert.deepEqual(run.tags[0].kinds, ['scalar', 'histogram']);
    assert.deepEqual(shown(), [
      [0, 1],
      [2, 3],
    ]);
    assert.equal(run.tags[0].histograms?.length, 1);
    assert.deepEqual(run.tags[0].steps, { first: 0, last: 2 });
  });

  it('has histograms of TensorFlow 1, whose outermost limits are endless', () => {
    const { MAX_VALUE } = Number;
    read(event(0, [histogramValue('w', [-MAX_VALUE, -1, 1, MAX_VALUE], [0, 3, 4, 5], -2, 8)]));
    read(event(1, [histogramValue('w', [-1, 1, MAX_VALUE], [3, 4, 5], -2, 8)]));
    const rows = run.tags[0].histograms?.all() ?? [];
    assert.deepEqual([...rows[0].row.edges], [Number.NEGATIVE_INFINITY, -1, 1, 8]);
    assert.deepEqual([...rows[1].row.edges], [-2, -1, 1, 8]);
    assert.deepEqual([...rows[1].row.counts], [3, 4, 5]);
  });

  it('has histograms of many buckets with fewer, and all their numbers', () => {
    const limits = Array.from({ length: 1500 }, (_, k) => -1 + k / 750);
    const counts = limits.map((_, k) => (k === 0 ? 0 : k % 3));
    read(event(0, [histogramValue('w', limits, counts, -1, 1)]));
    const { edges, counts: joined } = run.tags[0].histograms?.newestRow ?? assert.fail();
    assert.ok(joined.length <= 258, String(joined.length));
    assert.equal(edges.length, joined.length + 1);
    assert.deepEqual(
      joined.reduce((sum, count) => sum + count, 0),
      counts.reduce((sum, count) => sum + count, 0),
    );
  });

  it('passes over histograms with falling edges or counts that are not numbers', () => {
    read(event(0, [histogramValue('w', [1, 0], [1, 1], 0, 1), histogramValue('v', [0, 1], [1, Number.NaN], 0, 1)]));
    assert.equal(run.tags.length, 0);
    assert.deepEqual([...run.passedOver], [['histogram that is not valid', 2]]);
  });

  it('counts what it does not show', () => {
    read(Uint8Array.from([...numberField(2, 1), ...bytesField(4, [1, 2, 3])]));
    read(Uint8Array.from([...numberField(2, 1), ...bytesField(9, [1, 2, 3])]));
    read(Uint8Array.from([...numberField(2, 1), ...textField(3, 'brain.Event:2')]));
    read(event(1, [[...textField(1, 'sound'), ...bytesField(6, [1])]]));
    read(event(1, [[...textField(1, 'h'), ...bytesField(9, bytesField(1, textField(1, 'hparams')))]]));
    assert.deepEqual(Object.fromEntries(run.passedOver), { graph: 2, audio: 1, hparams: 1 });
  });

  it('reads fields in any order, and skips unknown ones of every wire type', () => {
    const value = [...floatField(2, 7), ...numberField(99, 5), ...doubleField(98, 1), ...textField(1, 'late')];
    const unknown = [...numberField(50, 2n ** 63n), ...floatField(51, 1), ...bytesField(52, [1, 2])];
    read(Uint8Array.from([...bytesField(5, bytesField(1, value)), ...unknown, ...numberField(2, 9)]));
    assert.equal(run.tags[0].name, 'late');
    assert.deepEqual(shown(), [[9, 7]]);
  });

  it('has steps of 64 bits', () => {
    for (const step of [-(2n ** 63n), -129n, -1n, 0n, 127n, 128n, 2n ** 53n]) readRecord(scalarRecord('s', step, 0));
    assert.deepEqual(
      shown().map(([step]) => step),
      [-(2 ** 63), -129, -1, 0, 127, 128, 2 ** 53],
    );
  });

  it('has a bounded number of tags with bounded names', () => {
    const values = Array.from({ length: 1000 }, (_, k) => k);
    for (let k = 0; k < mostTags / 1000; k++)
      read(
        event(
          0,
          values.map((n) => scalarValue(`tag ${k} ${n}`, n)),
        ),
      );
    assert.equal(run.tags.length, mostTags);
    scalar(0, 1, 0, 'one more');
    scalar(1, 5, 0, 'tag 3 7');
    assert.equal(run.tags.length, mostTags);
    assert.equal(run.leftOut.tooManyTags, 1);
    assert.deepEqual(
      shown(3007),
      [
        [0, 7],
        [1, 5],
      ],
      'known tags are still read',
    );
    budget.enforce(run.tags);

    const other = new LoggedRun(new Budget());
    const long = scalarRecord('x'.repeat(longestTag + 1), 0);
    other.read(long, 12, long.length - 4, 0);
    assert.equal(other.tags.length, 0);
    assert.equal(other.leftOut.tooLongTags, 1);
  });

  it('takes a bounded memory, by thinning all series further', () => {
    // As many points as 400 MB have.
    for (let tag = 0; tag < 6000; tag++) scalar(0, 1, 0, `tag ${tag}`);
    const points = budget.points;
    for (const tag of run.tags) for (let k = 1; k < 1200; k++) tag.scalars?.append(k, k, k, budget.points);
    budget.enforce(run.tags);
    assert.ok(budget.points < points);
    const bytes = run.tags.reduce((sum, { scalars }) => sum + 32 * (scalars?.capacity ?? 0), 0);
    assert.ok(bytes <= 200e6, String(bytes));
    assert.deepEqual([run.tags[5].scalars?.firstStep, run.tags[5].scalars?.lastStep], [0, 1199]);
  });

  it('never fails other than by a WireError, whatever the bytes', () => {
    const good = event(3, [scalarValue('a', 1), histogramValue('b', [0, 1], [1, 1], 0, 1)]);
    const damaged = fc
      .tuple(fc.nat(good.length - 1), fc.nat(255), fc.nat(good.length))
      .map(([at, byte, end]) => Uint8Array.from(good.with(at, byte)).subarray(0, end));
    fc.assert(
      fc.property(fc.oneof(damaged, fc.uint8Array({ maxLength: 60 })), (bytes) => {
        try {
          new LoggedRun(new Budget()).read(bytes, 0, bytes.length, 0);
        } catch (cause) {
          assert.ok(cause instanceof WireError, String(cause));
        }
      }),
      { numRuns: 3000 },
    );
  });
});

describe('halves', () => {
  it('are IEEE 754 numbers', () => {
    for (const [bits, value] of [
      [0x3c00, 1],
      [0xc000, -2],
      [0x7bff, 65504],
      [0x0001, 2 ** -24],
      [0x0400, 2 ** -14],
      [0x7c00, Infinity],
      [0xfc00, -Infinity],
      [0x3555, 0.333251953125],
    ]) {
      assert.equal(half(bits), value, bits.toString(16));
    }
    assert.ok(Number.isNaN(half(0x7e00)));
    assert.ok(Object.is(half(0x8000), -0));
  });
});
