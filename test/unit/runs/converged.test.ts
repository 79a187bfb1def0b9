/** When a run converges, for claims at each arm's own largest converging learning rate. */
import assert from 'node:assert/strict';
import type { RunState } from '../../../src/protocol';
import { measured } from '../../../src/runs/session/measured';
import { claim } from '../experiment/support';

/** Whether a run with these training losses, at equally spaced steps, converges. */
function converges(losses: number[], change: Partial<RunState> = {}): boolean | undefined {
  const values = Float32Array.from(losses);
  const steps = Uint32Array.from(losses, (_, k) => k * 5);
  const trainLoss = losses[losses.length - 1];
  const state = {
    ...{ arm: 'A', seed: 1, point: {}, status: 'completed', steps: 5 * (losses.length - 1), changes: [] },
    final: { trainLoss, testLoss: 0 },
    ...change,
  } as unknown as RunState;
  const watched = { channels: [{ name: 'network/train/loss' }], frames: { steps, values } };
  const claims = [claim({ compare: 'largest-converging' })];
  return measured(claims, state, () => watched as unknown as ReturnType<Parameters<typeof measured>[2]>).converged;
}

const falling = (end: number) => Array.from({ length: 101 }, (_, k) => (k < 50 ? 2 - k * 0.01 : end));

describe('a run converges', () => {
  it('if its loss over the last tenth of the steps is a tenth below its first', () => {
    assert.equal(converges(falling(1.79)), true);
    assert.equal(converges(falling(1.81)), false);
  });

  it('whatever its last value alone', () => {
    const [low, high] = [falling(2), falling(1)];
    low[100] = 0.5;
    high[100] = 2.5;
    assert.equal(converges(low), false);
    assert.equal(converges(high), true);
  });

  it('not if it diverged, or if its loss is not finite', () => {
    assert.equal(converges(falling(1), { status: 'diverged' }), false);
    assert.equal(converges([...falling(1), Number.POSITIVE_INFINITY]), false);
    assert.equal(converges(falling(1), { final: { trainLoss: Number.NaN, testLoss: 0 } }), false);
  });

  it('or not: unknown without its losses', () => {
    assert.equal(converges([]), undefined);
    assert.equal(converges([Number.NaN, Number.NaN]), undefined);
  });
});
