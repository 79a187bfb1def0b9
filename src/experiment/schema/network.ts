/** Schema of `network`: layers, activation, initialization. */
import * as l10n from '@vscode/l10n';
import * as z from 'zod';
import type { ActivationKind } from '../../engine/specification';
import { normalizationOverrideSchema, normalizationSchema } from './normalization';
import { byDefault, choice, kind, path, real, whole, yesOrNo } from './parts';

const activationDescriptions: Record<ActivationKind, string> = {
  relu: '`max(0, x)`',
  'leaky-relu': l10n.t('`x` above 0, `slope · x` below'),
  sigmoid: l10n.t('`1 / (1 + exp(−x))`, between 0 and 1'),
  tanh: l10n.t('`tanh(x)`, between −1 and 1'),
  gelu: l10n.t('`x · Φ(x)`, where Φ is the cumulative distribution function of the standard normal distribution'),
  linear: l10n.t('`x`: no activation'),
};
const activationKind = choice(activationDescriptions);

export const activationObject = z.strictObject({
  kind: activationKind.meta({ description: l10n.t('The activation function.') }),
  slope: byDefault(0.01, real({ min: -10, max: 10 }), {
    description: l10n.t('Slope for negative inputs. Only `leaky-relu` uses it.'),
    examples: [0.01, 0.2],
  }),
});

const activationSchema = z.union([activationKind, activationObject]).meta({
  description: l10n.t('The activation function of a layer.'),
  examples: ['relu', 'sigmoid', { kind: 'leaky-relu', slope: 0.1 }],
});

function gain(formula: string) {
  return byDefault(1, real({ min: 0, max: 1000 }), {
    description: l10n.t('Factor on the standard deviation: `{0}`.', formula),
    examples: [0.5, 1, 1.5],
  });
}

const distribution = byDefault(
  'normal',
  choice({
    normal: l10n.t('Normal distribution.'),
    uniform: l10n.t('Uniform distribution with the same standard deviation.'),
  }),
  { description: l10n.t('Distribution of the weights.') },
);

function scaledInitialization<const T extends string>(name: T, formula: string, reference: string) {
  return z
    .strictObject({
      kind: kind(name, l10n.t('Standard deviation `{0}` ({1}).', formula, reference)),
      gain: gain(formula),
      distribution,
    })
    .meta({ title: name });
}

const normal = z
  .strictObject({
    kind: kind('normal', l10n.t('Normal distribution with the same standard deviation in every layer.')),
    mean: byDefault(0, real(), { description: l10n.t('Mean of the weights.') }),
    std: byDefault(0.01, real({ min: 0 }), {
      description: l10n.t('Standard deviation of the weights.'),
      examples: [0.01, 0.1],
    }),
  })
  .meta({ title: 'normal' });

const uniform = z
  .strictObject({
    kind: kind('uniform', l10n.t('Uniform distribution between `low` and `high`.')),
    low: byDefault(-0.05, real(), { description: l10n.t('Smallest weight.') }),
    high: byDefault(0.05, real(), { description: l10n.t('Largest weight, not below `low`.') }),
  })
  .meta({ title: 'uniform' });

const file = z
  .strictObject({
    kind: kind(
      'file',
      l10n.t(
        'Parameters and running statistics from a file, such as those at the end of another run. Nothing is drawn.',
      ),
    ),
    path: path(
      l10n.t('A safetensors file with the names, shapes and layouts of PyTorch, as in `weights.safetensors` of a run.'),
      'start.safetensors',
    ),
    sha256: z
      .string()
      .regex(/^[0-9a-f]{64}$/, { error: l10n.t('must be 64 hexadecimal digits, in lower case') })
      .optional()
      .meta({
        description: l10n.t(
          'SHA-256 of the file. If it is given, a file with different content is an error. Saved runs contain it.',
        ),
      }),
  })
  .meta({ title: 'file' });

export const initializationObject = z.discriminatedUnion('kind', [
  scaledInitialization('he', 'gain · √(2 / inputs)', l10n.t('He et al. 2015; for relu')),
  scaledInitialization(
    'xavier',
    'gain · √(2 / (inputs + outputs))',
    l10n.t('Glorot & Bengio 2010; for tanh and sigmoid; outputs are the units, or channels · kernel² of a convolution'),
  ),
  scaledInitialization('lecun', 'gain · √(1 / inputs)', l10n.t('LeCun et al. 1998')),
  z
    .strictObject({
      kind: kind('orthogonal', l10n.t('Orthonormal rows or columns, times `gain` (Saxe et al. 2014).')),
      gain: gain('gain · Q'),
    })
    .meta({ title: 'orthogonal' }),
  normal,
  uniform,
  z
    .strictObject({ kind: kind('zeros', l10n.t('All weights 0. The units of a layer then always stay equal.')) })
    .meta({ title: 'zeros' }),
  file,
]);

