// @ts-check
/**
 * The order of the findings: the note's six claims, what stands beside them, and the experiments that ask about each.
 */

/**
 * @typedef {object} Chapter
 * @property {string} title
 * @property {string} says What is claimed, and by whom. Markdown.
 * @property {string[]} presets By their ids.
 */

/** @type {Chapter[]} */
export const chapters = [
  {
    title: 'Claim 1: activations run away',
    says: 'The note: activations grow or shrink from layer to layer, without control.',
    presets: ['claim-1-activations-run-away', 'first'],
  },
  {
    title: 'Claim 2: naive normalization does nothing',
    says: 'The note: `(x - x.mean()) / x.std()` literally does nothing, because SGD undoes it in the next minibatch, again and again.',
    presets: ['claim-2-naive-normalization'],
  },
  {
    title: 'Claim 3: normalize, and learn a scale and a shift',
    says: 'The note: normalizing and then learning a scale and a shift solves it.',
    presets: ['claim-3-scale-and-shift', 'claim-3-relu', 'note-or-paper', 'paper-digits', 'paper-mnist'],
  },
  {
    title: 'Claim 4: after the ReLU it works a bit better',
    says: 'The note: ReLU then BatchNorm works a bit better than BatchNorm then ReLU, which cuts off the normalized values below 0.',
    presets: ['claim-4-after-the-relu', 'claim-4-convolution'],
  },
  {
    title: 'Claim 5: it also regularizes',
    says: 'The note: every minibatch has another mean and deviation, and that noise regularizes, as any noise does.',
    presets: ['claim-5-it-regularizes', 'claim-5-ghost-batches', 'batch-size-two'],
  },
  {
    title: 'Claim 6: internal covariate shift',
    says: 'The note, after Ioffe & Szegedy 2015: the distribution of each layer’s inputs changes as the layers before it learn; that slows training, forces small learning rates and careful initialization.',
    presets: [
      'claim-6-covariate-shift',
      'claim-6-rate-and-gain',
      'claim-6-gradient-drift',
      'noise-after-batchnorm',
      'landscape',
    ],
  },
  {
    title: 'Beside the note',
    says: 'What others have found: that gradients explode at the beginning (Yang et al. 2019), that weight decay acts as a learning rate (van Laarhoven 2017), and that a comparison at one shared rate answers another question than one at each arm’s own largest rate (Watt et al., Machine Learning Refined).',
    presets: ['gradients-explode', 'scale-invariance', 'watt-plane', 'watt-digits'],
  },
];

/**
 * @param {readonly { id: string, text: string }[]} presets All that come with the lab.
 * @throws {Error} When a preset with a claim stands in no chapter, or a chapter names one that is not there.
 */
export function checkChapters(presets) {
  const named = chapters.flatMap((chapter) => chapter.presets);
  const known = new Set(presets.map(({ id }) => id));
  const unknown = named.filter((id) => !known.has(id));
  const left = presets.filter(({ id, text }) => /"claim"\s*:/.test(text) && !named.includes(id)).map(({ id }) => id);
  if (unknown.length > 0) throw new Error(`The findings name presets that are not there: ${unknown.join(', ')}.`);
  if (left.length > 0) throw new Error(`These presets claim something, and stand in no chapter: ${left.join(', ')}.`);
  if (new Set(named).size < named.length) throw new Error('A preset stands in two chapters.');
}
