/** Whether what arrived is one of the host's messages. The page trusts no shape that it has not looked at. */
import type { ToPanel } from '../src/protocol';
import { isChartChoice } from './choices';

type Fields = Record<string, unknown>;

const states = ['idle', 'running', 'paused', 'finished', 'stopped'];
const statuses = ['waiting', 'running', 'completed', 'diverged', 'cancelled', 'failed'];

const isFields = (value: unknown): value is Fields => typeof value === 'object' && value !== null;
const isText = (value: unknown) => typeof value === 'string';
const isNumber = (value: unknown) => typeof value === 'number';
const isNumberOrNull = (value: unknown) => value === null || isNumber(value);
const isListOf = (test: (item: unknown) => boolean) => (value: unknown) => Array.isArray(value) && value.every(test);
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
const isPlaces = isListOf(has({ layer: isText, tap: isText, name: isText }));
const isVerdicts = isListOf(
  has({
    claim: has({ says: isText, metric: isText, take: isText, better: isText, than: isText, by: isNumber }),
    outcome: isOneOf(['supported', 'contradicted', 'undecided']),
    difference: isNumberOrNull,
    interval: (value) => value === null || isListOf(isNumber)(value),
    p: isNumberOrNull,
    pairs: isNumber,
    differences: isListOf(has({ difference: isNumber })),
    reason: isText,
  }),
);
const isChannels = isListOf(has({ layer: isText, tap: isText, quantity: isText, name: isText }));
const runState = {
  id: isText,
  arm: isText,
  seed: isNumber,
  status: isOneOf(statuses),
  step: isNumber,
  steps: isNumber,
  stepsPerSecond: isNumber,
  divergedAt: (value: unknown) => value === null || has({ step: isNumber, layer: isText, tap: isText })(value),
  error: (value: unknown) => value === null || isText(value),
};

const shapes: Record<ToPanel['type'], Record<string, (value: unknown) => boolean>> = {
  hydrate: {
    session: isText,
    name: isText,
    notes: isText,
    file: isText,
    state: isOneOf(states),
    arms: isListOf(isText),
    seeds: isListOf(isNumber),
    secondsLeft: isNumberOrNull,
    verdicts: isVerdicts,
    charts: (value) => value === undefined || isListOf(isChartChoice)(value),
    binEdges: (value) => value instanceof Float64Array && value.length > 1,
    runs: isListOf(
      has({ ...runState, channels: isChannels, frames: isFrames, places: isPlaces, histograms: isHistograms }),
    ),
  },
  channels: { session: isText, run: isText, channels: isChannels, places: isPlaces },
  frames: { session: isText, run: isText, frames: isFrames, histograms: isHistograms },
  status: {
    session: isText,
    state: isOneOf(states),
    secondsLeft: isNumberOrNull,
    runs: isListOf(has(runState)),
    verdicts: (value) => value === undefined || isVerdicts(value),
  },
};

/** The message, or a sentence on what is wrong with it. */
export function readMessage(data: unknown): ToPanel | string {
  if (!isFields(data) || typeof data.type !== 'string') return 'something that is no message was ignored';
  const type = data.type.slice(0, 40);
  if (!Object.hasOwn(shapes, type)) return `a message of the unknown kind "${type}" was ignored`;
  for (const [name, test] of Object.entries(shapes[type as ToPanel['type']])) {
    if (!test(data[name])) return `a message "${type}" was ignored: its ${name} is not as agreed`;
  }
  return data as unknown as ToPanel;
}
