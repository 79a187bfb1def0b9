/** What an experiment may say about its network: layers, activation, initialization. */
import * as z from 'zod';
import { normalizationOverrideSchema, normalizationSchema } from './normalization';
import { choice, kind, real, whole, yesOrNo } from './parts';

const activationKind = choice({
  relu: '`max(0, x)`',
  'leaky-relu': '`x` above 0, `slope · x` below',
  sigmoid: '`1 / (1 + exp(−x))`, between 0 and 1',
  tanh: '`tanh(x)`, between −1 and 1',
  gelu: '`x · Φ(x)`, with Φ the distribution function of the normal distribution',
  linear: '`x`: no activation',
});

export const activationSchema = z
  .union([
    activationKind,
    z.strictObject({
      kind: activationKind.meta({ description: 'Which function.' }),
      slope: real({ min: -10, max: 10 })
        .default(0.01)
        .meta({
          description: 'Slope for negative inputs; read by `leaky-relu` alone. Default: 0.01.',
          examples: [0.01, 0.2],
        }),
    }),
  ])
  .meta({
    description: 'The function that every number of a layer goes through.',
    examples: ['relu', 'sigmoid', { kind: 'leaky-relu', slope: 0.1 }],
  });

function gain(formula: string) {
  return real({ min: 0, max: 1000 })
    .default(1)
    .meta({ description: `Factor on the standard deviation: \`${formula}\`. Default: 1.`, examples: [0.5, 1, 1.5] });
}

const distribution = choice({
  normal: 'Normally distributed.',
  uniform: 'Uniformly, with the same standard deviation.',
})
  .default('normal')
  .meta({ description: 'How the weights are drawn. Default: `normal`.' });

function scaledInitialization<const T extends string>(name: T, formula: string, reference: string) {
  return z
    .strictObject({
      kind: kind(name, `Standard deviation \`${formula}\` (${reference}).`),
      gain: gain(formula),
      distribution,
    })
    .meta({ title: name });
}

const initializationObject = z.discriminatedUnion('kind', [
  scaledInitialization('he', 'gain · √(2 / inputs)', 'He et al. 2015; made for relu'),
  scaledInitialization('xavier', 'gain · √(2 / (inputs + units))', 'Glorot & Bengio 2010; made for tanh and sigmoid'),
  scaledInitialization('lecun', 'gain · √(1 / inputs)', 'LeCun et al. 1998'),
  z
    .strictObject({
      kind: kind('orthogonal', 'Orthonormal rows or columns, times `gain` (Saxe et al. 2014).'),
      gain: gain('gain · Q'),
    })
    .meta({ title: 'orthogonal' }),
  z
    .strictObject({
      kind: kind('normal', 'Normally distributed, of the same spread in every layer, whatever its size.'),
      mean: real().default(0).meta({ description: 'Mean of the weights. Default: 0.' }),
      std: real({ min: 0 })
        .default(0.01)
        .meta({
          description: 'Standard deviation of the weights. Default: 0.01.',
          examples: [0.01, 0.1],
        }),
    })
    .meta({ title: 'normal' }),
  z
    .strictObject({
      kind: kind('uniform', 'Uniformly distributed between `low` and `high`.'),
      low: real().default(-0.05).meta({ description: 'Least weight. Default: −0.05.' }),
      high: real().default(0.05).meta({ description: 'Largest weight, not below `low`. Default: 0.05.' }),
    })
    .meta({ title: 'uniform' }),
  z
    .strictObject({ kind: kind('zeros', 'All weights 0: the units of a layer stay alike for ever.') })
    .meta({ title: 'zeros' }),
]);

const initializationName = choice({
  he: 'std `√(2 / inputs)`, made for relu',
  xavier: 'std `√(2 / (inputs + units))`, made for tanh and sigmoid',
  lecun: 'std `√(1 / inputs)`',
  orthogonal: 'orthonormal rows or columns',
  normal: 'std 0.01 in every layer',
  uniform: 'between −0.05 and 0.05 in every layer',
  zeros: 'all 0',
});

export const initializationSchema = z.union([initializationName, initializationObject]).meta({
  description:
    'How the weights are drawn before training. Biases and shifts start at 0, scales at 1. Default: `he` for relu, leaky-relu and gelu, else `xavier`.',
  examples: ['he', { kind: 'he', gain: 1.5 }, { kind: 'normal', std: 0.1 }],
});

const bias = yesOrNo().meta({
  description:
    'Learn a bias. Default: true, but false directly before a per-feature normalization that learns a shift, where a bias would do nothing.',
});

/** A hidden layer. */
export const layerSchema = z
  .strictObject({
    dense: whole({ min: 1, max: 100_000 }).meta({
      description: 'Number of units of this fully connected layer.',
      examples: [16, 64, 100],
    }),
    activation: activationSchema.optional().meta({ description: "This layer's activation. Default: the network's." }),
    initialization: initializationSchema
      .optional()
      .meta({ description: "How this layer's weights are drawn. Default: as in the network." }),
    normalization: normalizationOverrideSchema(
      "This layer's normalization: what is written here is laid over the network's.",
    ).optional(),
    bias: bias.optional(),
  })
  .meta({ title: 'layer', description: 'What is not said of a layer, it has from the network.' });

const outputSchema = z
  .strictObject({
    activation: activationSchema.optional().meta({ description: "The output layer's activation. Default: linear." }),
    initialization: initializationSchema
      .optional()
      .meta({ description: "How the output layer's weights are drawn. Default: as in the network." }),
    normalization: normalizationSchema(
      'Normalization of the output layer. Default: none, whatever the hidden layers have.',
    ).optional(),
    bias: bias.optional(),
  })
  .meta({
    description: 'The output layer, whose size follows from the data. Default: linear, not normalized, with a bias.',
  });

export const networkSchema = z
  .strictObject({
    layers: z
      .array(layerSchema, { error: 'must be a list of hidden layers, as [{ "dense": 32 }]' })
      .max(500, { error: 'must have at most 500 hidden layers' })
      .meta({
        description:
          'Hidden layers from the input to the output, named hidden1, hidden2, … The sizes of input and output follow from the data. An empty list makes a linear classifier.',
        examples: [[{ dense: 32 }, { dense: 32 }]],
      }),
    activation: activationSchema.default('relu').meta({
      description: 'Activation of the hidden layers. Default: `relu`.',
      examples: ['relu', 'sigmoid', { kind: 'leaky-relu', slope: 0.1 }],
    }),
    initialization: initializationSchema.optional(),
    normalization: normalizationSchema('Normalization of the hidden layers. Default: none.').optional(),
    output: outputSchema.optional(),
  })
  .meta({ description: 'The network that every arm starts from: dense layers one after the other.' });

export type NetworkFile = z.output<typeof networkSchema>;
export type LayerFile = z.output<typeof layerSchema>;
export type OutputFile = z.output<typeof outputSchema>;
export type ActivationFile = z.output<typeof activationSchema>;
export type InitializationFile = z.output<typeof initializationSchema>;
