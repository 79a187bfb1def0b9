/**
 * Every combination of the normalization table compared with PyTorch's autograd in float64: the values and gradients at every
 * tap, the gradients of all parameters, the loss, the running statistics after three batches, and an evaluation with
 * these. Each combination is tested with one of 24 surroundings (activation, loss, bias) in full; `cross.test.ts` covers
 * all 24.
 */
import { describeOnAll, slack } from '../implementations';
import { assertClose, columnMagnitude } from '../support/compare';
import { fixture } from '../support/fixtures';
import { type ByLayer, type Choice, type Outcome, runCase, type Shared, type Tabled } from './normalizedNetwork';

interface Fixture {
  shared: Shared;
  cases: (Choice & Outcome)[];
}

/** Float32 rounds at 6e-8; there are some tens of roundings between the inputs and the last gradient. */
const tolerance = 2e-6;

const { shared, cases } = fixture<Fixture>('normalization.json');

/** Each test contains the cases of one group, which differ in scale, shift and epsilon alone. */
function groupOf(n: Tabled): string {
  return n.kind === 'none' ? 'none' : `${n.placement}, ${n.statistics}, ${n.variance}, ${n.gradient}`;
}

function kindsOf(n: Tabled): Tabled[] {
  return n.kind === 'none'
    ? [n]
    : [
        { ...n, kind: 'naive' },
        { ...n, kind: 'batch' },
      ];
}

describeOnAll('normalization compared with PyTorch', (kernels) => {
  for (const group of new Set(cases.map(({ normalization }) => groupOf(normalization)))) {
    it(group, () => {
      for (const expected of cases) {
        if (groupOf(expected.normalization) !== group) continue;
        for (const normalization of kindsOf(expected.normalization)) {
          const { activation, lossKind, bias } = expected;
          const choice = { normalization, activation, lossKind, bias };
          check(runCase(kernels, shared, choice), expected, JSON.stringify(choice), slack(kernels) * tolerance);
        }
      }
    });
  }
});

function check(actual: Outcome, expected: Outcome, name: string, tolerance: number): void {
  const close = (category: string, a: ArrayLike<number>, e: ArrayLike<number>, what: string, scale?: number) =>
    assertClose(a, e, { category, what: `${what} of ${name}`, tolerance, scale });
  const closeByLayer = (category: string, a: ByLayer, e: ByLayer, scale?: (layer: string, place: string) => number) => {
    for (const [layer, places] of Object.entries(e)) {
      for (const place of Object.keys(places)) {
        close(category, a[layer][place], places[place], `${category}, ${layer}/${place}`, scale?.(layer, place));
      }
    }
  };
  close('loss', [actual.loss], [expected.loss], 'loss');
  closeByLayer('value at a tap', actual.values, expected.values);
  closeByLayer('gradient at a tap', actual.gradients, expected.gradients);
  closeByLayer('gradient of a parameter', actual.parameterGradients, expected.parameterGradients, (layer, place) => {
    // Before a normalization through statistics, the bias's gradient is a sum of numbers that cancel to zero.
    if (layer !== 'hidden1' || place !== 'bias') return 0;
    const columns = expected.parameterGradients.hidden1.bias.length;
    return columnMagnitude(expected.gradients.hidden1.linear, columns);
  });
  if (expected.running) {
    close('running statistics', actual.running!.mean, expected.running.mean, 'running mean');
    close('running statistics', actual.running!.variance, expected.running.variance, 'running variance');
  }
  close('evaluation', actual.evaluation, expected.evaluation, 'evaluation');
}
