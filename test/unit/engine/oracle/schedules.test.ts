/** Learning-rate schedules, each with and without warm-up, compared with PyTorch's schedulers. */
import { scheduleFactor } from '../../../../src/engine/schedule';
import type { ScheduleSpecification } from '../../../../src/engine/specification';
import { assertClose } from '../support/compare';
import { fixture } from '../support/fixtures';

const { cases } = fixture<{ cases: { schedule: ScheduleSpecification; steps: number; factors: number[] }[] }>(
  'schedules.json',
);

describe('schedules compared with PyTorch', () => {
  for (const { schedule, steps, factors } of cases) {
    it(`${JSON.stringify(schedule)} over ${steps} steps`, () => {
      const actual = factors.map((_, step) => scheduleFactor(schedule, step, steps));
      // The fixture contains eight digits.
      actual.forEach((factor, step) => {
        assertClose([factor], [factors[step]], {
          category: 'schedule',
          what: `factor at step ${step}`,
          tolerance: 1e-7,
        });
      });
    });
  }
});
