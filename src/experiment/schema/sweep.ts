/** What an experiment may say of a sweep: values at places of the experiment, all of them with all of them. */
import * as z from 'zod';

/** More than two cannot be seen at once; more than these are a search, not a comparison. */
export const mostAxes = 6;
export const mostAxisValues = 10_000;

const values = z
  .array(z.unknown(), { error: 'must be a list of values, as [0.01, 0.1, 1]' })
  .min(1, { error: 'must be a list of at least one value, as [0.01, 0.1, 1]' })
  .max(mostAxisValues, { error: `must be a list of at most ${mostAxisValues.toLocaleString('en-US')} values` });

export const sweepSchema = z
  .record(z.string(), values, {
    error: 'must be an object of axes, as { "/training/optimizer/learningRate": [0.01, 0.1, 1] }',
  })
  .meta({
    description:
      'Axes of values, each addressed by a JSON Pointer (RFC 6901): every arm is run at every point of the grid, with every seed. The experiment comes first, then the arm, then the point, so that an axis has the last word. Default: no sweep.',
    examples: [{ '/training/optimizer/learningRate': [0.01, 0.1, 1], '/network/initialization/gain': [0.5, 1, 1.5] }],
  });
