/** Describes entries of lists in words. Everything is plain text, and may contain anything that a file contains. */
import * as l10n from '@vscode/l10n';
import type { Outcome } from '../../experiment/claims/tested';
import { count } from '../../shared/counts';
import { bytesInWords } from '../../shared/numbers';
import { outcomeInWords } from '../../shared/outcomeWords';
import { durationInWords, type RunStatus } from '../../shared/progress';
import type { ArmEntry, EntryState, ExperimentEntry, RunEntry } from './entry';

/** In the order in which they are counted. */
const outcomes: Outcome[] = ['supported', 'contradicted', 'undecided'];

/** States of run folders in words. */
export const stateNames: Record<EntryState, string> = {
  unread: l10n.t('reading…'),
  unreadable: l10n.t({ message: 'unreadable', comment: 'A run folder' }),
  training: l10n.t({ message: 'training', comment: 'State of runs' }),
  unfinished: l10n.t({ message: 'unfinished', comment: 'State of runs' }),
  failed: l10n.t({ message: 'failed', comment: 'State of runs' }),
  cancelled: l10n.t({ message: 'cancelled', comment: 'State of runs' }),
  diverged: l10n.t({ message: 'diverged', comment: 'State of runs' }),
  completed: l10n.t({ message: 'completed', comment: 'State of runs' }),
};

const separator = ' · ';

/** `supported`, or `2 supported, 1 undecided`; empty without a verdict. */
export function verdictsInWords(verdicts: readonly Outcome[] | null): string {
  if (!verdicts || verdicts.length === 0) return '';
  if (verdicts.length === 1) return outcomeInWords({ outcome: verdicts[0], exact: false });
  return outcomes
    .map((outcome) => ({ outcome, number: verdicts.filter((each) => each === outcome).length }))
    .filter(({ number }) => number > 0)
    .map(({ outcome, number }) => count(number, outcome))
    .join(', ');
}

/** `2 arms × 3 seeds`. */
function sizeInWords({ armCount, seeds }: Pick<RunEntry, 'armCount' | 'seeds'>): string {
  return `${count(armCount, 'arm')} × ${count(seeds, 'seed')}`;
}

/** State of a run folder; empty if all its runs have completed. */
function stateInWords({ state, ended, planned, outcome }: RunEntry): string {
  switch (state) {
    case 'unread':
      return stateNames.unread;
    case 'unreadable':
      return stateNames.unreadable;
    case 'training':
      return l10n.t`training, ${ended} of ${count(planned, 'run')}`;
    case 'unfinished':
      return l10n.t`unfinished, ${ended} of ${count(planned, 'run')}`;
    case 'completed':
      return '';
    default:
      return outcome[state] === ended ? stateNames[state] : l10n.t`${outcome[state] ?? 0} of ${count(ended, state)}`;
  }
}

/** One line beside the name of a run folder. */
export function runDescription(entry: RunEntry): string {
  const { state, verdicts, seconds, bytes } = entry;
  if (state === 'unread' || state === 'unreadable') return stateInWords(entry);
  return [
    stateInWords(entry),
    verdictsInWords(verdicts),
    sizeInWords(entry),
    seconds === null ? '' : durationInWords(seconds),
    bytesInWords(bytes),
  ]
    .filter((part) => part !== '')
    .join(separator);
}

/** All that is known about a run folder, in lines. @param started Its time in words; empty if it is unknown. */
export function runDetails(entry: RunEntry, started: string): string[] {
  const { label, name, folder, state, problem, arms, armCount, seeds, seconds, bytes, verdicts, outcome } = entry;
  const title = label === null ? [name] : [label, name];
  if (state === 'unread' || state === 'unreadable') return [...title, problem ?? folder];
  const named = arms.join(', ');
  const listed = armCount > arms.length ? l10n.t`${named}, and ${armCount - arms.length} more` : named;
  const verdict = verdictsInWords(verdicts);
  return [
    ...title,
    ...(started === '' ? [] : [l10n.t`Started ${started}`]),
    `${count(armCount, 'arm')}: ${listed}`,
    `${count(seeds, 'seed')}: ${statusesInWords(outcome)}`,
    ...(verdict === '' ? [] : [l10n.t`Verdict: ${verdict}`]),
    ...(seconds === null ? [] : [l10n.t`Training time of all runs: ${durationInWords(seconds)}`]),
    l10n.t`On disk: ${bytesInWords(bytes)}`,
    folder,
  ];
}

/** `5 completed, 1 unfinished`. */
export function statusesInWords(outcome: Partial<Record<RunStatus, number>>): string {
  return Object.entries(outcome)
    .map(([status, number]) => count(number, status === 'waiting' ? 'unfinished' : (status as RunStatus)))
    .join(', ');
}

export function armDescription({ outcome, ids }: ArmEntry): string {
  return outcome.completed === ids.length ? count(ids.length, 'run') : statusesInWords(outcome);
}

/** One line beside the name of an experiment's file. */
export function experimentDescription({ arms, points, seeds, errors, problem, latest }: ExperimentEntry): string {
  if (problem !== null) return problem;
  const size = [count(arms, 'arm'), ...(points > 1 ? [count(points, 'point')] : []), count(seeds, 'seed')].join(' × ');
  const verdict = latest ? verdictsInWords(latest.verdicts) : '';
  return [
    errors > 0 ? count(errors, 'error') : '',
    latest ? [stateInWords(latest), verdict].filter((part) => part !== '').join(', ') : '',
    errors > 0 ? '' : size,
  ]
    .filter((part) => part !== '')
    .join(separator);
}

/** Name of a codicon for a state. */
export function iconOf(state: EntryState): string {
  switch (state) {
    case 'unread':
      return 'ellipsis';
    case 'unreadable':
    case 'failed':
      return 'error';
    case 'training':
      return 'sync~spin';
    case 'unfinished':
    case 'cancelled':
      return 'circle-slash';
    case 'diverged':
      return 'warning';
    case 'completed':
      return 'pass';
  }
}
