/** Schema of `sweep`: axes of values whose combinations form a grid. */
import * as l10n from '@vscode/l10n';
import * as z from 'zod';
import { formatCount } from '../../shared/numbers';

/** Upper limit of axes. A heat map shows two at once; more than six are a search, not a comparison. */
export const mostAxes = 6;
const mostAxisValues = 10_000;

const values = z
  .array(z.unknown(), { error: l10n.t('must be a list of values, e.g. [0.01, 0.1, 1]') })
  .min(1, { error: l10n.t('must be a list of at least one value, e.g. [0.01, 0.1, 1]') })
  .max(mostAxisValues, { error: l10n.t`must be a list of at most ${formatCount(mostAxisValues)} values` });

export const sweepSchema = z
  .record(z.string(), values, {
    error: l10n.t('must be an object of axes, e.g. { "/training/optimizer/learningRate": [0.01, 0.1, 1] }'),
  })
  .meta({
    description: l10n.t(
      'Axes of values, each addressed by a JSON Pointer (RFC 6901). Every arm runs at every point of the grid with every seed. The point is applied last, after the experiment and the arm, so an axis overrides both. Default: no sweep.',
    ),
    examples: [{ '/training/optimizer/learningRate': [0.01, 0.1, 1], '/network/initialization/gain': [0.5, 1, 1.5] }],
  });
