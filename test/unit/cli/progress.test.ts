/** Progress on stderr. */
import assert from 'node:assert/strict';
import { Writable } from 'node:stream';
import { type Console, consoleOn, jsonText, printable, wantsColours } from '../../../src/cli/console';
import { showProgress } from '../../../src/cli/progressDisplay';
import { readExperiment } from '../../../src/experiment/read';
import { dataKey } from '../../../src/runs/loadData';
import { defaultJobs } from '../../../src/runs/resources';
import { small, stateOf, summaryOf } from './support';

function consoleOf(terminal: NodeJS.WriteStream | null): { console: Console; lines: string[] } {
  const lines: string[] = [];
  const write = (text: string) => {
    lines.push(text.replace(/\n$/, ''));
  };
  const stream = { write, coloured: false, isTerminal: false };
  return { console: consoleOn(stream, stream, terminal), lines };
}

const ended = stateOf(summaryOf('a', 1));
const running = stateOf(summaryOf('b', 1, { status: 'running', stepsPerSecond: 1500, final: null }), { step: 10 });
const waiting = stateOf(summaryOf('b', 2, { status: 'waiting', stepsPerSecond: 0, final: null }), { step: 0 });

describe('progress', () => {
  it('prints a line for each finished run and one every ten seconds without a terminal', () => {
    const { console, lines } = consoleOf(null);
    let time = 0;
    const progress = showProgress(console, false, [], () => time);
    progress.update({ runs: [running, waiting], secondsLeft: null });
    assert.deepEqual(lines, []);
    progress.update({ runs: [ended, running], secondsLeft: 4 });
    progress.update({ runs: [ended, running], secondsLeft: 4 });
    assert.deepEqual(lines, ['[1/2] "a", seed 1: completed after 20 steps, test accuracy 80.00 %']);
    time = 9_999;
    progress.update({ runs: [ended, running], secondsLeft: 4 });
    assert.equal(lines.length, 1);
    time = 10_000;
    progress.update({ runs: [ended, running], secondsLeft: 4 });
    assert.deepEqual(lines.slice(1), ['1/2 runs · 1,500 steps/s · 4 s left']);
    progress.update({ runs: [ended, running], secondsLeft: 4 });
    assert.equal(lines.length, 2);
  });

  it('draws a bar with words on a terminal, and clears it at the end', () => {
    let drawn = '';
    const stream = new Writable({
      write(chunk, _encoding, done) {
        drawn += chunk;
        done();
      },
    });
    // The part of node's terminal stream that the bar uses.
    const nothing = () => true;
    const terminal = Object.assign(stream, {
      isTTY: true,
      columns: 100,
      rows: 24,
      cursorTo: nothing,
      clearLine: nothing,
      moveCursor: nothing,
    }) as unknown as NodeJS.WriteStream;
    const { console, lines } = consoleOf(terminal);
    const progress = showProgress(console, false);
    progress.update({ runs: [ended, running], secondsLeft: 4 });
    progress.end();
    assert.match(drawn, /█+░+ 1\/2 runs · 1,500 steps\/s · 4 s left/);
    assert.ok(!drawn.includes('\u001b[?7l'), 'line wrapping stays on');
    assert.deepEqual(lines, []);
  });

  it('prints nothing when quiet', () => {
    const { console, lines } = consoleOf(null);
    const progress = showProgress(console, true);
    progress.update({ runs: [ended], secondsLeft: 1 });
    progress.note('note');
    progress.end();
    assert.deepEqual(lines, []);
  });
});

describe('the console', () => {
  it('uses colours only where they are supported and enabled', () => {
    const terminal = { isTTY: true };
    assert.equal(wantsColours(terminal, {}), true);
    assert.equal(wantsColours({}, {}), false);
    assert.equal(wantsColours(terminal, { NO_COLOR: '1' }), false);
    assert.equal(wantsColours(terminal, { NO_COLOR: '' }), true);
    assert.equal(wantsColours(terminal, { TERM: 'dumb' }), false);
    assert.equal(wantsColours({}, { FORCE_COLOR: '1' }), true);
    assert.equal(wantsColours({}, { FORCE_COLOR: '1', NO_COLOR: '1' }), false);
  });

  it('escapes control characters and direction marks as JSON does, on one line', () => {
    assert.equal(printable('a\u001b[2Jb\u009bc\nd\u202ee'), 'a\\u001b[2Jb\\u009bc d\\u202ee');
  });

  it('prints no escape sequences but its own colours', () => {
    const written: string[] = [];
    const stream = { write: (text: string) => written.push(text), coloured: true, isTerminal: true };
    const console = consoleOn(stream, stream, null);
    const evil = '\u001b[31mred\u0007 \u009b2J \u2066x \ufdd0\n';
    console.out(`${console.outColours.bold('name')} ${evil}end`);
    console.err(`${console.errColours.red('error:')} ${evil}end`);
    console.errLines(evil);
    console.data(`${evil}a\r\nb`);
    const shown = '\\u001b[31mred\\u0007 \\u009b2J \\u2066x \\ufdd0';
    assert.deepEqual(written, [
      `\u001b[1mname\u001b[22m ${shown}\nend\n`,
      `\u001b[31merror:\u001b[39m ${shown} end\n`,
      `${shown}\n\n`,
      `${shown}\na\nb\n`,
    ]);
  });

  it('writes data unchanged if no terminal reads them, and JSON with the same value', () => {
    const written: string[] = [];
    const stream = { write: (text: string) => written.push(text), coloured: false, isTerminal: false };
    const console = consoleOn(stream, stream, null);
    const evil = 'a\u001b[2J\u009b\u202e\ufdd031m,b\r\n';
    console.data(evil);
    console.out(jsonText({ evil }));
    assert.equal(written[0], `${evil}\n`);
    assert.match(written[1], /^[\x20-\x7e]*\n$/);
    assert.deepEqual(JSON.parse(written[1]), { evil });
  });
});

describe('the default number of jobs', () => {
  const { plan } = readExperiment(JSON.stringify(small));
  assert.ok(plan);

  it('is one per core, limited by runs and memory', () => {
    assert.equal(defaultJobs(plan, new Map(), 2, 8e9), 2);
    assert.equal(defaultJobs(plan, new Map(), 64, 8e9), plan.runs.length);
    assert.equal(defaultJobs(plan, new Map(), 64, 1), 1);
    const shape = { train: 1e6, test: 0, features: 999, outputs: 2 };
    const data = new Map([[dataKey(plan.samples[0].data), shape]]);
    assert.equal(defaultJobs(plan, data, 64, 10e9), 2, 'four gigabytes of examples each');
  });
});
