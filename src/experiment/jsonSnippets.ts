// biome-ignore-all lint/suspicious/noTemplateCurlyInString: the placeholders of snippets are written so
/** Snippets for completion. `$1`, `$2` … are placeholders. */

interface Snippet {
  label: string;
  description?: string;
  body: unknown;
}

/** `^` before a placeholder inserts a plain value instead of a string. */
const spiral = { kind: 'spiral', classes: '^${1:3}', train: '^${2:1000}', test: '^${3:500}' };
const threeSpirals = { kind: 'spiral', classes: 3, train: 1000, test: 500 };
/** For a base of any normalization. */
const noneAndBatch = {
  without: { network: { normalization: 'none' } },
  BatchNorm: { network: { normalization: 'batch' } },
};
const withAndWithout = {
  without: { network: { normalization: { kind: 'none' } } },
  BatchNorm: {},
};

export const rootSnippets: Snippet[] = [
  {
    label: 'New experiment: with and without BatchNorm',
    description: 'A complete experiment as a starting point',
    body: {
      name: '${1:With and without BatchNorm}',
      data: threeSpirals,
      network: {
        layers: [{ dense: 32 }, { dense: 32 }, { dense: 32 }],
        activation: 'relu',
        normalization: { kind: 'batch' },
      },
      training: {
        optimizer: { kind: 'sgd', learningRate: 0.1 },
        batchSize: 60,
        steps: 1000,
        seeds: [1, 2, 3],
      },
      arms: withAndWithout,
    },
  },
  {
    label: 'New experiment: a claim, tested with 20 seeds',
    description: 'Two arms, a claim about them, and the seeds that a verdict needs',
    body: {
      name: '${1:BatchNorm trains faster}',
      data: threeSpirals,
      network: { layers: [{ dense: 32 }, { dense: 32 }, { dense: 32 }], activation: 'sigmoid' },
      training: { optimizer: { kind: 'sgd', learningRate: 0.1 }, batchSize: 60, steps: 1000, seeds: '1-20' },
      arms: noneAndBatch,
      claim: {
        says: '${1:BatchNorm trains faster}',
        metric: 'testAccuracy',
        take: 'average',
        better: 'BatchNorm',
        than: 'without',
        by: 0.01,
      },
    },
  },
  {
    label: 'New experiment: a sweep over learning rates',
    description: 'Two arms at every learning rate',
    body: {
      name: '${1:Learning rates with and without BatchNorm}',
      data: threeSpirals,
      network: { layers: [{ dense: 32 }, { dense: 32 }, { dense: 32 }], activation: 'relu' },
      training: { optimizer: { kind: 'sgd', learningRate: 0.1 }, batchSize: 60, steps: 500, seeds: [1, 2, 3] },
      arms: noneAndBatch,
      sweep: { '/training/optimizer/learningRate': [0.01, 0.1, 1] },
    },
  },
];

export const snippets = {
  data: [
    { label: 'spiral', description: 'Generated: interleaved spiral arms', body: spiral },
    {
      label: 'digits',
      description: 'Generated: 28×28 greyscale digits',
      body: { kind: 'digits', train: '^${1:2000}', test: '^${2:500}' },
    },
    {
      label: 'csv',
      description: 'A table beside the experiment',
      body: { kind: 'csv', path: '${1:data.csv}', target: '${2:label}' },
    },
    {
      label: 'idx (MNIST)',
      description: "MNIST's four files in a folder beside the experiment",
      body: { kind: 'idx', folder: '${1:mnist}' },
    },
    {
      label: 'fashion-mnist',
      description: 'Fashion-MNIST, as a package of the system or beside the experiment',
      body: { kind: 'fashion-mnist', train: '^${1:10000}', test: '^${2:2000}' },
    },
    {
      label: 'cifar-10',
      description: "CIFAR-10's binary batches in a folder beside the experiment",
      body: { kind: 'cifar-10', folder: '${1:cifar-10-batches-bin}', train: '^${2:10000}', test: '^${3:2000}' },
    },
    {
      label: 'png',
      description: 'PNG images, a folder for each class',
      body: { kind: 'png', folder: '${1:shapes}' },
    },
  ] satisfies Snippet[],
  layers: [
    {
      label: 'Three hidden layers',
      body: [{ dense: '^${1:32}' }, { dense: '^${1:32}' }, { dense: '^${1:32}' }],
    },
    {
      label: 'Two convolutions, for images',
      body: [{ conv: '^${1:16}' }, { maxPool: 2 }, { conv: '^${2:32}' }, { maxPool: 2 }],
    },
    {
      label: 'A residual block',
      body: [{ dense: '^${1:32}' }, { residual: [{ dense: '^${1:32}' }, { dense: '^${1:32}' }] }],
    },
  ] satisfies Snippet[],
  arms: [{ label: 'With and without BatchNorm', body: withAndWithout }] satisfies Snippet[],
  patch: [
    { label: 'No normalization', body: { network: { normalization: { kind: 'none' } } } },
    { label: 'BatchNorm', body: { network: { normalization: { kind: 'batch' } } } },
    {
      label: 'BatchNorm after the activation',
      body: { network: { normalization: { kind: 'batch', placement: 'after-activation' } } },
    },
    { label: 'A different learning rate', body: { training: { optimizer: { learningRate: '^${1:1}' } } } },
  ] satisfies Snippet[],
  claim: [
    {
      label: 'One arm is better than another',
      body: {
        says: '${1:BatchNorm reaches a higher test accuracy}',
        metric: '${2:testAccuracy}',
        better: '${3:BatchNorm}',
        than: '${4:without}',
        by: '^${5:0.005}',
      },
    },
    {
      label: 'One arm generalizes better: a difference of two results',
      body: {
        says: '${1:BatchNorm generalizes better}',
        metric: 'trainAccuracy',
        minus: 'testAccuracy',
        direction: 'less',
        better: '${2:BatchNorm}',
        than: '${3:without}',
        by: '^${4:0.01}',
      },
    },
    {
      label: 'Something grows less with depth: a slope over the layers',
      body: {
        says: '${1:Gradients grow less with depth}',
        metric: '${2:hidden*/linearGradient/norm}',
        direction: '${3:less}',
        better: '${4:BatchNorm}',
        than: '${5:without}',
        by: '^${6:0.01}',
      },
    },
  ] satisfies Snippet[],
};
