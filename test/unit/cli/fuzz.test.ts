/** A short, fixed part of `npm run fuzz`: damaged experiments, data files and run folders. */
import assert from 'node:assert/strict';
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { attempt, makeTemplates, problemsOf, type Surroundings } from '../../fuzz/attempt';
import { kinds } from '../../fuzz/cases';
import { realSessions } from '../../fuzz/session';

const seed = 20150211;
const tries = { experiment: 6, settings: 4, data: 6, images: 6, folder: 8, logs: 16 };

describe('bnexp, given damaged', function () {
  this.timeout(120_000);
  const dist = join(process.cwd(), 'dist');
  // A FIFO would block this process; `npm run fuzz` uses them in separate processes.
  const plain = { dist, makeSession: realSessions(dist), fifos: false, patience: 2_000 };
  let folder: string;
  let around: Surroundings;
  before(async () => {
    folder = mkdtempSync(join(tmpdir(), 'batchnorm-lab-fuzz-'));
    around = { ...plain, templates: await makeTemplates(folder, plain) };
  });
  after(() => rmSync(folder, { recursive: true, force: true }));

  for (const kind of kinds) {
    it(`${kind} files, causes no fault and names the place of each error`, async () => {
      for (let number = 0; number < tries[kind]; number++) {
        const { problems } = await attempt(seed, kind, number, around);
        assert.deepEqual(problems, [], `npm run fuzz -- --seed ${seed} --only ${kind}/${number}`);
      }
    });
  }
});

describe('the check of a fuzz case', () => {
  const ended = {
    args: ['check', 'x'],
    code: 2,
    fault: undefined,
    out: '',
    err: 'x:1:1: error: a value is missing here\n',
  };

  it('accepts an error with its place', () => assert.deepEqual(problemsOf(ended), []));

  it('finds faults, strange exit codes, stack traces, escapes, and errors without a place', () => {
    for (const change of [
      { fault: 'TypeError: x' },
      { code: 3 },
      { err: `${ended.err}    at f (/x.js:1:2)\n` },
      { err: `${ended.err}\u001b[2J` },
      { err: 'error: bad\n' },
      { args: ['check', 'x', '--json'], code: 0, out: '{' },
      { err: 'x:1:1: error: x cannot be read: ENOTDIR: not a directory' },
      { err: 'x:1:1: error: {0} is missing here' },
      { err: "x:1:1: error: Cannot read properties of undefined (reading 'a')" },
    ]) {
      assert.equal(problemsOf({ ...ended, ...change }).length, 1, JSON.stringify(change));
    }
  });
});
