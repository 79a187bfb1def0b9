/** Experiments for the tests of runs, and temporary folders. */
import assert from 'node:assert/strict';
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { Plan } from '../../../../src/experiment/plan';
import { readExperiment } from '../../../../src/experiment/read';

/** Two arms on a spiral, seeds 1 to 3, a frame every 5 of 60 steps. */
export const small = {
  name: 'Small',
  data: { kind: 'spiral', train: 200, test: 100 },
  network: { layers: [{ dense: 8 }, { dense: 6 }], activation: 'tanh', normalization: { kind: 'batch' } },
  training: { optimizer: { kind: 'sgd', learningRate: 0.1 }, batchSize: 20, steps: 60, seeds: [1, 2, 3] },
  watch: { every: 5 },
  arms: { without: { network: { normalization: { kind: 'none' } } }, BatchNorm: {} },
};

export function planOf(experiment: object): Plan {
  const { plan, diagnostics } = readExperiment(JSON.stringify(experiment));
  assert.ok(plan, diagnostics.map(({ message }) => message).join('\n'));
  return plan;
}

/** A folder that is deleted after the surrounding tests. */
export function temporaryFolder(): { path: (...parts: string[]) => string } {
  const folder = mkdtempSync(join(tmpdir(), 'batchnorm-lab-runs-'));
  after(() => rmSync(folder, { recursive: true, force: true }));
  return { path: (...parts) => join(folder, ...parts) };
}