const range = uniform.parse({ kind: 'uniform' }).high;
const initializationName = choice({
  he: l10n.t('std `√(2 / inputs)`, for relu'),
  xavier: l10n.t('std `√(2 / (inputs + outputs))`, for tanh and sigmoid'),
  lecun: 'std `√(1 / inputs)`',
  orthogonal: l10n.t('orthonormal rows or columns'),
  normal: l10n.t`std ${normal.parse({ kind: 'normal' }).std} in every layer`,
  uniform: l10n.t`between −${range} and ${range} in every layer`,
  zeros: l10n.t('all 0'),
});

const initializationSchema = z.union([initializationName, initializationObject]).meta({
  description: l10n.t(
    'Distribution of the initial weights, or a file that contains them. Without a file, biases and shifts start at 0, scales at 1. Default: `he` for relu, leaky-relu and gelu, otherwise `xavier`.',
  ),
  examples: [
    'he',
    { kind: 'he', gain: 1.5 },
    { kind: 'normal', std: 0.1 },
    { kind: 'file', path: 'start.safetensors' },
  ],
});

const bias = yesOrNo().meta({
  description: l10n.t(
    'Learn a bias. Default: true, but false directly before a per-feature batch normalization with a learned shift, where a bias has no effect.',
  ),
});

function weightStandardization(ofLayer: string) {
  return yesOrNo()
    .optional()
    .meta({
      description: l10n.t`Weight standardization (Qiao et al. 2019): ${ofLayer} with (W − μ) / √(σ² + 1e-5), where μ and σ² are the mean and variance of the weights of each unit or channel. It excludes weight normalization.`,
      examples: [true],
    });
}

const learning = {
  activation: activationSchema
    .optional()
    .meta({ description: l10n.t("Activation of this layer. Default: the network's activation.") }),
  initialization: initializationSchema
    .optional()
    .meta({ description: l10n.t('Initialization of this layer. Default: as in the network.') }),
  normalization: normalizationOverrideSchema(
    l10n.t("Normalization of this layer. Its properties override those of the network's normalization."),
  ).optional(),
  bias: bias.optional(),
  weightStandardization: weightStandardization(l10n.t('this layer multiplies')),
};

const inherited = l10n.t('Properties that are not set are inherited from the network.');

const denseSchema = z
  .strictObject({
    dense: whole({ min: 1, max: 100_000 }).meta({
      description: l10n.t('A fully connected layer with this number of units.'),
      examples: [16, 64, 100],
    }),
    ...learning,
  })
  .meta({ title: 'dense', description: l10n.t`A fully connected layer. ${inherited}` });

const convolutionSchema = z
  .strictObject({
    conv: whole({ min: 1, max: 10_000 }).meta({
      description: l10n.t('A convolution over an image with this number of output channels.'),
      examples: [16, 32],
    }),
    kernel: byDefault(3, whole({ min: 1, max: 100 }), {
      description: l10n.t('Width and height of the window.'),
      examples: [3, 5],
    }),
    stride: byDefault(1, whole({ min: 1, max: 100 }), {
      description: l10n.t('Distance between windows in pixels.'),
      examples: [1, 2],
    }),
    padding: byDefault(
      'same',
      z.union([
        choice({ same: l10n.t('Keeps the size of the image at stride 1. The kernel must be odd.') }),
        whole({ min: 0, max: 100 }),
      ]),
      {
        description: l10n.t('Rows and columns of zeros on each side of the image, less than `kernel`.'),
        examples: ['same', 0, 1],
      },
    ),
    ...learning,
  })
  .meta({ title: 'conv', description: l10n.t`A convolution. ${inherited}` });

/** Size of a pooling window: a number of pixels, or the whole image. */
function poolSize(description: string) {
  return z
    .union([choice({ all: l10n.t('The whole image.') }), whole({ min: 1, max: 1000 })])
    .meta({ description, examples: [2, 'all'] });
}

const poolStride = whole({ min: 1, max: 1000 })
  .optional()
  .meta({ description: l10n.t('Distance between windows in pixels. Default: the size of the window.') });

