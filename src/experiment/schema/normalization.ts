/** What an experiment may say about normalization, for the whole network or for one layer. */
import * as z from 'zod';
import { choice, kind, real, whole, withDefault, yesOrNo } from './parts';

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

/** What `noise: true` stands for. */
export const noiseDefaults = { meanRange: 0.5, stdRange: 1.25, jitter: 0.1 };

const properties = {
  placement: choice({
    'before-activation': "The paper's place: linear, normalization, activation.",
    'after-activation': 'Linear, activation, normalization.',
  })
    .optional()
    .meta({ description: withDefault('Where in the layer it stands.', normalizationDefaults.placement) }),
  statistics: choice({
    'per-feature':
      'One mean and variance for each feature, over the examples of the minibatch; in a convolution for each channel, over positions too.',
    'whole-batch': 'One mean and variance over every number of the layer in the minibatch, as a bare `x.mean()` gives.',
  })
    .optional()
    .meta({ description: withDefault('What mean and variance are taken over.', normalizationDefaults.statistics) }),
  variance: choice({
    biased: 'Divide by m, the number of values.',
    unbiased: 'Divide by m − 1, as `x.std()` does in PyTorch.',
  })
    .optional()
    .meta({
      description: withDefault(
        'How the variance that normalizes is taken. The running variance is unbiased in either case.',
        normalizationDefaults.variance,
      ),
    }),
  gradient: choice({
    'through-statistics': 'Back-propagation sees that mean and variance depend on the batch.',
    detached: 'Mean and variance are taken for constants, as if another program had computed them.',
  })
    .optional()
    .meta({
      description: withDefault('What back-propagation knows of the statistics.', normalizationDefaults.gradient),
    }),
  scale: yesOrNo().optional().meta({
    description: 'Learn a scale (γ) for each feature, starting at 1. Default: true, but false for `naive`.',
  }),
  shift: yesOrNo().optional().meta({
    description: 'Learn a shift (β) for each feature, starting at 0. Default: true, but false for `naive` and `rms`.',
  }),
  epsilon: real({ min: 0, max: 1 })
    .optional()
    .meta({
      description: withDefault(
        'Added to the variance before the root is taken; 0 is allowed, and divides by zero where a feature is constant.',
        normalizationDefaults.epsilon,
      ),
      examples: [1e-5, 1e-3, 0],
    }),
  momentum: real({ min: 0, max: 1 })
    .optional()
    .meta({
      description: withDefault(
        'Weight of the new batch in the running mean and variance, which evaluation uses: `running = (1 − momentum) · running + momentum · batch` (PyTorch’s convention).',
        normalizationDefaults.momentum,
      ),
      examples: [0.1, 0.01],
    }),
  ghostBatchSize: whole({ min: 2, max: 1_000_000 })
    .optional()
    .meta({
      description:
        'Ghost batches (Hoffer et al. 2017): mean and variance are taken over so many examples at a time, a divisor of `batchSize`, while an update still learns from the whole minibatch. Default: the whole minibatch.',
      examples: [8, 16, 32],
    }),
  freezeAt: step()
    .optional()
    .meta({
      description:
        'From this step on training too normalizes by the running mean and variance, which stay as they are. Default: never.',
      examples: [0, 1000],
    }),
  noise: z
    .union([
      yesOrNo(),
      z.strictObject({
        meanRange: real({ min: 0, max: 100 })
          .default(noiseDefaults.meanRange)
          .meta({
            description: withDefault(
              'The mean added to a unit lies between −meanRange and meanRange.',
              noiseDefaults.meanRange,
            ),
          }),
        stdRange: real({ min: 1, max: 100 })
          .default(noiseDefaults.stdRange)
          .meta({
            description: withDefault('The factor on a unit lies between 1 and stdRange.', noiseDefaults.stdRange),
          }),
        jitter: real({ min: 0, max: 100 })
          .default(noiseDefaults.jitter)
          .meta({
            description: withDefault(
              'How far mean and factor of a single example stray from those of its unit.',
              noiseDefaults.jitter,
            ),
          }),
      }),
    ])
    .optional()
    .meta({
      description:
        'Noise behind the normalization, drawn anew for each unit, example and step, that makes the distributions unstable on purpose (Santurkar et al. 2018, §2.1): `a ← s · a + m`. Evaluation has its average. Default: false.',
      examples: [true, noiseDefaults],
    }),
  groups: whole({ min: 1, max: 100_000 })
    .optional()
    .meta({
      description: withDefault(
        'Groups of features, or of channels, that are normalized each by itself; a divisor of their number.',
        normalizationDefaults.groups,
      ),
      examples: [2, 4, 8],
    }),
  rMax: real({ min: 1, max: 1000 })
    .optional()
    .meta({
      description: withDefault(
        'Largest correction of the standard deviation, and 1 / rMax the smallest.',
        normalizationDefaults.rMax,
      ),
    }),
  dMax: real({ min: 0, max: 1000 })
    .optional()
    .meta({
      description: withDefault('Largest correction of the mean, in standard deviations.', normalizationDefaults.dMax),
    }),
  relaxFrom: step().optional().meta({
    description:
      'Step up to which nothing is corrected, as in plain batch normalization. Default: a tenth of the steps.',
  }),
  rMaxAt: step()
    .optional()
    .meta({ description: 'Step at which the limit has opened linearly to `rMax`. Default: four fifths of the steps.' }),
  dMaxAt: step()
    .optional()
    .meta({ description: 'Step at which the limit has opened linearly to `dMax`. Default: half of the steps.' }),
};

