// @ts-check
/**
 * Chapters of docs/findings.md: the six claims of the note, further claims from papers, and the presets that test each.
 */

/**
 * @typedef {object} Chapter
 * @property {string} title
 * @property {string} says The claim and its source, as Markdown.
 * @property {string[]} presets Preset ids.
 */

/** @type {Chapter[]} */
export const chapters = [
  {
    title: 'Claim 1: activations grow or shrink with depth',
    says: 'The note: without normalization, activations grow or shrink from layer to layer, without control.',
    presets: ['claim-1-activations-run-away', 'first'],
  },
  {
    title: 'Claim 2: naive normalization does nothing',
    says: 'The note: `(x - x.mean()) / x.std()` alone does nothing, because SGD undoes it in the next minibatch, again and again.',
    presets: ['claim-2-naive-normalization'],
  },
  {
    title: 'Claim 3: normalize, and learn a scale and a shift',
    says: 'The note: normalizing and then learning a scale and a shift solves it.',
    presets: ['claim-3-scale-and-shift', 'claim-3-relu', 'note-or-paper', 'paper-digits', 'paper-mnist'],
  },
  {
    title: 'Claim 4: BatchNorm works a bit better after the ReLU',
    says: 'The note: ReLU then BatchNorm works a bit better than BatchNorm then ReLU, which truncates the normalized values at 0.',
    presets: ['claim-4-after-the-relu', 'claim-4-convolution'],
  },
  {
    title: 'Claim 5: BatchNorm also regularizes',
    says: 'The note: every minibatch has a different mean and standard deviation, and that noise regularizes, as any noise does.',
    presets: ['claim-5-it-regularizes', 'claim-5-ghost-batches', 'batch-size-two'],
  },
  {
    title: 'Claim 6: internal covariate shift',
    says: 'The note, after Ioffe & Szegedy 2015: the distribution of each layer’s inputs changes as the layers before it learn. That slows training, and forces small learning rates and careful initialization.',
    presets: [
      'claim-6-covariate-shift',
      'claim-6-rate-and-gain',
      'claim-6-gradient-drift',
      'noise-after-batchnorm',
      'landscape',
    ],
  },
  {
    title: 'Claims beyond the note',
    says: 'Results of other authors: gradients explode at initialization (Yang et al. 2019); initialization and BatchNorm decide what a net of tanh layers can learn from (Karpathy, Building makemore); weight decay acts as a learning rate (van Laarhoven 2017); and a comparison at one shared rate answers a different question than a comparison at each arm’s own largest rate (Watt et al., Machine Learning Refined).',
    presets: ['gradients-explode', 'karpathy-diagnostics', 'scale-invariance', 'watt-plane', 'watt-digits'],
  },
  {
    title: 'Rank, statistics, curvature and decay',
    says: 'Results of other authors about what BatchNorm does: the rank of activations (Daneshmand et al. 2020), training and evaluation with small minibatches (Wu & Johnson 2021) and with dropout (Li et al. 2019), the edge of stability (Cohen et al. 2021), and the equilibrium of weight decay (van Laarhoven 2017; Kosson et al. 2024).',
    presets: ['rank-collapse', 'batch-four-gap', 'dropout-variance-shift', 'edge-of-stability', 'decay-equilibrium'],
  },
];

/**
 * @param {readonly { id: string, text: string }[]} presets All presets.
 * @throws {Error} If a preset with a claim is in no chapter or in two, or if a chapter names an unknown preset.
 */
export function checkChapters(presets) {
  const named = chapters.flatMap((chapter) => chapter.presets);
  const known = new Set(presets.map(({ id }) => id));
  const unknown = named.filter((id) => !known.has(id));
  const left = presets.filter(({ id, text }) => /"claim"\s*:/.test(text) && !named.includes(id)).map(({ id }) => id);
  if (unknown.length > 0)
    throw new Error(
      `The findings name unknown presets: ${unknown.join(', ')}. Correct them in scripts/lib/findings/chapters.mjs.`,
    );
  if (left.length > 0)
    throw new Error(
      `These presets have a claim but are in no chapter: ${left.join(', ')}. Add them to scripts/lib/findings/chapters.mjs.`,
    );
  if (new Set(named).size < named.length)
    throw new Error('A preset is in two chapters of scripts/lib/findings/chapters.mjs.');
}
