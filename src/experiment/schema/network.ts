/** Schema of `network`: layers, activation, initialization. */
import * as z from 'zod';
import type { ActivationKind } from '../../engine/specification';
import { normalizationOverrideSchema, normalizationSchema } from './normalization';
import { byDefault, choice, kind, path, real, whole, yesOrNo } from './parts';

const activationDescriptions: Record<ActivationKind, string> = {
  relu: '`max(0, x)`',
  'leaky-relu': '`x` above 0, `slope · x` below',
  sigmoid: '`1 / (1 + exp(−x))`, between 0 and 1',
  tanh: '`tanh(x)`, between −1 and 1',
  gelu: '`x · Φ(x)`, where Φ is the cumulative distribution function of the standard normal distribution',
  linear: '`x`: no activation',
};
const activationKind = choice(activationDescriptions);

export const activationObject = z.strictObject({
  kind: activationKind.meta({ description: 'The activation function.' }),
  slope: byDefault(0.01, real({ min: -10, max: 10 }), {
    description: 'Slope for negative inputs. Only `leaky-relu` uses it.',
    examples: [0.01, 0.2],
  }),
});

const activationSchema = z.union([activationKind, activationObject]).meta({
  description: 'The activation function of a layer.',
  examples: ['relu', 'sigmoid', { kind: 'leaky-relu', slope: 0.1 }],
});

function gain(formula: string) {
  return byDefault(1, real({ min: 0, max: 1000 }), {
    description: `Factor on the standard deviation: \`${formula}\`.`,
    examples: [0.5, 1, 1.5],
  });
}

const distribution = byDefault(
  'normal',
  choice({
    normal: 'Normal distribution.',
    uniform: 'Uniform distribution with the same standard deviation.',
  }),
  { description: 'Distribution of the weights.' },
);

function scaledInitialization<const T extends string>(name: T, formula: string, reference: string) {
  return z
    .strictObject({
      kind: kind(name, `Standard deviation \`${formula}\` (${reference}).`),
      gain: gain(formula),
      distribution,
    })
    .meta({ title: name });
}

const normal = z
  .strictObject({
    kind: kind('normal', 'Normal distribution with the same standard deviation in every layer.'),
    mean: byDefault(0, real(), { description: 'Mean of the weights.' }),
    std: byDefault(0.01, real({ min: 0 }), {
      description: 'Standard deviation of the weights.',
      examples: [0.01, 0.1],
    }),
  })
  .meta({ title: 'normal' });

const uniform = z
  .strictObject({
    kind: kind('uniform', 'Uniform distribution between `low` and `high`.'),
    low: byDefault(-0.05, real(), { description: 'Smallest weight.' }),
    high: byDefault(0.05, real(), { description: 'Largest weight, not below `low`.' }),
  })
  .meta({ title: 'uniform' });

const file = z
  .strictObject({
    kind: kind(
      'file',
      'Parameters and running statistics from a file, such as those at the end of another run. Nothing is drawn.',
    ),
    path: path(
      'A safetensors file with the names, shapes and layouts of PyTorch, as in `weights.safetensors` of a run.',
      'start.safetensors',
    ),
    sha256: z
      .string()
      .regex(/^[0-9a-f]{64}$/, { error: 'must be 64 hexadecimal digits, in lower case' })
      .optional()
      .meta({
        description:
          'SHA-256 of the file. If it is given, a file with different content is an error. Saved runs contain it.',
      }),
  })
  .meta({ title: 'file' });

export const initializationObject = z.discriminatedUnion('kind', [
  scaledInitialization('he', 'gain · √(2 / inputs)', 'He et al. 2015; for relu'),
  scaledInitialization(
    'xavier',
    'gain · √(2 / (inputs + outputs))',
    'Glorot & Bengio 2010; for tanh and sigmoid; outputs are the units, or channels · kernel² of a convolution',
  ),
  scaledInitialization('lecun', 'gain · √(1 / inputs)', 'LeCun et al. 1998'),
  z
    .strictObject({
      kind: kind('orthogonal', 'Orthonormal rows or columns, times `gain` (Saxe et al. 2014).'),
      gain: gain('gain · Q'),
    })
    .meta({ title: 'orthogonal' }),
  normal,
  uniform,
  z
    .strictObject({ kind: kind('zeros', 'All weights 0. The units of a layer then always stay equal.') })
    .meta({ title: 'zeros' }),
  file,
]);

