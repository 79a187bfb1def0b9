/** Runs whose process is killed: the log reads back to the last whole frame. */
import assert from 'node:assert/strict';
import { spawn } from 'node:child_process';
import { existsSync, readdirSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { readRunFolder } from '../../../src/runs/folder/readRunFolder';
import { readLogFile } from '../../../src/runs/folder/runLogFiles';
import { mostFrames } from '../../../src/shared/frameColumns';
import { small, temporaryFolder } from './support/experiments';

const kills = 8;

describe('a run that is killed', () => {
  const folder = temporaryFolder();
  // Large logs, so that a kill interrupts the writer.
  const experiment = { ...small, training: { ...small.training, steps: 100_000, seeds: [1] }, watch: { every: 1 } };

  /** Starts the built command line, and calls back with the child process. */
  function started(out: string, steps: number) {
    const file = folder.path('small.bnexp.json');
    writeFileSync(file, JSON.stringify(experiment));
    const args = ['dist/cli.js', 'run', file, '--quiet', '--out', out, '--steps', String(steps)];
    const child = spawn(process.execPath, args, { stdio: 'ignore' });
    const exit = new Promise<NodeJS.Signals | number | null>((resolve) =>
      child.once('exit', (code, signal) => resolve(signal ?? code)),
    );
    return { child, exit };
  }

  const logs = (out: string) =>
    existsSync(out)
      ? readdirSync(out, { recursive: true, encoding: 'utf8' }).filter((file) => file.includes('tfevents'))
      : [];

  it(`reads back to its last whole frame, killed at ${kills} random moments`, async function () {
    this.timeout(180_000);
    let frames = 0;
    for (let k = 0; k < kills; k++) {
      const out = folder.path(`killed-${k}`);
      const { child, exit } = started(out, 100_000);
      while (logs(out).length < 2) {
        assert.equal(child.exitCode, null, 'the command line ended before it wrote anything');
        await new Promise((resolve) => setTimeout(resolve, 10));
      }
      await new Promise((resolve) => setTimeout(resolve, Math.random() * 400));
      child.kill('SIGKILL');
      assert.equal(await exit, 'SIGKILL');
      for (const log of logs(out)) {
        const { end, frames: read } = readLogFile(join(out, log));
        assert.notEqual(end.kind, 'corrupt');
        // A fast machine exceeds the frames kept exactly in memory: then the interval has doubled, and only the ends are certain.
        if ((read.steps.at(-1) ?? 0) < mostFrames / 2) {
          assert.deepEqual(
            [...read.steps],
            Array.from(read.steps, (_, step) => step),
            'no frame is missing',
          );
        } else {
          assert.equal(read.steps[0], 0);
          assert.ok(read.steps.every((step, k) => k === 0 || step > read.steps[k - 1]));
        }
        frames += read.steps.length;
      }
      const shown = readRunFolder(out);
      assert.equal(shown.runs.length, 2);
      for (const run of shown.runs) {
        assert.equal(run.status, 'failed');
        assert.match(run.error ?? '', /was interrupted before its end/);
      }
    }
    assert.ok(frames > 100, `only ${frames} frames were written before the kills`);
  });

  it('has written the same as an undisturbed run', async function () {
    this.timeout(60_000);
    const out = folder.path('undisturbed');
    assert.equal(await started(out, 300).exit, 0);
    const whole = readLogFile(join(out, logs(out).sort()[0]));
    const all = Array.from({ length: kills }, (_, k) => {
      const killed = folder.path(`killed-${k}`);
      return readLogFile(join(killed, logs(killed).sort()[0]));
    });
    const cut = all.reduce((best, log) => (log.frames.steps.length > best.frames.steps.length ? log : best));
    const width = whole.heading?.channels.length ?? 0;
    // A long log has thinned its frames after the first ones.
    const thinned = cut.frames.steps.findIndex((step, place) => step !== place);
    const common = Math.min(whole.frames.steps.length - 1, thinned < 0 ? cut.frames.steps.length : thinned);
    assert.ok(common > 1 && width > 0);
    // The test set is evaluated at different steps in a shorter run.
    const measured = (values: Float32Array) =>
      [...values.subarray(0, common * width)].filter(
        (_, k) => !whole.heading?.channels[k % width].startsWith('network/test'),
      );
    assert.deepEqual(measured(cut.frames.values), measured(whole.frames.values));
  });
});
