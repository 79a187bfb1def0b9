/** The comparison of a run that is trained again with its recorded frames. */
import assert from 'node:assert/strict';
import { NotAsRecorded, SharedSteps } from '../../../../src/runs/worker/sharedSteps';

describe('steps that are trained again', () => {
  const channels = [
    { layer: 'network', tap: 'train', quantity: 'loss', name: 'network/train/loss' },
    { layer: 'network', tap: 'test', quantity: 'loss', name: 'network/test/loss' },
  ] as const;
  const compared = (loss: number, testLoss: number) => {
    const values = new Map([
      ['network/train/loss', 0.5],
      ['network/test/loss', 0.25],
    ]);
    const recorded = { frames: [{ step: 60, values }], scene: null };
    const check = { folders: [], until: 60, otherPass: false, otherwise: 'Start again.' };
    const shared = new SharedSteps(recorded, check, { channels, scene: null });
    shared.compare({ step: 60, values: Float32Array.of(loss, testLoss), histograms: null, predictions: null });
  };

  it('have the recorded values', () => {
    compared(0.5, 0.25);
    assert.throws(() => compared(0.75, 0.25), NotAsRecorded);
    assert.throws(() => compared(0.5, 0.75), NotAsRecorded);
    assert.throws(() => compared(Number.NaN, 0.25), NotAsRecorded);
  });

  it('may lack an evaluation that another version made at this step', () => compared(0.5, Number.NaN));
});
