/** Learning-rate schedules: the factor on the file's learning rate at each step. */
import { unexpected } from '../shared/unexpected';
import { cos } from './math';
import type { ScheduleSpecification } from './specification';

/**
 * Factor for the update after `step` earlier ones, of `steps` in all.
 * During warm-up it rises linearly, reaching the schedule's own value at the last of `warmUp` updates; `cosine` then
 * falls from 1 towards `floor` (Loshchilov & Hutter 2017), `step` falls by `factor` every `every`. As PyTorch's
 * CosineAnnealingLR with T_max = steps − warmUp, `cosine` reaches the floor after the last update: the last of N updates
 * has the factor at (N − 1) / N of the way, 0.0245 for N = 10 and floor 0.
 */
export function scheduleFactor(schedule: ScheduleSpecification, step: number, steps: number): number {
  const { warmUp } = schedule;
  const warm = step < warmUp ? (step + 1) / warmUp : 1;
  return warm * plainFactor(schedule, Math.max(0, step - warmUp), Math.max(1, steps - warmUp));
}

/** Factor at `step` of `steps`, both counted from the end of the warm-up. */
function plainFactor(schedule: ScheduleSpecification, step: number, steps: number): number {
  switch (schedule.kind) {
    case 'constant':
      return 1;
    case 'step': {
      let factor = 1;
      for (let drops = Math.floor(step / schedule.every); drops > 0; drops--) factor *= schedule.factor;
      return factor;
    }
    case 'cosine': {
      const progress = Math.min(1, step / steps);
      return schedule.floor + (1 - schedule.floor) * 0.5 * (1 + cos(Math.PI * progress));
    }
    default:
      return unexpected(schedule.kind);
  }
}
