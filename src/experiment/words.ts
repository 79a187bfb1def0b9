/** Wording of messages: suggestions for misspelt words, formatted values, lists. */

import * as l10n from '@vscode/l10n';
import { distance } from 'fastest-levenshtein';
import { listWithOr } from '../shared/lists';
import { visible } from '../shared/text';
import { unexpected } from '../shared/unexpected';

export { count } from '../shared/counts';
export { bytesInWords } from '../shared/numbers';

/** Words of other tools and their equivalents in experiment files. */
const elsewhere: Record<string, string> = {
  annotations: 'notes',
  augmentation: 'augment',
  averagepooling: 'averagePool',
  averagepooling2d: 'averagePool',
  avgpool: 'averagePool',
  avgpool2d: 'averagePool',
  batch: 'batchSize',
  batchnorm: 'batch',
  batchnorm1d: 'batch',
  batchnorm2d: 'batch',
  batchnormalization: 'batch',
  batchrenormalization: 'batch-renorm',
  bn: 'batch',
  beta: 'shift',
  cifar: 'cifar-10',
  comment: 'notes',
  comments: 'notes',
  conv2d: 'conv',
  convolution: 'conv',
  convolution2d: 'conv',
  crop: 'shift',
  dataset: 'data',
  decay: 'weightDecay',
  description: 'notes',
  directory: 'folder',
  emnist: 'idx',
  epochs: 'steps',
  eps: 'epsilon',
  fashion: 'fashion-mnist',
  features: 'dimensions',
  filters: 'conv',
  fullyconnected: 'dense',
  gamma: 'scale',
  gaussian: 'normal',
  glorot: 'xavier',
  glorotnormal: 'xavier',
  glorotuniform: 'xavier',
  groupnorm: 'group',
  groupnormalization: 'group',
  henormal: 'he',
  heuniform: 'he',
  horizontalflip: 'flip',
  identity: 'linear',
  imagefolder: 'png',
  images: 'png',
  instancenorm: 'instance',
  instancenorm1d: 'instance',
  instancenorm2d: 'instance',
  kaiming: 'he',
  kaimingnormal: 'he',
  kaiminguniform: 'he',
  kernelsize: 'kernel',
  hidden: 'layers',
  init: 'initialization',
  iterations: 'steps',
  l2: 'weightDecay',
  layernorm: 'layer',
  layernormalization: 'layer',
  linear: 'dense',
  lr: 'learningRate',
  lrschedule: 'schedule',
  learningrateschedule: 'schedule',
  maxpool2d: 'maxPool',
  maxpooling: 'maxPool',
  maxpooling2d: 'maxPool',
  mnist: 'idx',
  model: 'network',
  neurons: 'dense',
  norm: 'normalization',
  normalize: 'standardize',
  num: 'dense',
  numgroups: 'groups',
  outchannels: 'conv',
  outfeatures: 'dense',
  rmsnorm: 'rms',
  rmsnormalization: 'rms',
  samples: 'train',
  sigma: 'std',
  size: 'dense',
  threshold: 'binarize',
  title: 'name',
  type: 'kind',
  units: 'dense',
  variants: 'arms',
  warmup: 'warmUp',
  weightnorm: 'weight',
  weightnormalization: 'weight',
  xaviernormal: 'xavier',
  xavieruniform: 'xavier',
};

/** Words of other tools that the lab has no equivalent for: they are no typing errors of the words that they resemble. */
const unsupported = new Set(
  // not translated: names of functions
  'celu elu hardswish mish selu silu softplus softsign swish adadelta adagrad adafactor adamax lamb lion nadam radam rmsprop'.split(
    ' ',
  ),
);

/** Only letters and digits, in lower case: `batch_size` and `batchSize` are the same word. */
function bare(word: string): string {
  return word.toLowerCase().replace(/[^\p{L}\p{N}]/gu, '');
}

/** Equivalent of a word from another tool. */
export function synonym(word: string): string | undefined {
  const sought = bare(word);
  return Object.hasOwn(elsewhere, sought) ? elsewhere[sought] : undefined;
}

/** Most similar candidate, if one is similar enough. */
export function closest(word: string, candidates: readonly string[]): string | undefined {
  return nearest(word, candidates)?.candidate;
}

/** Most similar candidate and the number of typing errors to it, if it is similar enough. */
export function nearest(
  word: string,
  candidates: readonly string[],
): { candidate: string; errors: number } | undefined {
  // The comparison takes time proportional to both lengths, and a word this long is not a typing error.
  if (word.length > 100) return undefined;
  const sought = bare(word);
  if (unsupported.has(sought)) return undefined;
  const other = synonym(word);
  if (other !== undefined && candidates.includes(other)) return { candidate: other, errors: 0 };
  let best: string | undefined;
  let least = (sought.length < 4 ? 1 : Math.max(2, Math.floor(sought.length / 3))) + 1;
  for (const candidate of candidates) {
    if (candidate.length > 200) continue;
    const target = bare(candidate);
    const far = target === sought ? 0 : distance(sought, target);
    if (far < least && far < target.length) {
      least = far;
      best = candidate;
    }
  }
  return best === undefined ? undefined : { candidate: best, errors: least };
}

/** `: did you mean "…"?`, a list of all candidates, or nothing. */
export function suggestion(word: string, candidates: readonly string[]): string {
  const meant = closest(word, candidates);
  if (meant !== undefined) return l10n.t`: did you mean ${quote(meant)}?`;
  if (candidates.length === 0 || candidates.length > 20) return '';
  return l10n.t`: use ${oneOf(candidates)}`;
}

/** `"a", "b" or "c"`. */
export function oneOf(words: readonly string[]): string {
  return listWithOr(words.map(quote));
}

/** In quotation marks, shortened if it is long. */
export function quote(word: string): string {
  return visible(JSON.stringify(word.length > 60 ? `${word.slice(0, 57)}…` : word));
}

/** Value of the file, formatted for messages. */
export function shown(value: unknown): string {
  if (typeof value === 'string') return quote(value);
  if (Array.isArray(value)) return value.length === 0 ? l10n.t('an empty list') : l10n.t('a list');
  if (typeof value === 'object' && value !== null) return Object.keys(value).length === 0 ? '{}' : l10n.t('an object');
  return String(value);
}

/** A path in words: `training.batchSize`, `network.layers[2]`. */
export function pathInWords(path: readonly (string | number)[]): string {
  let words = '';
  for (const part of path) {
    if (typeof part === 'number') words += `[${part}]`;
    else if (/^[\w$-]+$/.test(part)) words += words ? `.${part}` : part;
    else words += `[${quote(part)}]`;
  }
  return words;
}

/** `SIMD kernels in 256-bit registers`. */
export function kernelsInWords(kernels: 'simd-128' | 'simd-256' | 'reference'): string {
  switch (kernels) {
    case 'simd-128':
      return l10n.t('SIMD kernels in 128-bit registers');
    case 'simd-256':
      return l10n.t('SIMD kernels in 256-bit registers');
    case 'reference':
      return l10n.t('the reference kernels, as WebAssembly has no SIMD here');
    default:
      return unexpected(kernels);
  }
}