const range = uniform.parse({ kind: 'uniform' }).high;
const initializationName = choice({
  he: 'std `√(2 / inputs)`, for relu',
  xavier: 'std `√(2 / (inputs + outputs))`, for tanh and sigmoid',
  lecun: 'std `√(1 / inputs)`',
  orthogonal: 'orthonormal rows or columns',
  normal: `std ${normal.parse({ kind: 'normal' }).std} in every layer`,
  uniform: `between −${range} and ${range} in every layer`,
  zeros: 'all 0',
});

const initializationSchema = z.union([initializationName, initializationObject]).meta({
  description:
    'Distribution of the initial weights, or a file that contains them. Without a file, biases and shifts start at 0, scales at 1. Default: `he` for relu, leaky-relu and gelu, otherwise `xavier`.',
  examples: [
    'he',
    { kind: 'he', gain: 1.5 },
    { kind: 'normal', std: 0.1 },
    { kind: 'file', path: 'start.safetensors' },
  ],
});

const bias = yesOrNo().meta({
  description:
    'Learn a bias. Default: true, but false directly before a per-feature batch normalization with a learned shift, where a bias has no effect.',
});

function weightStandardization(ofLayer: string) {
  return yesOrNo()
    .optional()
    .meta({
      description: `Weight standardization (Qiao et al. 2019): ${ofLayer} with (W − μ) / √(σ² + 1e-5), where μ and σ² are the mean and variance of the weights of each unit or channel. It excludes weight normalization.`,
      examples: [true],
    });
}

const learning = {
  activation: activationSchema
    .optional()
    .meta({ description: "Activation of this layer. Default: the network's activation." }),
  initialization: initializationSchema
    .optional()
    .meta({ description: 'Initialization of this layer. Default: as in the network.' }),
  normalization: normalizationOverrideSchema(
    "Normalization of this layer. Its properties override those of the network's normalization.",
  ).optional(),
  bias: bias.optional(),
  weightStandardization: weightStandardization('this layer multiplies'),
};

const inherited = 'Properties that are not set are inherited from the network.';

const denseSchema = z
  .strictObject({
    dense: whole({ min: 1, max: 100_000 }).meta({
      description: 'A fully connected layer with this number of units.',
      examples: [16, 64, 100],
    }),
    ...learning,
  })
  .meta({ title: 'dense', description: `A fully connected layer. ${inherited}` });

const convolutionSchema = z
  .strictObject({
    conv: whole({ min: 1, max: 10_000 }).meta({
      description: 'A convolution over an image with this number of output channels.',
      examples: [16, 32],
    }),
    kernel: byDefault(3, whole({ min: 1, max: 100 }), {
      description: 'Width and height of the window.',
      examples: [3, 5],
    }),
    stride: byDefault(1, whole({ min: 1, max: 100 }), {
      description: 'Distance between windows in pixels.',
      examples: [1, 2],
    }),
    padding: byDefault(
      'same',
      z.union([
        choice({ same: 'Keeps the size of the image at stride 1. The kernel must be odd.' }),
        whole({ min: 0, max: 100 }),
      ]),
      {
        description: 'Rows and columns of zeros on each side of the image, less than `kernel`.',
        examples: ['same', 0, 1],
      },
    ),
    ...learning,
  })
  .meta({ title: 'conv', description: `A convolution. ${inherited}` });

/** Size of a pooling window: a number of pixels, or the whole image. */
function poolSize(description: string) {
  return z
    .union([choice({ all: 'The whole image.' }), whole({ min: 1, max: 1000 })])
    .meta({ description, examples: [2, 'all'] });
}

const poolStride = whole({ min: 1, max: 1000 })
  .optional()
  .meta({ description: 'Distance between windows in pixels. Default: the size of the window.' });

