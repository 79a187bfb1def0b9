/** Claims about several channels: differences, ratios, numbers over the layers, and messages about missing channels. */
import assert from 'node:assert/strict';
import { channelsLike } from '../../../src/experiment/claims/places';
import { type EndedRun, metricInWords, readingOf } from '../../../src/experiment/claims/runValue';
import { verdicts } from '../../../src/experiment/claims/verdict';
import type { Claim } from '../../../src/experiment/schema';
import { checkReading, claim, onlyError, planOf } from './support';

const e = Math.E;
const courses: Record<string, number[]> = {
  'network/train/accuracy': [0.5, 0.8, 1],
  'network/test/accuracy': [0.5, Number.NaN, 0.7],
  'hidden1/activated/std': [1, 1, 2],
  'hidden2/activated/std': [e, 1, 1],
  'hidden3/activated/std': [e * e, 1, 0],
  'hidden1/activated/mean': [1, 1, 1],
  'conv1/activated/std': [3, 3, 3],
  'output/activated/std': [5, 6, 7],
};
const run: EndedRun = {
  arm: 'A',
  seed: 1,
  point: {},
  status: 'completed',
  final: { trainLoss: 0.1, testLoss: 0.3, trainAccuracy: 0.95, testAccuracy: 0.75 },
  steps: 20,
  channels: Object.keys(courses),
  series: (channel) => (courses[channel] ? { steps: [0, 10, 20], values: courses[channel] } : null),
};

describe('the number of a claim about several channels', () => {
  const gap = { metric: 'trainAccuracy', minus: 'testAccuracy' };
  const ratio = { metric: 'hidden2/activated/std', over: 'hidden1/activated/std' };
  const layers = { metric: 'hidden*/activated/std' };
  const cases: [name: string, more: Partial<Claim>, expected: number | string][] = [
    ['the gap at the end is that of the results', gap, 0.95 - 0.75],
    ['its best is of the frames that have both', { ...gap, take: 'best', direction: 'less' }, 0],
    ['its average leaves out what was not measured', { ...gap, take: 'average' }, 0.15],
    ['a difference of channels', { metric: 'output/activated/std', minus: 'conv1/activated/std' }, 4],
    [
      'a result less a channel is that of the frames',
      { metric: 'trainAccuracy', minus: 'network/test/accuracy' },
      1 - 0.7,
    ],
    ['a ratio at the end', ratio, 0.5],
    ['as it begins', { ...ratio, take: 'first' }, e],
    ['its growth', { ...ratio, take: 'growth' }, 0.5 / e],
    ['steps to a ratio that falls', { ...ratio, take: 'stepsTo', reach: 1 }, 10],
    ['steps to a difference that rises', { ...gap, take: 'stepsTo', reach: 0.25 }, 20],
    ['steps to what is never reached', { ...gap, take: 'stepsTo', reach: 0.5 }, 'never by 21'],
    // At step 20 a layer has the value 0, and no logarithm.
    ['a slope at the last frame that has one', layers, 0],
    ['the largest slope', { ...layers, take: 'best' }, 1],
    ['the mean of the layers', { ...layers, across: 'mean' }, 1],
    ['the least of the layers', { ...layers, across: 'least' }, 0],
    ['the largest of the layers', { ...layers, across: 'largest' }, 2],
    ['all layers', { metric: '*/activated/std', across: 'largest' }, 7],
    ['one number of layers over another', { ...layers, over: 'output/activated/std', across: 'largest' }, 2 / 7],
    ['a channel that is not there', { metric: 'hidden9/activated/std', over: 'hidden1/activated/std' }, 'not measured'],
    [
      'a ratio with a missing denominator',
      { metric: 'hidden1/activated/std', over: 'hidden9/activated/std' },
      'not measured',
    ],
    ['layers that are not there', { metric: 'pool*/activated/std' }, 'not measured'],
  ];
  for (const [name, more, expected] of cases) {
    it(name, () => {
      checkReading(readingOf(run, claim(more)), expected);
    });
  }

  it('uses layers in the order of the numbers in their names', () => {
    const names = (pattern: string, channels = run.channels) => channelsLike(pattern, channels);
    assert.deepEqual(
      names('hidden*/activated/std').map(({ name }) => name),
      ['hidden1/activated/std', 'hidden2/activated/std', 'hidden3/activated/std'],
    );
    // A slope over layers that are far apart is still per layer.
    assert.deepEqual(
      names('hidden*/activated/std', ['hidden1/activated/std', 'hidden20/activated/std']).map(({ depth }) => depth),
      [1, 20],
    );
    assert.deepEqual(
      names('*/activated/std').map(({ depth }) => depth),
      [1, 2, 3, 4, 5],
    );
    assert.deepEqual(
      names('h*2/activated/std').map(({ name }) => name),
      ['hidden2/activated/std'],
    );
    assert.deepEqual(names('*/train/accuracy'), [], 'the network is not a layer');
  });

  it('has a name in words', () => {
    assert.equal(metricInWords(claim(gap)), 'trainAccuracy − testAccuracy');
    assert.equal(
      metricInWords(claim({ ...ratio, take: 'best' })),
      'best hidden2/activated/std ÷ hidden1/activated/std',
    );
    assert.equal(metricInWords(claim(layers)), 'slope of ln hidden*/activated/std over depth');
    assert.equal(
      metricInWords(claim({ ...layers, across: 'mean', take: 'growth' })),
      'growth of mean hidden*/activated/std',
    );
  });

  it('produces a verdict in favour of the better arm', () => {
    const runs = ['A', 'B'].flatMap((arm) =>
      Array.from({ length: 20 }, (_, k): EndedRun => {
        const gapOf = (arm === 'A' ? 0.05 : 0.2) + 0.01 * (((k * 7) % 20) / 20);
        return { ...run, arm, seed: k + 1, final: { ...run.final!, trainAccuracy: 0.9, testAccuracy: 0.9 - gapOf } };
      }),
    );
    const [verdict] = verdicts([claim({ ...gap, direction: 'less', by: 0.1 })], runs);
    assert.equal(verdict.outcome, 'supported');
    assert.equal(verdict.compared, 'trainAccuracy − testAccuracy');
    assert.ok(verdict.difference !== null && Math.abs(verdict.difference + 0.15) < 1e-9);
    assert.equal(verdicts([claim({ ...gap, direction: 'more' })], runs)[0].outcome, 'contradicted');
  });
});

