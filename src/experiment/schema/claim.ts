/** Schema of `claim`: a statement that the runs can support or contradict. */
import * as l10n from '@vscode/l10n';
import * as z from 'zod';
import { byDefault, choice, real, text } from './parts';

const error = l10n.t('must be a claim or a list of claims');

const claimObject = z
  .strictObject(
    {
      says: text({ max: 1000 }).meta({
        description: l10n.t('The claim as a sentence.'),
        examples: [l10n.t('BatchNorm trains faster')],
      }),
      metric: text({ max: 200 }).meta({
        description: l10n.t(
          'The compared number: `testAccuracy`, `trainAccuracy`, `testLoss`, `trainLoss`, or a channel such as `hidden3/activated/std`. A `*` in the layer matches several layers, e.g. `hidden*/activated/std`; `across` reduces them to one number.',
        ),
        examples: ['testAccuracy', 'testLoss', 'hidden1/activated/std', 'hidden*/activated/std'],
      }),
      minus: text({ max: 200 })
        .optional()
        .meta({
          description: l10n.t(
            'Metric that is subtracted at every step. Example: `trainAccuracy` minus `testAccuracy` is the generalization gap. Requires a `direction`.',
          ),
          examples: ['testAccuracy'],
        }),
      over: text({ max: 200 })
        .optional()
        .meta({
          description: l10n.t(
            'Metric that the metric is divided by at every step. Example: `hidden20/activated/std` over `hidden1/activated/std`. Requires a `direction`.',
          ),
          examples: ['hidden1/activated/std'],
        }),
      across: choice({
        slope: l10n.t(
          'Growth with depth: the slope of its natural logarithm over the layers, by least squares. A slope of 0.1 is a factor of e^0.1 = 1.105 per layer. A negative slope means that it shrinks.',
        ),
        mean: l10n.t('The mean over the layers.'),
        least: l10n.t('The smallest value of the layers.'),
        largest: l10n.t('The largest value of the layers.'),
      })
        .optional()
        .meta({
          description: l10n.t('How the layers that a `*` matches are reduced to one number. Default: `slope`.'),
        }),
      take: byDefault(
        'final',
        choice({
          final: l10n.t('The value at the end of the run.'),
          first: l10n.t('The value at the first frame, before any update.'),
          best: l10n.t('The best value over all frames.'),
          average: l10n.t('The mean over all steps: the area under the curve divided by its length.'),
          growth: l10n.t('The last value divided by the first value, e.g. of a norm.'),
          stepsTo: l10n.t(
            'The first step at which the value in `reach` is reached. A run that never reaches it counts with one step more than its number of measured steps, or more. A pair in which neither run reaches it is not counted.',
          ),
        }),
        { description: l10n.t('How the history of a run is reduced to one number.') },
      ),
      reach: real()
        .optional()
        .meta({
          description: l10n.t(
            'For `"take": "stepsTo"`: the value to reach. A loss must fall to it; any other metric must rise to it.',
          ),
          examples: [0.9],
        }),
      direction: choice({
        more: l10n.t('Larger is better.'),
        less: l10n.t('Smaller is better.'),
      })
        .optional()
        .meta({
          description: l10n.t(
            'Which values are better. Default: `less` for losses and for `stepsTo`, `more` otherwise.',
          ),
        }),
      better: text({ max: 100 }).meta({
        description: l10n.t('The arm that is claimed to be better.'),
      }),
      than: text({ max: 100 }).meta({ description: l10n.t('The arm that `better` is compared with.') }),
      by: byDefault(0, real({ min: 0 }), {
        description: l10n.t(
          'The smallest difference that matters, in the unit of the metric. Example: 0.005 is half a percentage point of accuracy. State it before the run.',
        ),
        examples: [0.005, 0.01],
      }),
      within: real({ above: 0 })
        .optional()
        .meta({
          description: l10n.t(
            'Replaces `by`: claims that the two arms differ by less than this value in either direction, in the unit of the metric.',
          ),
          examples: [0.01],
        }),
      compare: byDefault(
        'same',
        choice({
          same: l10n.t('Both arms at the same point. Gives a verdict for each point and one overall.'),
          'own-best': l10n.t(
            'Each arm at its own best point. The first third of the seeds chooses the point by its mean, and the other seeds compare. A verdict needs at least 30 seeds.',
          ),
          'largest-converging': l10n.t(
            'Each arm at its own largest learning rate of the sweep at which most of its runs converge. A run converges if it completes and its training loss, averaged over the last tenth of its steps, is at least a tenth below its first.',
          ),
        }),
        { description: l10n.t('How the arms are compared over a sweep.') },
      ),
      diverged: byDefault(
        'worst',
        choice({
          worst: l10n.t(
            'It is ranked with the worst value of all runs of the claim. A pair in which both runs diverged is not counted.',
          ),
          exclude: l10n.t('Its pair is excluded.'),
          undecided: l10n.t('The claim is undecided.'),
        }),
        { description: l10n.t('How a diverged run counts.') },
      ),
    },
    { error },
  )
  .meta({ title: 'claim' });

export const claimSchema = z
  .union([claimObject, z.array(claimObject, { error }).max(100, { error: l10n.t('must be at most 100 claims') })])
  .meta({ description: l10n.t('The claim that the experiment tests, or a list of claims. State it before the run.') });

export type Claim = z.output<typeof claimObject>;

/** Claims saved in a run folder: empty if none are saved, null if they are invalid. */
export function readClaims(saved: unknown): Claim[] | null {
  if (saved === undefined) return [];
  const read = z.array(claimObject).safeParse(saved);
  return read.success ? read.data : null;
}
