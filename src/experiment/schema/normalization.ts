/** What an experiment may say about normalization, for the whole network or for one layer. */
import * as z from 'zod';
import { choice, real, yesOrNo } from './parts';

const kinds = {
  none: 'No normalization. The other properties may stand and are not read, so that an arm can turn it off.',
  naive: '`(x − mean) / √(variance + epsilon)` and nothing learned, unless `scale` or `shift` say so.',
  batch: 'Batch normalization (Ioffe & Szegedy 2015): `naive`, and a learned scale and shift a feature.',
} as const;

const properties = {
  placement: choice({
    'before-activation': "The paper's place: linear, normalization, activation.",
    'after-activation': 'Linear, activation, normalization.',
  })
    .optional()
    .meta({ description: 'Where in the layer it stands. Default: `before-activation`.' }),
  statistics: choice({
    'per-feature': 'One mean and variance for each feature, over the examples of the minibatch.',
    'whole-batch': 'One mean and variance over every number of the layer in the minibatch, as a bare `x.mean()` gives.',
  })
    .optional()
    .meta({ description: 'What mean and variance are taken over. Default: `per-feature`.' }),
  variance: choice({
    biased: 'Divide by m, the number of values.',
    unbiased: 'Divide by m − 1, as `x.std()` does in PyTorch.',
  })
    .optional()
    .meta({
      description:
        'How the variance that normalizes is taken. The running variance is unbiased in either case. Default: `biased`.',
    }),
  gradient: choice({
    'through-statistics': 'Back-propagation sees that mean and variance depend on the batch.',
    detached: 'Mean and variance are taken for constants, as if another program had computed them.',
  })
    .optional()
    .meta({ description: 'What back-propagation knows of the statistics. Default: `through-statistics`.' }),
  scale: yesOrNo().optional().meta({
    description: 'Learn a scale (γ) for each feature, starting at 1. Default: true for `batch`, false for `naive`.',
  }),
  shift: yesOrNo().optional().meta({
    description: 'Learn a shift (β) for each feature, starting at 0. Default: true for `batch`, false for `naive`.',
  }),
  epsilon: real({ min: 0, max: 1 })
    .optional()
    .meta({
      description:
        'Added to the variance before the root is taken; 0 is allowed, and divides by zero where a feature is constant. Default: 1e-5.',
      examples: [1e-5, 1e-3, 0],
    }),
  momentum: real({ min: 0, max: 1 })
    .optional()
    .meta({
      description:
        'Weight of the new batch in the running mean and variance, which evaluation uses: `running = (1 − momentum) · running + momentum · batch` (PyTorch’s convention). Default: 0.1.',
      examples: [0.1, 0.01],
    }),
};

/** Told whole, for the network and for the output layer. */
export function normalizationSchema(description: string) {
  const object = z.strictObject({
    kind: choice(kinds).meta({ description: 'Which normalization.' }),
    ...properties,
  });
  return z.union([choice(kinds), object]).meta({ description, examples });
}

/** Laid over the network's, for a hidden layer. */
export function normalizationOverrideSchema(description: string) {
  const object = z.strictObject({
    kind: choice(kinds).optional().meta({ description: "Which normalization. Default: the network's." }),
    ...properties,
  });
  return z.union([choice(kinds), object]).meta({ description, examples });
}

const examples = ['batch', { kind: 'batch', placement: 'after-activation' }];

export type NormalizationFile = z.output<ReturnType<typeof normalizationSchema>>;
export type NormalizationOverride = z.output<ReturnType<typeof normalizationOverrideSchema>>;
