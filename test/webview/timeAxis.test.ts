/** Charts of logs over time: each value is where it was logged, whatever the clock does. */
import assert from 'node:assert/strict';
import type { Frames } from '../../src/shared/frameColumns';
import { formatDuration, formatTime } from '../../src/shared/moments';
import { countUpTo } from '../../src/shared/rising';
import { type ChartContent, type Line, valueAt } from '../../webview/charts/content';
import { wordsOf } from '../../webview/charts/names';
import { overTime } from '../../webview/charts/timeAxis';
import { type Period, periodOf, placeInWords, tickOnAxis } from '../../webview/view/period';

const start = 1_700_000_000;

function framesAt(steps: number[]): Frames {
  return {
    steps: Uint32Array.from(steps),
    count: steps.length,
    generation: 0,
    lastStep: steps[steps.length - 1],
    frameAt: (step) => countUpTo(steps, step) - 1,
  };
}

/** A line whose values are its steps. @param times Seconds since 1970 of each step; absent if it has none. */
function line(name: string, steps: number[], times?: number[]): Line {
  const clock = times && { first: times[0], at: (frame: number) => times[frame] };
  const run = { frames: framesAt(steps), state: { divergedAt: null }, clock };
  return { series: { name, run, at: (frame) => steps[frame] }, colour: 'red', width: 1 };
}

function chart(lines: Line[], span = { from: 0, to: 100 }): ChartContent {
  const readings = lines.map(({ series }) => ({ label: wordsOf(series.name), series }));
  return {
    title: 'loss',
    short: 'loss',
    unit: '',
    scaling: 'linear',
    format: 'value',
    lines,
    bands: [],
    readings,
    happenings: [],
    span,
    steps: 100,
  };
}

const stepsOf = ({ lines }: ChartContent, k = 0) => [...lines[k].series.run.frames.steps].map((at) => Math.round(at));
const wall = (length: number): Period => ({ kind: 'wall', origin: start, length });

describe('charts over time', () => {
  it('show each run from its own start, or all by the clock', () => {
    const clocks = [
      { first: start, latest: start + 60 },
      { first: start + 30, latest: start + 60 },
    ];
    const lines = [line('a', [0, 100], [start, start + 60]), line('b', [0, 50], [start + 30, start + 60])];
    const relative = overTime(chart(lines), periodOf('relative', clocks) ?? null);
    assert.deepEqual(
      [stepsOf(relative), stepsOf(relative, 1)],
      [
        [0, 60],
        [0, 30],
      ],
    );
    const byClock = overTime(chart(lines), periodOf('wall', clocks) ?? null);
    assert.deepEqual(
      [stepsOf(byClock), stepsOf(byClock, 1)],
      [
        [0, 60],
        [30, 60],
      ],
    );
    assert.deepEqual(byClock.span, { from: 0, to: 60 });
    // A value stays until the end, and none is before the first.
    assert.deepEqual(
      byClock.readings.map(({ series }) => series && valueAt(series, 20)),
      [0, Number.NaN],
    );
    assert.equal(periodOf('wall', []), undefined);
  });

  it('convert between times and steps by the longest line', () => {
    const { time } = overTime(chart([line('a', [0, 10, 20], [start, start + 5, start + 6])]), wall(6));
    assert.ok(time);
    assert.deepEqual(
      [0, 10, 15, 20].map((step) => Math.round(time.at(step))),
      [0, 5, 5, 6],
    );
    assert.deepEqual(
      [0, 4, 5.5, 9].map((at) => time.stepAt(at)),
      [0, 0, 10, 20],
    );
    const part = overTime(
      chart([line('a', [0, 10, 20], [start, start + 5, start + 9])], { from: 10, to: 20 }),
      wall(9),
    );
    assert.deepEqual([Math.round(part.span.from), Math.round(part.span.to)], [5, 9]);
  });

  it('stand still while a clock that went back catches up', () => {
    const times = [0, 10, -500, 5, 11].map((seconds) => start + seconds);
    const timed = overTime(chart([line('a', [0, 1, 2, 3, 4], times)]), wall(11));
    const steps = [...timed.lines[0].series.run.frames.steps];
    assert.deepEqual(stepsOf(timed), [0, 10, 10, 10, 11]);
    assert.equal(new Set(steps).size, 5, 'each has a place of its own in tables');
  });

  it('remain over steps, and say so, if a line has no times', () => {
    for (const other of [line('b', [0, 1]), line('b', [0, 1], [0, 0])]) {
      const content = overTime(chart([line('a', [0, 1], [start, start + 1]), other]), wall(1));
      assert.deepEqual([content.time, content.unit], [undefined, 'by step']);
      assert.equal(placeInWords(content, 1200), 'step 1,200');
    }
  });

  it('are labelled by times', () => {
    const at = formatTime(start + 3);
    assert.match(at, /^2023-11-1\d \d\d:\d\d:23$/);
    const content = overTime(chart([line('a', [0, 1], [start, start + 3])]), wall(3));
    assert.equal(placeInWords(content, 3), `wall time ${at}`);
    assert.equal(tickOnAxis(wall(3), 3), at.slice(11));
    assert.equal(tickOnAxis(wall(90_000), 3), at.slice(5, 16));
    assert.deepEqual([0.2, 59.6, 3725, 2 * 86_400 + 1, Number.NaN].map(formatDuration), [
      '0:00:00',
      '0:01:00',
      '1:02:05',
      '2 d 0:00:01',
      '–',
    ]);
    assert.equal(formatTime(1e300), '–');
  });
});
