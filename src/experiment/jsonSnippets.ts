// biome-ignore-all lint/suspicious/noTemplateCurlyInString: the placeholders of snippets are written so
/** Snippets for completion. `$1`, `$2` … are placeholders. */
import * as l10n from '@vscode/l10n';

interface Snippet {
  label: string;
  description?: string;
  body: unknown;
}

/** A placeholder with words that the author replaces. */
function field(place: number, text: string): string {
  return `\${${place}:${text}}`;
}

/** Name of an arm without normalization. */
export const withoutNormalization = l10n.t({ message: 'without', comment: 'Name of an arm without normalization' });

/** `^` before a placeholder inserts a plain value instead of a string. */
const spiral = { kind: 'spiral', classes: '^${1:3}', train: '^${2:1000}', test: '^${3:500}' };
const threeSpirals = { kind: 'spiral', classes: 3, train: 1000, test: 500 };
/** For a base of any normalization. */
const noneAndBatch = {
  [withoutNormalization]: { network: { normalization: 'none' } },
  BatchNorm: { network: { normalization: 'batch' } },
};
const withAndWithout = {
  [withoutNormalization]: { network: { normalization: { kind: 'none' } } },
  BatchNorm: {},
};

export const rootSnippets: Snippet[] = [
  {
    label: l10n.t('New experiment: with and without BatchNorm'),
    description: l10n.t('A complete experiment as a starting point'),
    body: {
      name: field(1, l10n.t('With and without BatchNorm')),
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
    label: l10n.t('New experiment: a claim, tested with 20 seeds'),
    description: l10n.t('Two arms, a claim about them, and the seeds that a verdict needs'),
    body: {
      name: field(1, l10n.t('BatchNorm trains faster')),
      data: threeSpirals,
      network: { layers: [{ dense: 32 }, { dense: 32 }, { dense: 32 }], activation: 'sigmoid' },
      training: { optimizer: { kind: 'sgd', learningRate: 0.1 }, batchSize: 60, steps: 1000, seeds: '1-20' },
      arms: noneAndBatch,
      claim: {
        says: field(1, l10n.t('BatchNorm trains faster')),
        metric: 'testAccuracy',
        take: 'average',
        better: 'BatchNorm',
        than: withoutNormalization,
        by: 0.01,
      },
    },
  },
  {
    label: l10n.t('New experiment: a sweep over learning rates'),
    description: l10n.t('Two arms at every learning rate'),
    body: {
      name: field(1, l10n.t('Learning rates with and without BatchNorm')),
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
    { label: 'spiral', description: l10n.t('Generated: interleaved spiral arms'), body: spiral },
    {
      label: 'digits',
      description: l10n.t('Generated: 28×28 greyscale digits'),
      body: { kind: 'digits', train: '^${1:2000}', test: '^${2:500}' },
    },
    {
      label: 'csv',
      description: l10n.t('A table beside the experiment'),
      body: { kind: 'csv', path: '${1:data.csv}', target: '${2:label}' },
    },
    {
      // not translated: names
      label: 'idx (MNIST)',
      description: l10n.t("MNIST's four files in a folder beside the experiment"),
      body: { kind: 'idx', folder: '${1:mnist}' },
    },
    {
      label: 'fashion-mnist',
      description: l10n.t('Fashion-MNIST, as a package of the system or beside the experiment'),
      body: { kind: 'fashion-mnist', train: '^${1:10000}', test: '^${2:2000}' },
    },
    {
      label: 'cifar-10',
      description: l10n.t("CIFAR-10's binary batches in a folder beside the experiment"),
      body: { kind: 'cifar-10', folder: '${1:cifar-10-batches-bin}', train: '^${2:10000}', test: '^${3:2000}' },
    },
    {
      label: 'png',
      description: l10n.t('PNG images, a folder for each class'),
      body: { kind: 'png', folder: '${1:shapes}' },
    },
  ] satisfies Snippet[],
  layers: [
    {
      label: l10n.t('Three hidden layers'),
      body: [{ dense: '^${1:32}' }, { dense: '^${1:32}' }, { dense: '^${1:32}' }],
    },
    {
      label: l10n.t('Two convolutions, for images'),
      body: [{ conv: '^${1:16}' }, { maxPool: 2 }, { conv: '^${2:32}' }, { maxPool: 2 }],
    },
    {
      label: l10n.t('A residual block'),
      body: [{ dense: '^${1:32}' }, { residual: [{ dense: '^${1:32}' }, { dense: '^${1:32}' }] }],
    },
  ] satisfies Snippet[],
  arms: [{ label: l10n.t('With and without BatchNorm'), body: withAndWithout }] satisfies Snippet[],
  patch: [
    { label: l10n.t('No normalization'), body: { network: { normalization: { kind: 'none' } } } },
    { label: 'BatchNorm', body: { network: { normalization: { kind: 'batch' } } } },
    {
      label: l10n.t('BatchNorm after the activation'),
      body: { network: { normalization: { kind: 'batch', placement: 'after-activation' } } },
    },
    { label: l10n.t('A different learning rate'), body: { training: { optimizer: { learningRate: '^${1:1}' } } } },
  ] satisfies Snippet[],
  claim: [
    {
      label: l10n.t('One arm is better than another'),
      body: {
        says: field(1, l10n.t('BatchNorm reaches a higher test accuracy')),
        metric: '${2:testAccuracy}',
        better: '${3:BatchNorm}',
        than: field(4, withoutNormalization),
        by: '^${5:0.005}',
      },
    },
    {
      label: l10n.t('One arm generalizes better: a difference of two results'),
      body: {
        says: field(1, l10n.t('BatchNorm generalizes better')),
        metric: 'trainAccuracy',
        minus: 'testAccuracy',
        direction: 'less',
        better: '${2:BatchNorm}',
        than: field(3, withoutNormalization),
        by: '^${4:0.01}',
      },
    },
    {
      label: l10n.t('Something grows less with depth: a slope over the layers'),
      body: {
        says: field(1, l10n.t('Gradients grow less with depth')),
        metric: '${2:hidden*/linearGradient/norm}',
        direction: '${3:less}',
        better: '${4:BatchNorm}',
        than: field(5, withoutNormalization),
        by: '^${6:0.01}',
      },
    },
  ] satisfies Snippet[],
};
