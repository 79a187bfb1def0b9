/** Pictures are drawn in pieces: how many in one animation frame, and what a person's action and a hidden page do to them. */
import assert from 'node:assert/strict';
import { Scheduler } from '../../webview/view/scheduler';

/** Milliseconds that a piece takes by the clock of these tests. */
const piece = 3;

describe('when to draw', () => {
  let now: number;
  let frames: (() => void)[];
  let hidden: boolean;
  let becameVisible: () => void;
  /** What was drawn, in order. */
  let drawn: string[];
  let pictures: number;
  let pieces: number;
  let scheduler: Scheduler;
  const names = ['document', 'requestAnimationFrame', 'performance', 'setTimeout'] as const;
  const own = names.map((name) => Object.getOwnPropertyDescriptor(globalThis, name));

  beforeEach(() => {
    now = 1000;
    frames = [];
    hidden = false;
    drawn = [];
    pictures = 0;
    pieces = 10;
    const stand = {
      document: {
        get hidden() {
          return hidden;
        },
        addEventListener: (_: string, listener: () => void) => {
          becameVisible = listener;
        },
      },
      requestAnimationFrame: (callback: () => void) => frames.push(callback),
      performance: { now: () => now },
      // What waits for its turn is not drawn here any more.
      setTimeout: () => 1,
    };
    for (const name of names) Object.defineProperty(globalThis, name, { value: stand[name], configurable: true });
    scheduler = new Scheduler(function* () {
      const picture = ++pictures;
      for (let k = 1; k <= pieces; k++) {
        now += piece;
        drawn.push(`${picture}.${k}`);
        yield;
      }
      drawn.push(`${picture} whole`);
    });
  });

  afterEach(() => {
    for (const [k, name] of names.entries()) Object.defineProperty(globalThis, name, own[k] ?? { value: undefined });
  });

  const update = (name: string, pieces: number) =>
    function* () {
      for (let k = 1; k <= pieces; k++) {
        drawn.push(`${name} ${k}`);
        if (k < pieces) yield;
      }
    };

  function frame(): string[] {
    const before = drawn.length;
    for (const callback of frames.splice(0)) callback();
    now += 16;
    return drawn.slice(before);
  }

  it('gives what streams in a few milliseconds of each animation frame', () => {
    scheduler.request();
    assert.deepEqual(frame(), ['1.1', '1.2']);
    assert.deepEqual(frame(), ['1.3', '1.4']);
    for (let k = 0; k < 3; k++) frame();
    assert.equal(drawn.at(-1), '1.10');
    assert.deepEqual(frame(), ['1 whole']);
    assert.deepEqual([frames.length, scheduler.isBehind], [0, false]);
  });

  it('answers a person with a whole picture at once, and drops the one that was being drawn', () => {
    scheduler.request();
    frame();
    scheduler.requestNow();
    assert.equal(frame().at(-1), '2 whole');
    assert.ok(!drawn.includes('1 whole'));
  });

  it('finishes a picture when more streams in, and says that it is behind', () => {
    scheduler.request();
    frame();
    scheduler.request();
    assert.equal(scheduler.isBehind, true);
    for (let k = 0; k < 6; k++) frame();
    assert.deepEqual([drawn.at(-1), pictures], ['1 whole', 1]);
  });

  it('shows another step in the next frame, and goes on with the picture', () => {
    scheduler.request();
    frame();
    scheduler.do(update('step', 1));
    assert.deepEqual(frame(), ['step 1', '1.3', '1.4']);
  });

  it('gives each piece of an update its own frame, and starts the next update after the last piece', () => {
    const behind: boolean[] = [];
    scheduler = new Scheduler(
      () => [].values(),
      () => behind.push(scheduler.isBehind),
    );
    scheduler.do(update('first', 3));
    assert.equal(scheduler.isBehind, true);
    assert.deepEqual(frame(), ['first 1']);
    scheduler.do(update('second', 2));
    assert.deepEqual(frame(), ['first 2', 'first 3', 'second 1']);
    assert.deepEqual(frame(), ['second 2']);
    assert.deepEqual(frame(), []);
    assert.deepEqual(behind, [true, true, false]);
  });

  it('drops an update when a whole picture answers a person', () => {
    scheduler.do(update('step', 2));
    frame();
    scheduler.requestNow();
    assert.equal(frame().at(-1), '1 whole');
    assert.ok(!drawn.includes('step 2'));
  });

  it('draws nothing while hidden, and goes on when it is seen', () => {
    scheduler.request();
    frame();
    hidden = true;
    assert.deepEqual([...frame(), ...frame()], []);
    hidden = false;
    becameVisible();
    assert.deepEqual(frame(), ['1.3', '1.4']);
  });

  it('begins another picture when one has failed', () => {
    scheduler = new Scheduler(function* () {
      pictures++;
      yield;
      if (pictures === 1) throw new Error('a chart failed');
      drawn.push('whole');
    });
    scheduler.request();
    assert.throws(frame, /a chart failed/);
    scheduler.request();
    frame();
    assert.deepEqual(drawn, ['whole']);
  });
});