const passing = [
  z
    .strictObject({
      maxPool: poolSize('Maximum of each channel over windows of this width and height.'),
      stride: poolStride,
    })
    .meta({ title: 'maxPool', description: 'Max pooling over an image.' }),
  z
    .strictObject({
      averagePool: poolSize('Mean of each channel over windows of this width and height.'),
      stride: poolStride,
    })
    .meta({ title: 'averagePool', description: 'Average pooling over an image.' }),
  z
    .strictObject({
      flatten: z.literal(true, { error: 'must be true' }).meta({
        description: 'Turns an image into a vector. A dense layer does this automatically.',
      }),
    })
    .meta({ title: 'flatten', description: 'Turns an image into a vector.' }),
  z
    .strictObject({
      dropout: real({ min: 0, below: 1 }).meta({
        description:
          'Probability of setting a value to 0 during training. The other values are divided by 1 − dropout (Srivastava et al. 2014).',
        examples: [0.1, 0.5],
      }),
    })
    .meta({ title: 'dropout', description: 'Dropout: sets random values to 0 during training.' }),
] as const;

const innerLayerSchema = z.union([denseSchema, convolutionSchema, ...passing]);

const residualSchema = z
  .strictObject({
    residual: z
      .array(innerLayerSchema, { error: 'must be a list of layers, e.g. [{ "dense": 32 }, { "dense": 32 }]' })
      .min(1, { error: 'must have at least one layer' })
      .max(100, { error: 'must have at most 100 layers' })
      .meta({
        description:
          'A residual block (He et al. 2016): adds its input to the output of these layers. Both must have the same shape.',
        examples: [[{ dense: 32 }, { dense: 32 }]],
      }),
    activation: activationSchema.optional().meta({ description: 'Activation function of the sum. Default: linear.' }),
  })
  .meta({ title: 'residual', description: 'A residual block: layers with a skip connection.' });

/** A hidden layer. One property determines its kind. */
const layerSchema = z.union([denseSchema, convolutionSchema, ...passing, residualSchema]).meta({
  title: 'layer',
  description:
    'A hidden layer. One property determines its kind: dense, conv, maxPool, averagePool, flatten, dropout or residual.',
});

const outputSchema = z
  .strictObject({
    activation: activationSchema.optional().meta({ description: 'Activation of the output layer. Default: linear.' }),
    initialization: initializationSchema
      .optional()
      .meta({ description: 'Initialization of the output layer. Default: as in the network.' }),
    normalization: normalizationSchema(
      'Normalization of the output layer. Default: none. It does not inherit from the network.',
    ).optional(),
    bias: bias.optional(),
    weightStandardization: weightStandardization(
      'the output layer, which does not inherit this from the network, multiplies',
    ),
  })
  .meta({
    description: 'The output layer. Its size follows from the data. Default: linear, not normalized, with a bias.',
  });

export const networkSchema = z
  .strictObject({
    layers: z
      .array(layerSchema, { error: 'must be a list of hidden layers, e.g. [{ "dense": 32 }]' })
      .max(500, { error: 'must have at most 500 hidden layers' })
      .meta({
        description:
          'Hidden layers from input to output. Dense layers are named hidden1, hidden2, …; convolutions conv1, conv2, …; residual blocks residual1, … The sizes of input and output follow from the data. An empty list is a linear classifier.',
        examples: [
          [{ dense: 32 }, { dense: 32 }],
          [{ conv: 16 }, { maxPool: 2 }, { conv: 32 }, { maxPool: 2 }],
        ],
      }),
    activation: byDefault('relu', activationSchema, {
      description: 'Activation of the hidden layers.',
      examples: ['relu', 'sigmoid', { kind: 'leaky-relu', slope: 0.1 }],
    }),
    initialization: initializationSchema.optional(),
    normalization: normalizationSchema('Normalization of the hidden layers. Default: none.').optional(),
    weightStandardization: weightStandardization('the hidden layers multiply'),
    output: outputSchema.optional(),
  })
  .meta({ description: 'The network: a sequence of layers. Arms can patch it.' });

export type NetworkFile = z.output<typeof networkSchema>;
export type LayerFile = z.output<typeof layerSchema>;
export type DenseFile = z.output<typeof denseSchema>;
export type ConvolutionFile = z.output<typeof convolutionSchema>;
export type ActivationFile = z.output<typeof activationSchema>;
export type InitializationFile = z.output<typeof initializationSchema>;
