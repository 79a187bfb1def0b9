/** Tests wait for conditions: no test waits for a fixed time, and no assertion reads a clock. */
import assert from 'node:assert/strict';
import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';

const waits =
  /\b(?:setTimeout|setInterval|waitForTimeout)\(|\b(?:Date|performance)\.now\(|process\.hrtime|timers\/promises/;

/** Files that may wait: the number of such lines, and the reason. */
const allowed: Record<string, { lines: number; why: string }> = {
  'support/until.ts': { lines: 3, why: 'is the wait for a condition: its interval and its limit' },
  'fuzz/attempt.ts': { lines: 1, why: 'interrupts a command that hangs, which is what the fuzz looks for' },
  'unit/runs/killed.test.ts': { lines: 2, why: 'kills a process at a random moment, and looks for its first log' },
  'unit/runs/savedRuns.test.ts': { lines: 1, why: 'shows that timers get their turn while a folder is read' },
  'engines/sessions.test.ts': { lines: 1, why: 'resumes a paused session later; how much later makes no difference' },
  'engines/sources.test.ts': { lines: 1, why: 'has a clock in a string that the check of sources must refuse' },
  'extension/suite/newExperiment.test.ts': {
    lines: 1,
    why: 'VS Code has no event for an open quick pick: accepts until it is gone',
  },
  'extension/suite/steering.test.ts': { lines: 1, why: 'VS Code’s host gets no message when the workers have paused' },
  'extension/suite/running.test.ts': { lines: 1, why: 'looks again and again, until two looks in a row are the same' },
};

const root = join(process.cwd(), 'test');
const own = 'unit/scripts/waits.test.ts';
const sources = readdirSync(root, { recursive: true, encoding: 'utf8' })
  .map((path) => path.replaceAll('\\', '/'))
  .filter((path) => /\.[mc]?[jt]s$/.test(path) && !path.includes('node_modules') && path !== own);

/** Matching lines of code. */
function linesThatWait(text: string): string[] {
  return text.split('\n').filter((line) => waits.test(line) && !/^\s*(?:\*|\/\/|\/\*)/.test(line));
}

describe('waits and clocks in tests', () => {
  it('occur only in the files that need them', () => {
    assert.ok(sources.length > 150);
    const found = Object.fromEntries(
      sources.flatMap((path) => {
        const lines = linesThatWait(readFileSync(join(root, path), 'utf8'));
        return lines.length > (allowed[path]?.lines ?? 0) ? [[path, lines]] : [];
      }),
    );
    assert.deepEqual(found, {}, 'wait for a condition with test/support/until.ts, or pass in a clock');
  });

  it('occur in every file that is listed', () => {
    for (const [path, { lines, why }] of Object.entries(allowed)) {
      assert.equal(linesThatWait(readFileSync(join(root, path), 'utf8')).length, lines, `${path} ${why}`);
    }
  });

  it('are detected', () => {
    for (const line of ['await page.waitForTimeout(5);', 'const start = Date.now();', 'setTimeout(resolve, 5)']) {
      assert.equal(linesThatWait(line).length, 1, line);
    }
    assert.deepEqual(linesThatWait(' * Date.now() in a comment'), []);
  });
});