describe('a claim about existing channels', () => {
  const arms = { without: { network: { normalization: { kind: 'none' } } }, BatchNorm: {} };
  const network = { layers: [{ dense: 8 }, { dense: 8 }], normalization: { kind: 'batch' } };
  const of = (more: object, watch: object = {}, rest: object = {}) => ({
    network,
    arms,
    watch,
    ...rest,
    claim: { says: 'x', metric: 'testAccuracy', better: 'BatchNorm', than: 'without', ...more },
  });

  const good: object[] = [
    of({ metric: 'trainAccuracy', minus: 'testAccuracy', direction: 'less' }),
    of({ metric: 'trainAccuracy', minus: 'testAccuracy', within: 0.01 }),
    of({ metric: 'trainAccuracy', minus: 'testAccuracy', take: 'stepsTo', reach: 0.1 }),
    of({ metric: 'hidden2/activated/std', over: 'hidden1/activated/std', direction: 'more', take: 'growth' }),
    of({ metric: 'hidden*/activated/std', direction: 'more' }),
    of({ metric: '*/linearGradient/norm', across: 'largest', direction: 'less' }),
    of({ metric: 'hidden2/drift/mean' }, { probes: ['drift'] }),
    of({ metric: 'network/landscape/smoothness', take: 'average', direction: 'less' }, { probes: ['landscape'] }),
  ];
  for (const properties of good) {
    it(`is accepted: ${JSON.stringify((properties as { claim: object }).claim)}`, () => void planOf(properties));
  }

  const bad: [name: string, properties: object, at: string, message: RegExp][] = [
    [
      'a difference without a direction',
      of({ metric: 'trainAccuracy', minus: 'testAccuracy' }),
      '"trainAccuracy"',
      /the direction of "trainAccuracy − testAccuracy" is missing: add "direction": "less" or "more"/,
    ],
    [
      'a difference and a ratio',
      of({ minus: 'trainAccuracy', over: 'testLoss', direction: 'more' }),
      '"testLoss"',
      /cannot have both "minus" and "over"/,
    ],
    ['across one layer', of({ across: 'mean' }), '"mean"', /put a "\*" into its layer/],
    [
      'a misspelt second channel',
      of({ metric: 'trainAccuracy', minus: 'testAcuracy', direction: 'less' }),
      '"testAcuracy"',
      /no metric "testAcuracy" in the arm "BatchNorm": did you mean "testAccuracy"\?/,
    ],
    [
      'a tap that the layer does not have',
      of({ metric: 'hidden1/entropy/std' }),
      '"hidden1/entropy/std"',
      /hidden1 has linear, linearGradient, normalized, .*weights/,
    ],
    [
      'a quantity that the tap does not have',
      of({ metric: 'hidden1/weights/kurtosisOfAll' }),
      '"hidden1/weights/kurtosisOfAll"',
      /hidden1\/weights has norm, gradientNorm, updateNorm$/,
    ],
    [
      'a missing layer',
      of({ metric: 'encoder/self/attention' }),
      '"encoder/self/attention"',
      /there are the layers network, hidden1, hidden2, output/,
    ],
    [
      'missing layers',
      of({ metric: 'conv*/activated/std', direction: 'less' }),
      '"conv*/activated/std"',
      /no channel like "conv\*\/activated\/std" .* there are the layers network, hidden1/,
    ],
    [
      'a misspelt channel of many layers',
      of({ metric: 'hidden*/activted/std', direction: 'less' }),
      '"hidden*/activted/std"',
      /did you mean "hidden\*\/activated\/std"\?/,
    ],
    [
      'a star in another part',
      of({ metric: 'hidden1/*/std', direction: 'less' }),
      '"hidden1/*/std"',
      /can only replace the rest of a layer's name/,
    ],
    [
      'a slope over one layer',
      of({ metric: 'out*/activated/std', direction: 'less' }),
      '"out*/activated/std"',
      /matches only "output\/activated\/std", but a slope requires two layers/,
    ],
    [
      'a probe that is not enabled',
      of({ metric: 'hidden2/gradientDrift/cosine' }),
      '"hidden2/gradientDrift/cosine"',
      /is not watched in the arm "BatchNorm": add "probes": \["gradientDrift"\] to "watch"/,
    ],
    [
      'a measure that is not enabled',
      of({ metric: 'network/sharpness/ratio', direction: 'less' }),
      '"network/sharpness/ratio"',
      /is not watched in the arm "BatchNorm": add "probes": \["sharpness"\] to "watch"/,
    ],
    [
      'an equilibrium without weight decay',
      of({ metric: 'hidden2/equilibrium/ratio', direction: 'less' }, { probes: ['equilibrium'] }),
      '"hidden2/equilibrium/ratio"',
      /has no value in the arm "BatchNorm": without weight decay of the weights there is no equilibrium: set "weightDecay"/,
    ],
    [
      'an edge of stability of adam',
      of(
        { metric: 'network/sharpness/ratio', direction: 'less' },
        { probes: ['sharpness'] },
        { training: { optimizer: { kind: 'adam' } } },
      ),
      '"network/sharpness/ratio"',
      /has no value in the arm "BatchNorm": the edge of stability 2\/η is that of sgd, not of adam/,
    ],
    [
      'a noise scale of one minibatch',
      of(
        { metric: 'network/noiseScale/scale', direction: 'less' },
        { probes: ['noiseScale'] },
        { data: { kind: 'moons', train: 100 }, training: { batchSize: 60 } },
      ),
      '"network/noiseScale/scale"',
      /100 training examples are fewer than two minibatches of 60/,
    ],
    [
      'a probe of a layer that is not watched',
      of({ metric: 'hidden2/gradientDrift/cosine' }, { probes: ['gradientDrift'], layers: ['hidden1'] }),
      '"hidden2/gradientDrift/cosine"',
      /is not watched in the arm "BatchNorm": add it to "watch"/,
    ],
    [
      'a channel of only one arm',
      of({ metric: 'hidden*/takenBack/share', direction: 'less' }, { probes: ['takenBack'] }),
      '"hidden*/takenBack/share"',
      /no channel like .* in the arm "without"/,
    ],
  ];
  for (const [name, properties, at, message] of bad) {
    it(`is refused: ${name}`, () => {
      const found = onlyError(properties);
      assert.equal(found.at, at);
      assert.match(found.message, message);
    });
  }
});
