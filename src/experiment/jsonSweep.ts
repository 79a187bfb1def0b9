/** What the editor offers in a sweep: the axes that are taken most. Any other place of the experiment can be one too. */
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
  '/training/optimizer/learningRate': axis('Over the learning rate, whatever the optimizer.', positive, [0.01, 0.1, 1]),
  '/training/optimizer/weightDecay': axis('Over the weight decay.', share, [0, 1e-4, 1e-3]),
  '/training/batchSize': axis('Over the examples in a minibatch.', number, [8, 32, 128]),
  '/training/steps': axis('Over the number of updates.', number, [200, 1000, 5000]),
  '/network/initialization/gain': axis(
    'Over the gain of the initial weights, for initializations that have one.',
    positive,
    [0.5, 1, 1.5],
  ),
  '/network/normalization': axis('Over normalizations, as words or as objects.', {}, ['none', 'batch', 'layer']),
  '/network/activation': axis('Over activations.', {}, ['relu', 'tanh']),
  '/network/layers': axis('Over networks: each value is a list of hidden layers.', { type: 'array', minItems: 1 }, [
    [{ dense: 32 }],
    [{ dense: 32 }, { dense: 32 }, { dense: 32 }],
  ]),
  '/data/train': axis('Over the number of training examples, where data are generated.', number, [100, 1000]),
  '/data/noise': axis('Over the noise of the data, where these have some.', share, [0, 0.1, 0.2]),
};

/** @param sweep As zod has it. */
export function withAxes(sweep: JsonSchema): JsonSchema {
  return {
    ...sweep,
    properties: axes,
    additionalProperties: {
      type: 'array',
      minItems: 1,
      description: 'An axis: a JSON Pointer to a place in data, network or training, and the values it takes there.',
    },
    defaultSnippets: [
      {
        label: 'Learning rate × gain',
        body: { '/training/optimizer/learningRate': [0.01, 0.1, 1], '/network/initialization/gain': [0.5, 1, 1.5] },
      },
      { label: 'Learning rate', body: { '/training/optimizer/learningRate': [0.01, 0.1, 1] } },
    ],
  };
}
