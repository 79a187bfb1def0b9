/** What an experiment may claim: a statement that its runs can support or contradict. */
import * as z from 'zod';
import { real, text } from './parts';

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
          'What is compared at the end of the runs: `testAccuracy`, `trainAccuracy`, `testLoss`, `trainLoss`, or a channel such as `hidden3/activated/std`.',
        examples: ['testAccuracy', 'testLoss', 'hidden1/activated/std'],
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
    },
    { error },
  )
  .meta({ title: 'claim' });

export const claimSchema = z
  .union([claimObject, z.array(claimObject, { error }).max(100, { error: 'must be at most 100 claims' })])
  .meta({ description: 'What the experiment tests, said before it is run. One claim, or a list of them.' });

export type Claim = z.output<typeof claimObject>;
