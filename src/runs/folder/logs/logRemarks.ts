/** Sentences about what could not be read of a folder of event files, and what was read in a way that a person should know. */

import * as l10n from '@vscode/l10n';
import { count } from '../../../shared/counts';
import { formatDuration } from '../../../shared/moments';
import { formatCount } from '../../../shared/numbers';
import { mostTags } from '../../log/foreign/budget';
import { notShownInWords } from '../../log/foreign/notShown';
import type { FollowedFile, FollowedRun, LogFolder } from './logFolder';

/** Damage of one file, as in `bnexp logs --json`. */
export function damageOf(file: FollowedFile): { offset: number; problem: string }[] {
  return file.damage.map(({ offset, problem }) => ({ offset, problem }));
}

/** Remarks on damage: values are missing. */
export function damageRemarks(folder: LogFolder): string[] {
  return [...folder.problems, ...folder.files.flatMap((file) => fileRemarks(file, folder.nameOf(file)))];
}

function fileRemarks(file: FollowedFile, name: string): string[] {
  const { problem, damage, follower } = file;
  const remarks = damage.map(({ offset, problem }) => l10n.t`${name}: byte ${formatCount(offset)}: ${problem}.`);
  const more = follower.damageCount - damage.length;
  if (more > 0) remarks.push(l10n.t`${name}: ${count(more, 'further place')} with damage.`);
  if (damage.length > 0)
    remarks.push(
      follower.records === 1
        ? l10n.t`${name}: 1 whole record of it is read.`
        : l10n.t`${name}: ${count(follower.records, 'whole record')} of it are read.`,
    );
  if (problem !== null) {
    const still = follower.records > 0 ? ` ${l10n.t('What was read of it before is still shown.')}` : '';
    remarks.push(`${name} ${problem}.${still}`);
  }
  return remarks;
}

/** Remarks on values that are there, but are not shown, or replaced others. */
export function readingRemarks(folder: LogFolder): string[] {
  const { runs } = folder;
  const remarks = runs.flatMap((run) => runRemarks(run));
  const left = { tooManyTags: 0, tooLongTags: 0, media: 0 };
  for (const { contents } of runs) {
    left.tooManyTags += contents.leftOut.tooManyTags;
    left.tooLongTags += contents.leftOut.tooLongTags;
    left.media += contents.leftOut.media;
  }
  if (left.tooManyTags > 0) {
    remarks.push(
      left.tooManyTags === 1
        ? l10n.t`The logs have more than ${formatCount(mostTags)} tags: 1 value of further tags is not read. Open one run of the folder to see its tags.`
        : l10n.t`The logs have more than ${formatCount(mostTags)} tags: ${count(left.tooManyTags, 'value')} of further tags are not read. Open one run of the folder to see its tags.`,
    );
  }
  if (left.tooLongTags > 0) {
    remarks.push(
      left.tooLongTags === 1
        ? l10n.t`1 value with a tag of more than ${formatCount(1024)} bytes is not read.`
        : l10n.t`${count(left.tooLongTags, 'value')} with a tag of more than ${formatCount(1024)} bytes are not read.`,
    );
  }
  if (left.media > 0)
    remarks.push(
      l10n.t`${formatCount(left.media)} strings and images are not read, because the others fill the memory that they may use.`,
    );
  return remarks;
}

function runRemarks({ arm, seed, contents, tags }: FollowedRun): string[] {
  const name = seed === null ? arm : l10n.t`${arm}, seed ${seed}`;
  const of = (property: 'restarts' | 'outdated') => tags.filter((tag) => tag[property] > 0);
  const remarks: string[] = [];
  const restarted = of('restarts');
  if (restarted.length > 0) {
    remarks.push(
      l10n.t`${name}: the steps of ${tagsInWords(restarted)} go back. Values of later steps that were logged earlier are not shown.`,
    );
  }
  const outdated = of('outdated');
  if (outdated.length > 0) {
    remarks.push(
      l10n.t`${name}: two files with ${tagsInWords(outdated)} grow at the same time. Only the newer one is shown from where it starts: give each process a folder of its own.`,
    );
  }
  const { back, ahead } = contents.clock;
  if (back)
    remarks.push(
      l10n.t`${name}: the clock goes back by ${formatDuration(back.seconds)} at step ${formatCount(back.step)}. On axes of time it stands still until it has passed its latest time.`,
    );
  if (ahead)
    remarks.push(
      l10n.t`${name}: nothing was logged for ${formatDuration(ahead.seconds)} before step ${formatCount(ahead.step)}, or the clock was set.`,
    );
  const changed = tags.filter(({ kinds }) => kinds.length > 1);
  if (changed.length > 0)
    remarks.push(
      changed.length === 1
        ? l10n.t`${name}: the tag ${changed[0].name} has values of different kinds. Each kind is shown separately.`
        : l10n.t`${name}: ${tagsInWords(changed)} have values of different kinds. Each kind is shown separately.`,
    );
  const passed = [...contents.passedOver].map(([kind, number]) => `${formatCount(number)} × ${notShownInWords(kind)}`);
  if (passed.length > 0) remarks.push(l10n.t`${name}: not shown: ${passed.join(', ')}.`);
  return remarks;
}

function tagsInWords(tags: readonly { name: string }[]): string {
  const [first] = tags;
  return tags.length === 1
    ? l10n.t`the tag ${first.name}`
    : l10n.t`${formatCount(tags.length)} tags, e.g. ${first.name},`;
}
