// @ts-check
/**
 * The experiments of the six claims on Fashion-MNIST: presets with other data, and some also with a small convolutional net.
 * Pure, so that tests need no training.
 */

/**
 * @typedef {object} RealExperiment
 * @property {string} preset Preset id.
 * @property {string} id Unique.
 * @property {string} network `dense` or `convolutional`.
 * @property {number} train Number of training images.
 * @property {number} test Number of test images.
 * @property {object[]} [layers] Layers that replace those of the preset.
 * @property {number} [steps] Steps that replace those of the preset.
 * @property {object} [data] Further properties of `data`.
 */

/** Images of the experiments with more than a few hundred examples. */
const many = { train: 10_000, test: 2000 };
/** The test images of the convolutional nets are fewer, because each evaluation takes longer than a step. */
const forConvolutions = { train: 10_000, test: 1000, steps: 200 };
const small = [{ conv: 4 }, { maxPool: 2 }, { conv: 8 }, { maxPool: 2 }];
const withBias = small.map((layer) => ('conv' in layer ? { ...layer, bias: true } : layer));
/** Halves the image once. Pooling would change the scale of the activations, which the claim measures. */
const deep = [{ conv: 8, stride: 2 }, ...Array.from({ length: 7 }, () => ({ conv: 8 }))];

/** @param {string} preset @param {Partial<RealExperiment>} [changes] @returns {RealExperiment} */
const dense = (preset, changes = {}) => ({ preset, id: preset, network: 'dense', ...many, ...changes });
/** @param {string} preset @param {Partial<RealExperiment>} [changes] @returns {RealExperiment} */
const convolutional = (preset, changes = {}) => ({
  preset,
  id: `${preset}-conv`,
  network: 'convolutional',
  layers: small,
  ...forConvolutions,
  ...changes,
});

/** In the order of the claims. @type {RealExperiment[]} */
export const realExperiments = [
  dense('claim-1-activations-run-away'),
  convolutional('claim-1-activations-run-away', { layers: deep, steps: 120 }),
  dense('claim-2-naive-normalization'),
  convolutional('claim-2-naive-normalization', { layers: withBias }),
  dense('claim-3-scale-and-shift'),
  convolutional('claim-3-scale-and-shift', { steps: 400 }),
  dense('claim-3-relu'),
  dense('note-or-paper'),
  dense('paper-digits', { data: { binarize: 0.5 } }),
  dense('claim-4-after-the-relu'),
  dense('claim-4-convolution', { network: 'convolutional', test: 1000 }),
  dense('claim-5-it-regularizes', { train: 200 }),
  convolutional('claim-5-it-regularizes', { train: 200, steps: 300 }),
  dense('claim-5-ghost-batches', { train: 240 }),
  dense('claim-6-covariate-shift'),
  convolutional('claim-6-covariate-shift'),
  dense('claim-6-rate-and-gain'),
  dense('claim-6-gradient-drift'),
  convolutional('claim-6-gradient-drift'),
];

/**
 * The experiment of a preset on Fashion-MNIST.
 * @param {any} preset Content of its file.
 * @param {RealExperiment} real
 */
export function realExperiment(preset, { train, test, layers, steps, data, network }) {
  const claims = Array.isArray(preset.claim) ? preset.claim : [preset.claim];
  const watch =
    network === 'dense' ? preset.watch : { every: 10, histograms: false, predictions: false, ...preset.watch };
  return {
    ...preset,
    data: { kind: 'fashion-mnist', train, test, ...data },
    network: { ...preset.network, ...(layers && { layers }) },
    training: { ...preset.training, ...(steps && { steps }) },
    ...(watch && { watch }),
    claim: layers
      ? claims.map((/** @type {any} */ claim) => ({ ...claim, metric: ofConvolutions(claim.metric) }))
      : claims,
  };
}

/** Channels of dense layers become those of convolutions. @param {string} metric */
const ofConvolutions = (metric) => metric.replace(/^hidden/, 'conv');

/**
 * @typedef {object} Known A verdict on synthetic data.
 * @property {import('../../../src/experiment/claims/verdict').Verdict['outcome']} outcome
 * @property {string} numbers The difference and its interval.
 */

/**
 * Reads the verdicts of docs/findings.md, by preset and sentence.
 * @param {string} page
 * @returns {Map<string, Known>} Keys are `knownKey`.
 */
export function knownVerdicts(page) {
  const known = new Map();
  for (const part of page.split(/^### /m).slice(1)) {
    const preset = /\[([\w-]+)\.bnexp\.json\]\(\.\.\/examples\//.exec(part)?.[1];
    if (!preset) continue;
    for (const [, outcome, says, details] of part.matchAll(
      /^\*\*\S+ (supported|contradicted|undecided)(?:, exact)?: (.*)\*\*\n\n(.*)$/gm,
    )) {
      known.set(knownKey(preset, says), { outcome, numbers: differenceIn(details) });
    }
  }
  return known;
}

/** @param {string} preset @param {string} says As Markdown. */
export const knownKey = (preset, says) => `${preset}\n${says}`;

/** The difference and its interval in a line of details. @param {string} details */
export function differenceIn(details) {
  const found = /: ([+−-]?[\d.]+(?:e[+−-]?\d+)?)(?:, 95 % interval (\S+ to [^\s,]+)| in every pair)/.exec(details);
  if (!found) return '';
  return found[2] ? `${found[1]} (${found[2]})` : found[1];
}
