/** What an experiment may say about its network: layers, activation, initialization. */
import * as z from 'zod';
import type { ActivationKind } from '../../engine/specification';
import { normalizationOverrideSchema, normalizationSchema } from './normalization';
import { choice, kind, real, whole, yesOrNo } from './parts';

const activationDescriptions: Record<ActivationKind, string> = {
  relu: '`max(0, x)`',
  'leaky-relu': '`x` above 0, `slope · x` below',
  sigmoid: '`1 / (1 + exp(−x))`, between 0 and 1',
  tanh: '`tanh(x)`, between −1 and 1',
  gelu: '`x · Φ(x)`, with Φ the distribution function of the normal distribution',
  linear: '`x`: no activation',
};
const activationKind = choice(activationDescriptions);

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
  scaledInitialization(
    'xavier',
    'gain · √(2 / (inputs + outputs))',
    'Glorot & Bengio 2010; made for tanh and sigmoid; outputs are the units, or channels · kernel² of a convolution',
  ),
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
  xavier: 'std `√(2 / (inputs + outputs))`, made for tanh and sigmoid',
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
    'Learn a bias. Default: true, but false directly before a batch normalization per feature that learns a shift, where a bias would do nothing.',
});

const learning = {
  activation: activationSchema.optional().meta({ description: "This layer's activation. Default: the network's." }),
  initialization: initializationSchema
    .optional()
    .meta({ description: "How this layer's weights are drawn. Default: as in the network." }),
  normalization: normalizationOverrideSchema(
    "This layer's normalization: what is written here is laid over the network's.",
  ).optional(),
  bias: bias.optional(),
};

const inherited = 'What is not said of a layer, it has from the network.';

const denseSchema = z
  .strictObject({
    dense: whole({ min: 1, max: 100_000 }).meta({
      description: 'A fully connected layer: its number of units.',
      examples: [16, 64, 100],
    }),
    ...learning,
  })
  .meta({ title: 'dense', description: `A fully connected layer. ${inherited}` });

const convolutionSchema = z
  .strictObject({
    conv: whole({ min: 1, max: 10_000 }).meta({
      description: 'A convolution over an image: its number of channels.',
      examples: [16, 32],
    }),
    kernel: whole({ min: 1, max: 100 })
      .default(3)
      .meta({ description: 'Width and height of the window. Default: 3.', examples: [3, 5] }),
    stride: whole({ min: 1, max: 100 })
      .default(1)
      .meta({ description: 'Pixels from one window to the next. Default: 1.', examples: [1, 2] }),
    padding: z
      .union([
        choice({ same: 'So many that at stride 1 the image keeps its size; the kernel must be odd.' }),
        whole({ min: 0, max: 100 }),
      ])
      .default('same')
      .meta({
        description: 'Rows and columns of zeros on each side of the image, less than `kernel`. Default: `same`.',
        examples: ['same', 0, 1],
      }),
    ...learning,
  })
  .meta({ title: 'conv', description: `A convolution. ${inherited}` });

/** A window of a number of pixels, or the whole image. */
function poolSize(description: string) {
  return z
    .union([choice({ all: 'The whole image.' }), whole({ min: 1, max: 1000 })])
    .meta({ description, examples: [2, 'all'] });
}

const poolStride = whole({ min: 1, max: 1000 })
  .optional()
  .meta({ description: 'Pixels from one window to the next. Default: the size of the window.' });

const passing = [
  z
    .strictObject({
      maxPool: poolSize('The largest number of each channel in windows of this width and height.'),
      stride: poolStride,
    })
    .meta({ title: 'maxPool', description: 'The largest numbers of the windows of an image.' }),
  z
    .strictObject({
      averagePool: poolSize('The mean of each channel in windows of this width and height.'),
      stride: poolStride,
    })
    .meta({ title: 'averagePool', description: 'The means of the windows of an image.' }),
  z
    .strictObject({
      flatten: z.literal(true, { error: 'must be true' }).meta({
        description: 'An image becomes a row of numbers. A dense layer does so by itself.',
      }),
    })
    .meta({ title: 'flatten', description: 'From an image to a row of numbers.' }),
  z
    .strictObject({
      dropout: real({ min: 0, below: 1 }).meta({
        description:
          'In training each number is set to 0 with this probability, and divided by what is left of 1 otherwise (Srivastava et al. 2014).',
        examples: [0.1, 0.5],
      }),
    })
    .meta({ title: 'dropout', description: 'Noise that switches numbers off.' }),
] as const;

const innerLayerSchema = z.union([denseSchema, convolutionSchema, ...passing]);

const residualSchema = z
  .strictObject({
    residual: z
      .array(innerLayerSchema, { error: 'must be a list of layers, as [{ "dense": 32 }, { "dense": 32 }]' })
      .min(1, { error: 'must have at least one layer' })
      .max(100, { error: 'must have at most 100 layers' })
      .meta({
        description:
          'A residual block (He et al. 2016): what comes in is added to what these layers make of it, which must be of the same shape.',
        examples: [[{ dense: 32 }, { dense: 32 }]],
      }),
    activation: activationSchema
      .optional()
      .meta({ description: 'The function that the sum goes through. Default: linear.' }),
  })
  .meta({ title: 'residual', description: 'Layers, and a way around them.' });

/** A hidden layer: told by its first property. */
export const layerSchema = z.union([denseSchema, convolutionSchema, ...passing, residualSchema]).meta({
  title: 'layer',
  description:
    'A layer is told by its first property: dense, conv, maxPool, averagePool, flatten, dropout or residual.',
});

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
          'Hidden layers from the input to the output: dense ones are named hidden1, hidden2, …, convolutions conv1, conv2, …, residual blocks residual1, … The sizes of input and output follow from the data. An empty list makes a linear classifier.',
        examples: [
          [{ dense: 32 }, { dense: 32 }],
          [{ conv: 16 }, { maxPool: 2 }, { conv: 32 }, { maxPool: 2 }],
        ],
      }),
    activation: activationSchema.default('relu').meta({
      description: 'Activation of the hidden layers. Default: `relu`.',
      examples: ['relu', 'sigmoid', { kind: 'leaky-relu', slope: 0.1 }],
    }),
    initialization: initializationSchema.optional(),
    normalization: normalizationSchema('Normalization of the hidden layers. Default: none.').optional(),
    output: outputSchema.optional(),
  })
  .meta({ description: 'The network that every arm starts from: layers one after the other.' });

export type NetworkFile = z.output<typeof networkSchema>;
export type LayerFile = z.output<typeof layerSchema>;
export type DenseFile = z.output<typeof denseSchema>;
export type ConvolutionFile = z.output<typeof convolutionSchema>;
export type ActivationFile = z.output<typeof activationSchema>;
export type InitializationFile = z.output<typeof initializationSchema>;