type PropertyName = keyof typeof properties;

const common = ['placement', 'scale', 'shift', 'epsilon'] as const;
const running = [...common, 'momentum', 'freezeAt', 'noise'] as const;
const batch = [...running, 'statistics', 'variance', 'gradient', 'ghostBatchSize'] as const;
const renorm = [...running, 'rMax', 'dMax', 'relaxFrom', 'rMaxAt', 'dMaxAt'] as const;
const all = Object.keys(properties) as PropertyName[];

/** Which kinds there are, what each means, and which properties it reads. */
const kinds = {
  none: {
    means: 'No normalization. The other properties may stand and are not read, so that an arm can turn it off.',
    reads: all,
  },
  naive: {
    means: '`(x − mean) / √(variance + epsilon)` and nothing learned, unless `scale` or `shift` say so.',
    reads: batch,
  },
  batch: {
    means: 'Batch normalization (Ioffe & Szegedy 2015): `naive`, and a learned scale and shift a feature.',
    reads: batch,
  },
  'batch-l1': {
    means:
      'Batch normalization by the mean absolute deviation, times √(π/2), in place of the standard deviation (Hoffer et al. 2018).',
    reads: [...running, 'variance', 'gradient', 'ghostBatchSize'],
  },
  'batch-renorm': {
    means:
      'Batch renormalization (Ioffe 2017, algorithm 1): corrected, within limits that open as training goes on, towards the running mean and the running standard deviation, which is the average of `√(biased variance + epsilon)`.',
    reads: renorm,
  },
  layer: { means: 'Layer normalization (Ba et al. 2016): over all numbers of an example.', reads: common },
  group: {
    means: 'Group normalization (Wu & He 2018): over the numbers of an example in a group of features or channels.',
    reads: [...common, 'groups'],
  },
  instance: {
    means: 'Instance normalization (Ulyanov et al. 2016): over the positions of a channel of an image.',
    reads: common,
  },
  rms: {
    means: '`layer` without the mean (Zhang & Sennrich 2019): each example divided by the root of its mean square.',
    reads: common,
  },
  weight: {
    means:
      'Weight normalization (Salimans & Kingma 2016): not the values, but the weights of each unit are divided by their norm and multiplied by a learned scale.',
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

/** Told whole, for the network and for the output layer. */
export function normalizationSchema(description: string) {
  return z.union([words, object]).meta({ description, examples });
}

/** Laid over the network's, for a hidden layer. */
export function normalizationOverrideSchema(description: string) {
  // A kind that is none of them is to be told as such, and not as a property that is not known.
  const changes = z
    .strictObject({
      kind: z.never().optional().meta({ description: "Which normalization. Default: the network's." }),
      ...properties,
    })
    .meta({ title: "changes of the network's" });
  return z.union([words, object, changes]).meta({ description, examples });
}

const examples = ['batch', { kind: 'batch', placement: 'after-activation' }];

/** All that may be written, whatever the kind. */
export type NormalizationProperties = z.output<z.ZodObject<typeof properties>>;
export type NormalizationFile = NormalizationKind | ({ kind: NormalizationKind } & NormalizationProperties);
export type NormalizationOverride = NormalizationKind | ({ kind?: NormalizationKind } & NormalizationProperties);