const passing = [
  z
    .strictObject({
      maxPool: poolSize(l10n.t('Maximum of each channel over windows of this width and height.')),
      stride: poolStride,
    })
    .meta({ title: 'maxPool', description: l10n.t('Max pooling over an image.') }),
  z
    .strictObject({
      averagePool: poolSize(l10n.t('Mean of each channel over windows of this width and height.')),
      stride: poolStride,
    })
    .meta({ title: 'averagePool', description: l10n.t('Average pooling over an image.') }),
  z
    .strictObject({
      flatten: z.literal(true, { error: l10n.t('must be true') }).meta({
        description: l10n.t('Turns an image into a vector. A dense layer does this automatically.'),
      }),
    })
    .meta({ title: 'flatten', description: l10n.t('Turns an image into a vector.') }),
  z
    .strictObject({
      dropout: real({ min: 0, below: 1 }).meta({
        description: l10n.t(
          'Probability of setting a value to 0 during training. The other values are divided by 1 − dropout (Srivastava et al. 2014).',
        ),
        examples: [0.1, 0.5],
      }),
    })
    .meta({ title: 'dropout', description: l10n.t('Dropout: sets random values to 0 during training.') }),
] as const;

const innerLayerSchema = z.union([denseSchema, convolutionSchema, ...passing]);

const residualSchema = z
  .strictObject({
    residual: z
      .array(innerLayerSchema, { error: l10n.t('must be a list of layers, e.g. [{ "dense": 32 }, { "dense": 32 }]') })
      .min(1, { error: l10n.t('must have at least one layer') })
      .max(100, { error: l10n.t('must have at most 100 layers') })
      .meta({
        description: l10n.t(
          'A residual block (He et al. 2016): adds its input to the output of these layers. Both must have the same shape.',
        ),
        examples: [[{ dense: 32 }, { dense: 32 }]],
      }),
    activation: activationSchema
      .optional()
      .meta({ description: l10n.t('Activation function of the sum. Default: linear.') }),
  })
  .meta({ title: 'residual', description: l10n.t('A residual block: layers with a skip connection.') });

/** A hidden layer. One property determines its kind. */
const layerSchema = z.union([denseSchema, convolutionSchema, ...passing, residualSchema]).meta({
  title: 'layer',
  description: l10n.t(
    'A hidden layer. One property determines its kind: dense, conv, maxPool, averagePool, flatten, dropout or residual.',
  ),
});

const outputSchema = z
  .strictObject({
    activation: activationSchema
      .optional()
      .meta({ description: l10n.t('Activation of the output layer. Default: linear.') }),
    initialization: initializationSchema
      .optional()
      .meta({ description: l10n.t('Initialization of the output layer. Default: as in the network.') }),
    normalization: normalizationSchema(
      l10n.t('Normalization of the output layer. Default: none. It does not inherit from the network.'),
    ).optional(),
    bias: bias.optional(),
    weightStandardization: weightStandardization(
      l10n.t('the output layer, which does not inherit this from the network, multiplies'),
    ),
  })
  .meta({
    description: l10n.t(
      'The output layer. Its size follows from the data. Default: linear, not normalized, with a bias.',
    ),
  });

export const networkSchema = z
  .strictObject({
    layers: z
      .array(layerSchema, { error: l10n.t('must be a list of hidden layers, e.g. [{ "dense": 32 }]') })
      .max(500, { error: l10n.t('must have at most 500 hidden layers') })
      .meta({
        description: l10n.t(
          'Hidden layers from input to output. Dense layers are named hidden1, hidden2, …; convolutions conv1, conv2, …; residual blocks residual1, … The sizes of input and output follow from the data. An empty list is a linear classifier.',
        ),
        examples: [
          [{ dense: 32 }, { dense: 32 }],
          [{ conv: 16 }, { maxPool: 2 }, { conv: 32 }, { maxPool: 2 }],
        ],
      }),
    activation: byDefault('relu', activationSchema, {
      description: l10n.t('Activation of the hidden layers.'),
      examples: ['relu', 'sigmoid', { kind: 'leaky-relu', slope: 0.1 }],
    }),
    initialization: initializationSchema.optional(),
    normalization: normalizationSchema(l10n.t('Normalization of the hidden layers. Default: none.')).optional(),
    weightStandardization: weightStandardization(l10n.t('the hidden layers multiply')),
    output: outputSchema.optional(),
  })
  .meta({ description: l10n.t('The network: a sequence of layers. Arms can patch it.') });

export type NetworkFile = z.output<typeof networkSchema>;
export type LayerFile = z.output<typeof layerSchema>;
export type DenseFile = z.output<typeof denseSchema>;
export type ConvolutionFile = z.output<typeof convolutionSchema>;
export type ActivationFile = z.output<typeof activationSchema>;
export type InitializationFile = z.output<typeof initializationSchema>;
