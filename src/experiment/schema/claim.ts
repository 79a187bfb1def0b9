/** What an experiment may claim: a statement that its runs can support or contradict. */
import * as z from 'zod';
import { choice, real, text } from './parts';

const error = 'must be a claim or a list of claims';

const claimObject = z
  .strictObject(
    {
      says: text({ max: 1000 }).meta({
        description: 'The statement in words, as one would say it aloud.',
        examples: ['BatchNorm trains faster'],
      }),
      metric: text({ max: 200 }).meta({
        description:
          'What is compared: `testAccuracy`, `trainAccuracy`, `testLoss`, `trainLoss`, or a channel such as `hidden3/activated/std`. A `*` in the layer stands for many, as in `hidden*/activated/std`: one number is then made of them, as `across` says.',
        examples: ['testAccuracy', 'testLoss', 'hidden1/activated/std', 'hidden*/activated/std'],
      }),
      minus: text({ max: 200 })
        .optional()
        .meta({
          description:
            'What is taken from the metric at every step, as `testAccuracy` from `trainAccuracy`: the generalization gap. Takes a `direction`.',
          examples: ['testAccuracy'],
        }),
      over: text({ max: 200 })
        .optional()
        .meta({
          description:
            'What the metric is divided by at every step, as `hidden20/activated/std` by `hidden1/activated/std`. Takes a `direction`.',
          examples: ['hidden1/activated/std'],
        }),
      across: choice({
        slope:
          'How fast it grows with depth: the slope of its natural logarithm over the layers, by least squares. 0.1 is a factor of e^0.1 = 1.105 a layer; negative, it shrinks.',
        mean: 'The mean over the layers.',
        least: 'The smallest of the layers.',
        largest: 'The largest of the layers.',
      })
        .optional()
        .meta({ description: 'How one number is made of the layers that a `*` stands for. Default: `slope`.' }),
      take: choice({
        final: 'The value at the end of the run.',
        first: 'The value at the first frame, before any update: how the network begins.',
        best: 'The best value of all frames.',
        average: 'The mean over all steps: the area under the curve, over its length.',
        growth: 'The last value over the first one, as of a norm.',
        stepsTo:
          'The first step at which the value in `reach` is reached. A run that never does counts as one step more than it was measured for, or more; a pair in which neither does is not counted.',
      })
        .default('final')
        .meta({ description: 'How one number is made of a run. Default: `final`.' }),
      reach: real()
        .optional()
        .meta({
          description:
            'With `"take": "stepsTo"`: the value that is to be reached, from above where it is a loss, else from below.',
          examples: [0.9],
        }),
      direction: choice({
        more: 'Larger is better.',
        less: 'Smaller is better.',
      })
        .optional()
        .meta({
          description: 'Which numbers are better. Default: `less` for losses and for steps, `more` for all else.',
        }),
      better: text({ max: 100 }).meta({
        description: 'The arm that does better: whose accuracy or channel is larger, or whose loss is smaller.',
      }),
      than: text({ max: 100 }).meta({ description: 'The arm that it is compared with.' }),
      by: real({ min: 0 })
        .default(0)
        .meta({
          description:
            'The smallest difference that matters, in the metric’s own unit: 0.005 is half a percentage point of accuracy. Say it before the run. Default: 0.',
          examples: [0.005, 0.01],
        }),
      within: real({ above: 0 })
        .optional()
        .meta({
          description:
            'In place of `by`: the claim is that the two arms differ by less than this, either way, in the metric’s own unit.',
          examples: [0.01],
        }),
      compare: choice({
        same: 'Both arms at the same point: a verdict for each point, and one over all of them.',
        'own-best':
          'Each arm at its own best point, which the first third of the seeds chooses by their mean; the other seeds compare. A verdict then takes 30 seeds.',
        'largest-converging':
          'Each arm at its own largest learning rate of the sweep at which every run converges: ends with a lower training loss than it began with.',
      })
        .default('same')
        .meta({ description: 'How the arms are compared over a sweep. Default: `same`.' }),
      diverged: choice({
        worst:
          'It is ranked with the worst number that any run of the claim has. A pair in which both diverged is not counted.',
        exclude: 'Its pair is left out.',
        undecided: 'The claim is then undecided.',
      })
        .default('worst')
        .meta({ description: 'What becomes of a run that diverged. Default: `worst`.' }),
    },
    { error },
  )
  .meta({ title: 'claim' });

export const claimSchema = z
  .union([claimObject, z.array(claimObject, { error }).max(100, { error: 'must be at most 100 claims' })])
  .meta({ description: 'What the experiment tests, said before it is run. One claim, or a list of them.' });

export type Claim = z.output<typeof claimObject>;

/** Claims as a run folder keeps them; none where it keeps none, null where they are not understood. */
export function readClaims(kept: unknown): Claim[] | null {
  if (kept === undefined) return [];
  const read = z.array(claimObject).safeParse(kept);
  return read.success ? read.data : null;
}
