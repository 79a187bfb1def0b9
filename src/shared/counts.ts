/**
 * Counts in words: `1 run`, `2,000 runs`. Each noun has its forms here, because languages form plurals, and agree adjectives with them,
 * in different ways.
 */
import * as l10n from '@vscode/l10n';
import { formatCount } from './numbers';

/** Forms for one and for other numbers: of nouns, and of what became of runs and claims. */
const nouns = {
  arm: [l10n.t('{0} arm'), l10n.t('{0} arms')],
  byte: [l10n.t('{0} byte'), l10n.t('{0} bytes')],
  channel: [l10n.t('{0} channel'), l10n.t('{0} channels')],
  character: [l10n.t('{0} character'), l10n.t('{0} characters')],
  cancelled: [
    l10n.t({ message: '{0} cancelled', comment: 'One run' }),
    l10n.t({ message: '{0} cancelled', comment: 'Runs' }),
  ],
  claim: [l10n.t('{0} claim'), l10n.t('{0} claims')],
  class: [l10n.t('{0} class'), l10n.t('{0} classes')],
  combination: [l10n.t('{0} combination'), l10n.t('{0} combinations')],
  completed: [
    l10n.t({ message: '{0} completed', comment: 'One run' }),
    l10n.t({ message: '{0} completed', comment: 'Runs' }),
  ],
  contradicted: [
    l10n.t({ message: '{0} contradicted', comment: 'One claim' }),
    l10n.t({ message: '{0} contradicted', comment: 'Claims' }),
  ],
  correction: [l10n.t('{0} correction'), l10n.t('{0} corrections')],
  day: [l10n.t('{0} day'), l10n.t('{0} days')],
  diverged: [
    l10n.t({ message: '{0} diverged', comment: 'One run' }),
    l10n.t({ message: '{0} diverged', comment: 'Runs' }),
  ],
  error: [l10n.t('{0} error'), l10n.t('{0} errors')],
  experiment: [l10n.t('{0} experiment'), l10n.t('{0} experiments')],
  failed: [l10n.t({ message: '{0} failed', comment: 'One run' }), l10n.t({ message: '{0} failed', comment: 'Runs' })],
  feature: [l10n.t('{0} feature'), l10n.t('{0} features')],
  field: [l10n.t('{0} field'), l10n.t('{0} fields')],
  file: [l10n.t('{0} file'), l10n.t('{0} files')],
  finding: [l10n.t('{0} finding'), l10n.t('{0} findings')],
  fork: [l10n.t('{0} fork'), l10n.t('{0} forks')],
  frame: [l10n.t('{0} frame'), l10n.t('{0} frames')],
  hour: [l10n.t('{0} hour'), l10n.t('{0} hours')],
  image: [l10n.t('{0} image'), l10n.t('{0} images')],
  input: [l10n.t('{0} input'), l10n.t('{0} inputs')],
  item: [l10n.t('{0} item'), l10n.t('{0} items')],
  label: [l10n.t('{0} label'), l10n.t('{0} labels')],
  layer: [l10n.t('{0} layer'), l10n.t('{0} layers')],
  line: [l10n.t('{0} line'), l10n.t('{0} lines')],
  log: [l10n.t('{0} log'), l10n.t('{0} logs')],
  minute: [l10n.t('{0} minute'), l10n.t('{0} minutes')],
  normalization: [l10n.t('{0} normalization'), l10n.t('{0} normalizations')],
  number: [l10n.t('{0} number'), l10n.t('{0} numbers')],
  pair: [l10n.t('{0} pair'), l10n.t('{0} pairs')],
  parameter: [l10n.t('{0} parameter'), l10n.t('{0} parameters')],
  part: [l10n.t('{0} part'), l10n.t('{0} parts')],
  pixel: [l10n.t('{0} pixel'), l10n.t('{0} pixels')],
  point: [l10n.t('{0} point'), l10n.t('{0} points')],
  position: [l10n.t('{0} position'), l10n.t('{0} positions')],
  row: [l10n.t('{0} row'), l10n.t('{0} rows')],
  run: [l10n.t('{0} run'), l10n.t('{0} runs')],
  running: [
    l10n.t({ message: '{0} running', comment: 'One run' }),
    l10n.t({ message: '{0} running', comment: 'Runs' }),
  ],
  second: [l10n.t('{0} second'), l10n.t('{0} seconds')],
  seed: [l10n.t('{0} seed'), l10n.t('{0} seeds')],
  step: [l10n.t('{0} step'), l10n.t('{0} steps')],
  supported: [
    l10n.t({ message: '{0} supported', comment: 'One claim' }),
    l10n.t({ message: '{0} supported', comment: 'Claims' }),
  ],
  tag: [l10n.t('{0} tag'), l10n.t('{0} tags')],
  undecided: [
    l10n.t({ message: '{0} undecided', comment: 'One claim' }),
    l10n.t({ message: '{0} undecided', comment: 'Claims' }),
  ],
  unfinished: [
    l10n.t({ message: '{0} unfinished', comment: 'One run' }),
    l10n.t({ message: '{0} unfinished', comment: 'Runs' }),
  ],
  unit: [l10n.t('{0} unit'), l10n.t('{0} units')],
  value: [l10n.t('{0} value'), l10n.t('{0} values')],
  waiting: [
    l10n.t({ message: '{0} waiting', comment: 'One run' }),
    l10n.t({ message: '{0} waiting', comment: 'Runs' }),
  ],
  warning: [l10n.t('{0} warning'), l10n.t('{0} warnings')],
  word: [l10n.t('{0} word'), l10n.t('{0} words')],
  year: [l10n.t('{0} year'), l10n.t('{0} years')],
  'done step': [l10n.t('{0} step done'), l10n.t('{0} steps done')],
  'failed run': [l10n.t('{0} run failed'), l10n.t('{0} runs failed')],
  'finished run': [l10n.t('{0} finished run'), l10n.t('{0} finished runs')],
  'further pair': [l10n.t('{0} further pair'), l10n.t('{0} further pairs')],
  'further place': [l10n.t('{0} further place'), l10n.t('{0} further places')],
  'hidden layer': [l10n.t('{0} hidden layer'), l10n.t('{0} hidden layers')],
  'informative pair': [l10n.t('{0} informative pair'), l10n.t('{0} informative pairs')],
  'log packed': [l10n.t('{0} log packed'), l10n.t('{0} logs packed')],
  'more claim': [l10n.t('{0} more claim'), l10n.t('{0} more claims')],
  'more column': [l10n.t('{0} more column'), l10n.t('{0} more columns')],
  'more damaged run': [l10n.t('{0} more damaged run'), l10n.t('{0} more damaged runs')],
  'more line': [l10n.t('{0} more line'), l10n.t('{0} more lines')],
  'more problem': [l10n.t('{0} more problem'), l10n.t('{0} more problems')],
  'more run': [l10n.t('{0} more run'), l10n.t('{0} more runs')],
  'more table': [l10n.t('{0} more table'), l10n.t('{0} more tables')],
  'more tensor': [l10n.t('{0} more tensor'), l10n.t('{0} more tensors')],
  'normalization folded': [l10n.t('{0} normalization folded'), l10n.t('{0} normalizations folded')],
  'other folder': [l10n.t('{0} other folder'), l10n.t('{0} other folders')],
  'saved run': [l10n.t('{0} saved run'), l10n.t('{0} saved runs')],
  'test example': [l10n.t('{0} test example'), l10n.t('{0} test examples')],
  'training example': [l10n.t('{0} training example'), l10n.t('{0} training examples')],
  'whole frame': [l10n.t('{0} whole frame'), l10n.t('{0} whole frames')],
  'whole record': [l10n.t('{0} whole record'), l10n.t('{0} whole records')],
} satisfies Record<string, [one: string, other: string]>;

export type Noun = keyof typeof nouns;

/** Formats a count: `1 run`, `2,000 runs`. */
export function count(n: number, noun: Noun): string {
  const [one, other] = nouns[noun];
  return (n === 1 ? one : other).replace('{0}', formatCount(n));
}
