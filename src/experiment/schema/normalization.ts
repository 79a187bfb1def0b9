/** Schema of `normalization`, for the whole network or for one layer. */
import * as l10n from '@vscode/l10n';
import * as z from 'zod';
import { byDefault, choice, kind, real, whole, withDefault, yesOrNo } from './parts';

const step = () => whole({ min: 0, max: 1e9 });

/** Values of properties that a file leaves out. Those that depend on the kind or the steps are in `resolve.ts`. */
export const normalizationDefaults = {
  placement: 'before-activation',
  statistics: 'per-feature',
  variance: 'biased',
  gradient: 'through-statistics',
  epsilon: 1e-5,
  momentum: 0.1,
  groups: 1,
  rMax: 3,
  dMax: 5,
} as const;

const noiseObject = z.strictObject({
  meanRange: byDefault(0.5, real({ min: 0, max: 100 }), {
    description: l10n.t('The mean that is added to a unit is between −meanRange and meanRange.'),
  }),
  stdRange: byDefault(1.25, real({ min: 1, max: 100 }), {
    description: l10n.t('The factor on a unit is between 1 and stdRange.'),
  }),
  jitter: byDefault(0.1, real({ min: 0, max: 100 }), {
    description: l10n.t('Spread of the mean and factor of single examples around those of their unit.'),
  }),
});

/** The settings that `noise: true` selects. */
export const noiseDefaults = noiseObject.parse({});

const properties = {
  placement: choice({
    'before-activation': l10n.t('As in the paper (Ioffe & Szegedy 2015): linear, normalization, activation.'),
    'after-activation': l10n.t('Linear, activation, normalization.'),
  })
    .optional()
    .meta({
      description: withDefault(l10n.t('Position of the normalization in the layer.'), normalizationDefaults.placement),
    }),
  statistics: choice({
    'per-feature': l10n.t(
      'One mean and variance per feature, over the examples of the minibatch. In a convolution: one per channel, over examples and positions.',
    ),
    'whole-batch': l10n.t(
      'One mean and variance over all values of the layer in the minibatch, like `x.mean()` without a dimension in PyTorch.',
    ),
  })
    .optional()
    .meta({
      description: withDefault(
        l10n.t('The values over which mean and variance are computed.'),
        normalizationDefaults.statistics,
      ),
    }),
  variance: choice({
    biased: l10n.t('Divide by m, the number of values.'),
    unbiased: l10n.t('Divide by m − 1, as `x.std()` does in PyTorch.'),
  })
    .optional()
    .meta({
      description: withDefault(
        l10n.t('The variance used for normalization. The running variance is always unbiased.'),
        normalizationDefaults.variance,
      ),
    }),
  gradient: choice({
    'through-statistics': l10n.t('Back-propagation includes the dependence of mean and variance on the batch.'),
    detached: l10n.t('Back-propagation treats mean and variance as constants, like `.detach()` in PyTorch.'),
  })
    .optional()
    .meta({
      description: withDefault(
        l10n.t('Whether the gradient flows through the statistics.'),
        normalizationDefaults.gradient,
      ),
    }),
  scale: yesOrNo()
    .optional()
    .meta({
      description: l10n.t('Learn a scale (γ) per feature, starting at 1. Default: true, but false for `naive`.'),
    }),
  shift: yesOrNo()
    .optional()
    .meta({
      description: l10n.t(
        'Learn a shift (β) per feature, starting at 0. Default: true, but false for `naive` and `rms`.',
      ),
    }),
  epsilon: real({ min: 0, max: 1 })
    .optional()
    .meta({
      description: withDefault(
        l10n.t(
          'Added to the variance before the square root. 0 is allowed; a constant feature then causes a division by zero.',
        ),
        normalizationDefaults.epsilon,
      ),
      examples: [1e-5, 1e-3, 0],
    }),
  momentum: real({ min: 0, max: 1 })
    .optional()
    .meta({
      description: withDefault(
        l10n.t(
          'Weight of the new batch in the running mean and variance, which are used for evaluation: `running = (1 − momentum) · running + momentum · batch` (PyTorch’s convention).',
        ),
        normalizationDefaults.momentum,
      ),
      examples: [0.1, 0.01],
    }),
  ghostBatchSize: whole({ min: 2, max: 1_000_000 })
    .optional()
    .meta({
      description: l10n.t(
        'Ghost batches (Hoffer et al. 2017): the number of examples over which mean and variance are computed, a divisor of `batchSize`. An update still learns from the whole minibatch. Default: the whole minibatch.',
      ),
      examples: [8, 16, 32],
    }),
  freezeAt: step()
    .optional()
    .meta({
      description: l10n.t(
        'From this step on, training uses the running mean and variance too, and they stay constant. Default: never.',
      ),
      examples: [0, 1000],
    }),
  noise: z
    .union([yesOrNo(), noiseObject])
    .optional()
    .meta({
      description: l10n.t(
        'Noise after the normalization that makes the distributions unstable on purpose (Santurkar et al. 2018, §2.1): `a ← s · a + m`, drawn again for each unit, example and step. Evaluation uses its mean. Default: false.',
      ),
      examples: [true, noiseDefaults],
    }),
  groups: whole({ min: 1, max: 100_000 })
    .optional()
    .meta({
      description: withDefault(
        l10n.t('Number of groups of features or channels that are normalized separately, a divisor of their number.'),
        normalizationDefaults.groups,
      ),
      examples: [2, 4, 8],
    }),
  rMax: real({ min: 1, max: 1000 })
    .optional()
    .meta({
      description: withDefault(
        l10n.t('Largest correction factor of the standard deviation; the smallest is 1 / rMax.'),
        normalizationDefaults.rMax,
      ),
    }),
  dMax: real({ min: 0, max: 1000 })
    .optional()
    .meta({
      description: withDefault(
        l10n.t('Largest correction of the mean, in standard deviations.'),
        normalizationDefaults.dMax,
      ),
    }),
  relaxFrom: step()
    .optional()
    .meta({
      description: l10n.t(
        'Step from which corrections are allowed; before it, training equals plain batch normalization. Default: a tenth of the steps.',
      ),
    }),
  rMaxAt: step()
    .optional()
    .meta({
      description: l10n.t(
        'Step at which the limit, which rises linearly, reaches `rMax`. Default: four fifths of the steps.',
      ),
    }),
  dMaxAt: step()
    .optional()
    .meta({
      description: l10n.t('Step at which the limit, which rises linearly, reaches `dMax`. Default: half of the steps.'),
    }),
};

