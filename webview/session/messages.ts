/** Checks whether a received value is one of the host's messages. The page does not use any value whose shape it has not checked. */
import * as l10n from '@vscode/l10n';
import type { ShownExamples, ToPanel } from '../../src/protocol';
import { isChartChoice } from '../view/choices';

type Fields = Record<string, unknown>;

const states = ['idle', 'running', 'paused', 'finished', 'stopped', 'following'];
const statuses = ['waiting', 'running', 'completed', 'diverged', 'cancelled', 'failed'];

const isFields = (value: unknown): value is Fields => typeof value === 'object' && value !== null;
const isText = (value: unknown) => typeof value === 'string';
const isTruth = (value: unknown) => typeof value === 'boolean';
const isNumber = (value: unknown) => typeof value === 'number';
const isTextOrNull = (value: unknown) => value === null || isText(value);
const isNumberOrNull = (value: unknown) => value === null || isNumber(value);
const isListOf = (test: (item: unknown) => boolean) => (value: unknown) => Array.isArray(value) && value.every(test);
const isOptional = (test: (value: unknown) => boolean) => (value: unknown) => value === undefined || test(value);
const isOneOf = (options: string[]) => (value: unknown) => isText(value) && options.includes(value as string);
const has = (checks: Record<string, (value: unknown) => boolean>) => (value: unknown) =>
  isFields(value) && Object.entries(checks).every(([name, test]) => test(value[name]));

const isFrames = has({
  steps: (value) => value instanceof Uint32Array,
  values: (value) => value instanceof Float32Array,
});
const isHistograms = has({
  steps: (value) => value instanceof Uint32Array,
  shares: (value) => value instanceof Uint16Array,
});
const isPredictions = has({
  steps: (value) => value instanceof Uint32Array,
  surfaces: (value) => value instanceof Uint8Array,
  examples: (value) => value instanceof Uint8Array,
  confusions: (value) => value instanceof Uint32Array,
});
const isCount = (value: unknown) => Number.isInteger(value) && (value as number) >= 0;
const isShownExamples = (value: unknown) =>
  has({
    features: (features) => features instanceof Float32Array,
    width: isCount,
    labels: (labels) => labels instanceof Uint16Array,
    levels: (levels) => levels instanceof Uint8Array,
  })(value) &&
  (value as ShownExamples).features.length === (value as ShownExamples).labels.length * (value as ShownExamples).width;
const isScene = (value: unknown) =>
  value === null ||
  has({
    task: isOneOf(['classification', 'regression']),
    classNames: isListOf(isText),
    featureNames: isListOf(isText),
    image: (image) => image === null || has({ width: isCount, height: isCount, channels: isCount })(image),
    plane: (plane) =>
      plane === null ||
      has({ columns: isCount, rows: isCount, left: isNumber, right: isNumber, bottom: isNumber, top: isNumber })(plane),
    points: isShownExamples,
    examples: isShownExamples,
    confusion: isCount,
    range: (range) => range === null || (isListOf(isNumber)(range) && (range as number[]).length === 2),
  })(value);
const isPlaces = isListOf(has({ layer: isText, tap: isText, name: isText }));
const isOutcome = isOneOf(['supported', 'contradicted', 'undecided']);
const isVerdicts = isListOf(
  has({
    claim: has({ says: isText, metric: isText, take: isText, better: isText, than: isText, by: isNumber }),
    compared: isText,
    outcome: isOutcome,
    difference: isNumberOrNull,
    interval: (value) => value === null || isListOf(isNumber)(value),
    p: isNumberOrNull,
    pairs: isNumber,
    differences: isListOf(has({ difference: isNumber })),
    reason: isText,
    way: isText,
    change: isListOf(isText),
    points: isListOf(
      has({ point: isFields, outcome: isText, difference: isNumberOrNull, p: isNumberOrNull, pairs: isNumber }),
    ),
  }),
);
const isEstimate = (value: unknown) =>
  value === null ||
  value === undefined ||
  has({
    mean: isNumber,
    number: isNumber,
    interval: (interval) => interval === null || (isListOf(isNumber)(interval) && (interval as number[]).length === 2),
  })(value);
const isMetric = isOneOf(['testAccuracy', 'testLoss', 'trainAccuracy', 'trainLoss']);
const isComparison = has({
  metrics: isListOf(isMetric),
  rows: isListOf(
    has({
      label: isText,
      seeds: isNumber,
      unpaired: isTextOrNull,
      results: (results) =>
        isFields(results) && Object.values(results).every(has({ value: isEstimate, difference: isEstimate })),
    }),
  ),
  settings: isListOf(has({ setting: isText, values: (values) => Array.isArray(values) })),
  remarks: isListOf(isText),
});
const isTextOrAbsent = (value: unknown) => value === undefined || isText(value);
const isPace = (value: unknown) => value === undefined || isNumber(value);
const isLogs = (value: unknown) => value === undefined || has({ reading: isNumberOrNull })(value);
const isTotals = (value: unknown) =>
  value === undefined || has({ runs: isNumber, byStatus: isFields, share: isNumber })(value);
