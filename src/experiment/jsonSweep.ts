/** Completion of sweeps: the most common axes. Any other property of data, network or training can be an axis too. */
import * as l10n from '@vscode/l10n';
import type { JsonSchema } from './jsonNode';

function axis(description: string, items: JsonSchema, values: unknown[]): JsonSchema {
  return {
    type: 'array',
    minItems: 1,
    description,
    items,
    examples: [values],
    defaultSnippets: [{ label: JSON.stringify(values), body: values }],
  };
}

const positive: JsonSchema = { type: 'number', exclusiveMinimum: 0 };
const share: JsonSchema = { type: 'number', minimum: 0 };
const number: JsonSchema = { type: 'integer', minimum: 1 };

const axes: Record<string, JsonSchema> = {
  '/training/optimizer/learningRate': axis(l10n.t('Learning rate of any optimizer.'), positive, [0.01, 0.1, 1]),
  '/training/optimizer/weightDecay': axis(l10n.t('Weight decay.'), share, [0, 1e-4, 1e-3]),
  '/training/batchSize': axis(l10n.t('Number of examples in a minibatch.'), number, [8, 32, 128]),
  '/training/steps': axis(l10n.t('Number of updates.'), number, [200, 1000, 5000]),
  '/network/initialization/gain': axis(
    l10n.t('Gain of the initial weights, for initializations with a gain.'),
    positive,
    [0.5, 1, 1.5],
  ),
  '/network/normalization': axis(l10n.t('Normalizations, as words or as objects.'), {}, ['none', 'batch', 'layer']),
  '/network/activation': axis(l10n.t('Activation functions.'), {}, ['relu', 'tanh']),
  '/network/layers': axis(l10n.t('Networks: each value is a list of hidden layers.'), { type: 'array', minItems: 1 }, [
    [{ dense: 32 }],
    [{ dense: 32 }, { dense: 32 }, { dense: 32 }],
  ]),
  '/data/train': axis(l10n.t('Number of training examples, for generated data.'), number, [100, 1000]),
  '/data/noise': axis(l10n.t('Noise of the data, for kinds with noise.'), share, [0, 0.1, 0.2]),
};

/** The axes that the schema offers. */
export const axisPointers: readonly string[] = Object.keys(axes);

/** @param sweep Schema from zod. */
export function withAxes(sweep: JsonSchema): JsonSchema {
  return {
    ...sweep,
    properties: axes,
    additionalProperties: {
      type: 'array',
      minItems: 1,
      description: l10n.t('An axis: a JSON Pointer to a property of data, network or training, and its values.'),
    },
    defaultSnippets: [
      {
        label: l10n.t('Learning rate × gain'),
        body: { '/training/optimizer/learningRate': [0.01, 0.1, 1], '/network/initialization/gain': [0.5, 1, 1.5] },
      },
      { label: l10n.t('Learning rate'), body: { '/training/optimizer/learningRate': [0.01, 0.1, 1] } },
    ],
  };
}