type PropertyName = keyof typeof properties;

const common = ['placement', 'scale', 'shift', 'epsilon'] as const;
const running = [...common, 'momentum', 'freezeAt', 'noise'] as const;
const batch = [...running, 'statistics', 'variance', 'gradient', 'ghostBatchSize'] as const;
const renorm = [...running, 'rMax', 'dMax', 'relaxFrom', 'rMaxAt', 'dMaxAt'] as const;
const all = Object.keys(properties) as PropertyName[];

/** All kinds, with the meaning of each and the properties that it uses. */
const kinds = {
  none: {
    means: l10n.t('No normalization. Other properties are allowed and ignored, so that an arm can turn it off.'),
    reads: all,
  },
  naive: {
    means: l10n.t(
      '`(x − mean) / √(variance + epsilon)`, without learned parameters unless `scale` or `shift` is true.',
    ),
    reads: batch,
  },
  batch: {
    means: l10n.t('Batch normalization (Ioffe & Szegedy 2015): `naive` with a learned scale and shift per feature.'),
    reads: batch,
  },
  'batch-l1': {
    means: l10n.t(
      'Batch normalization with the mean absolute deviation times √(π/2) instead of the standard deviation (Hoffer et al. 2018).',
    ),
    reads: [...running, 'variance', 'gradient', 'ghostBatchSize'],
  },
  'batch-renorm': {
    means: l10n.t(
      'Batch renormalization (Ioffe 2017, algorithm 1): corrects the batch statistics towards the running mean and the running standard deviation, which is the average of `√(biased variance + epsilon)`, within limits that grow during training.',
    ),
    reads: renorm,
  },
  layer: { means: l10n.t('Layer normalization (Ba et al. 2016): over all values of an example.'), reads: common },
  group: {
    means: l10n.t(
      'Group normalization (Wu & He 2018): over the values of an example in a group of features or channels.',
    ),
    reads: [...common, 'groups'],
  },
  instance: {
    means: l10n.t('Instance normalization (Ulyanov et al. 2016): over the positions of one channel of an image.'),
    reads: common,
  },
  rms: {
    means: l10n.t(
      'RMS normalization (Zhang & Sennrich 2019): `layer` without subtracting the mean. Each example is divided by its root mean square.',
    ),
    reads: common,
  },
  weight: {
    means: l10n.t(
      'Weight normalization (Salimans & Kingma 2016): divides the weights of each unit by their norm and multiplies them by a learned scale. The values are not normalized.',
    ),
    reads: [],
  },
} as const satisfies Record<string, { means: string; reads: readonly PropertyName[] }>;

export type NormalizationKind = keyof typeof kinds;

const kindNames = Object.keys(kinds) as NormalizationKind[];
const words = choice(
  Object.fromEntries(kindNames.map((name) => [name, kinds[name].means])) as Record<NormalizationKind, string>,
);

function picked<N extends PropertyName>(names: readonly N[]): Pick<typeof properties, N> {
  return Object.fromEntries(names.map((name) => [name, properties[name]])) as Pick<typeof properties, N>;
}

function member<K extends NormalizationKind>(name: K) {
  const { means, reads } = kinds[name];
  return z
    .strictObject({ kind: kind(name, means), ...picked<(typeof kinds)[K]['reads'][number]>(reads) })
    .meta({ title: name });
}

const object = z.discriminatedUnion('kind', [
  member('none'),
  member('naive'),
  member('batch'),
  member('batch-l1'),
  member('batch-renorm'),
  member('layer'),
  member('group'),
  member('instance'),
  member('rms'),
  member('weight'),
]);

// Does not compile where a kind is no member of the union.
kindNames satisfies readonly z.output<typeof object>['kind'][];

/** Complete normalization, for the network and for the output layer. */
export function normalizationSchema(description: string) {
  return z.union([words, object]).meta({ description, examples });
}

/** Changes to the network's normalization, for a hidden layer. */
export function normalizationOverrideSchema(description: string) {
  // An unknown kind must be reported as such, not as an unknown property.
  const changes = z
    .strictObject({
      kind: z
        .never()
        .optional()
        .meta({ description: l10n.t("The normalization. Default: the network's.") }),
      ...properties,
    })
    .meta({ title: l10n.t("changes of the network's") });
  return z.union([words, object, changes]).meta({ description, examples });
}

const examples = ['batch', { kind: 'batch', placement: 'after-activation' }];

/** All properties of all kinds. */
export type NormalizationProperties = z.output<z.ZodObject<typeof properties>>;
export type NormalizationFile = NormalizationKind | ({ kind: NormalizationKind } & NormalizationProperties);
export type NormalizationOverride = NormalizationKind | ({ kind?: NormalizationKind } & NormalizationProperties);