const isChannels = isListOf(has({ layer: isText, tap: isText, quantity: isText, name: isText }));
const runState = {
  id: isText,
  arm: isText,
  seed: isNumber,
  point: isFields,
  status: isOneOf(statuses),
  step: isNumber,
  steps: isNumber,
  stepsPerSecond: isNumber,
  divergedAt: (value: unknown) => value === null || has({ step: isNumber, layer: isText, tap: isText })(value),
  error: isTextOrNull,
  unforkable: isTextOrAbsent,
  wallTimes: (value: unknown) => value === undefined || has({ first: isNumber, latest: isNumber })(value),
  settings: (value: unknown) =>
    value === null ||
    has({
      learningRate: isNumber,
      momentum: isNumberOrNull,
      weightDecay: isNumber,
      batchSize: isNumber,
      scheduled: isTruth,
      statistics: isTruth,
    })(value),
  changes: isListOf(has({ at: isNumber, byHand: isTruth })),
  fork: (value: unknown) => value === null || has({ run: isText, step: isNumber })(value),
};

const shapes: Record<ToPanel['type'], Record<string, (value: unknown) => boolean>> = {
  hydrate: {
    session: isText,
    name: isText,
    notes: isText,
    file: isText,
    again: isTextOrNull,
    resume: isTextOrAbsent,
    state: isOneOf(states),
    unforkable: isTextOrNull,
    arms: isListOf(isText),
    seeds: isListOf(isNumber),
    axes: isListOf(has({ pointer: isText, name: isText, values: (value) => Array.isArray(value) && value.length > 0 })),
    claims: (value) => value === undefined || isListOf(has({ says: isText, better: isText, than: isText }))(value),
    conditions: isListOf(has({ what: isText, words: isText })),
    remarks: isListOf(isText),
    totals: isTotals,
    secondsLeft: isNumberOrNull,
    pace: isPace,
    logs: isLogs,
    verdicts: isVerdicts,
    expectation: (value) => value === undefined || isOutcome(value),
    charts: (value) => value === undefined || isListOf(isChartChoice)(value),
    comparison: isOptional(isComparison),
    binEdges: (value) => value instanceof Float64Array && value.length > 1,
    runs: isListOf(
      has({
        ...runState,
        channels: isChannels,
        frames: isFrames,
        places: isPlaces,
        histograms: isHistograms,
        scene: isScene,
        predictions: isPredictions,
      }),
    ),
  },
  channels: { session: isText, run: isText, channels: isChannels, places: isPlaces, scene: isScene },
  frames: { session: isText, run: isText, frames: isFrames, histograms: isHistograms, predictions: isPredictions },
  status: {
    session: isText,
    state: isOneOf(states),
    secondsLeft: isNumberOrNull,
    pace: isPace,
    resume: isTextOrAbsent,
    runs: isListOf(has(runState)),
    totals: isTotals,
    logs: isLogs,
    remarks: (value) => value === undefined || isListOf(isText)(value),
    verdicts: (value) => value === undefined || isVerdicts(value),
  },
  tags: {
    session: isText,
    run: isText,
    generation: isNumber,
    tags: isListOf(has({ tag: isCount, name: isText, kind: (value) => value === undefined || value === 'media' })),
  },
  media: {
    session: isText,
    run: isText,
    tag: isCount,
    strings: isOptional(isListOf(has({ step: isNumber, text: isText, isCut: isTruth }))),
    images: isOptional(isListOf(has({ step: isNumber, encoded: (value) => value instanceof Uint8Array }))),
  },
  values: {
    session: isText,
    run: isText,
    tag: isCount,
    from: isCount,
    steps: (value) => value instanceof Float64Array,
    values: (value) => value instanceof Float64Array,
    times: (value) => value instanceof Float64Array,
  },
  added: { session: isText, run: has(runState) },
  unreadable: { session: isText, run: isText },
  refused: { session: isText, what: isOneOf(['change', 'fork']), message: isText },
  window: {
    queue: isListOf(has({ id: isText, name: isText })),
    question: (value) =>
      value === null || has({ id: isText, text: isText, choices: isListOf(has({ id: isText, label: isText })) })(value),
    reading: (value) => value === null || has({ name: isText, share: isNumber })(value),
  },
};

/** Returns the message, or a sentence that names its problem. */
export function readMessage(data: unknown): ToPanel | string {
  if (!isFields(data) || typeof data.type !== 'string') return l10n.t('a value that is not a message was ignored');
  const type = data.type.slice(0, 40);
  if (!Object.hasOwn(shapes, type)) return l10n.t`a message of the unknown kind "${type}" was ignored`;
  for (const [name, test] of Object.entries(shapes[type as ToPanel['type']])) {
    if (!test(data[name])) return l10n.t`a message "${type}" was ignored: its ${name} is invalid`;
  }
  return data as unknown as ToPanel;
}
