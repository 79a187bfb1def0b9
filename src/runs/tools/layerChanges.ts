/**
 * How the layers of one run changed between its first and its last recorded step, in numbers: the scale and the mean of the
 * activations, the learned scale and shift, and the norms of weights and gradients.
 */
import * as l10n from '@vscode/l10n';
import { markdownTable, markdownText } from '../../experiment/report/markdown';
import type { StoredFrames } from '../../protocol';
import { formatCount, formatValue, noValue } from '../../shared/numbers';

/** A watched number at the first and the last step at which it is finite. */
interface Change {
  name: string;
  first: number;
  last: number;
  lastStep: number;
}

/** Quantities of a layer that the table shows. */
const columns = [
  { title: l10n.t('std of activations'), quantity: 'activated/std' },
  { title: l10n.t('mean of activations'), quantity: 'activated/mean' },
  { title: l10n.t('norm of their gradient'), quantity: 'activatedGradient/norm' },
  { title: l10n.t('norm of weights'), quantity: 'weights/norm' },
  { title: l10n.t('scale (γ), mean'), quantity: 'scale/mean' },
  { title: l10n.t('shift (β), mean'), quantity: 'shift/mean' },
] as const;

/** Numbers of one layer whose size is compared as a ratio; all of them are at least 0. */
const sizes = /^(activated|linear|scale|shift|batchMean|runningMean)\/std$|\/norm$/;
const mostMoved = 5;

type Watched = Pick<StoredFrames, 'channels' | 'frames'>;

/** Markdown: paragraphs and a table. One sentence if nothing was recorded. */
export function layerChanges({ channels, frames }: Watched): string[] {
  const { steps } = frames;
  if (steps.length === 0) return [l10n.t('No frame was recorded.')];
  const changes = new Map(
    channels.map(({ name }, channel) => [name, changeOf(name, channel, channels.length, frames)]),
  );
  const layers = [...new Set(channels.map(({ layer }) => layer))].filter((layer) => layer !== 'network');
  const shown = columns.filter(({ quantity }) => layers.some((layer) => isKnown(changes.get(`${layer}/${quantity}`))));
  if (shown.length === 0) return [l10n.t('No layer was watched.')];
  const rows = layers.map((layer) => [
    layer,
    ...shown.map(({ quantity }) => changeInWords(changes.get(`${layer}/${quantity}`))),
  ]);
  const [first, last] = [steps[0], steps[steps.length - 1]];
  return [
    l10n.t`Each cell: the value at step ${formatCount(first)} → at step ${formatCount(last)}.`,
    markdownTable([l10n.t('layer'), ...shown.map(({ title }) => title)], rows),
    ...depthInWords(layers, changes),
    ...movedInWords([...changes.values()].filter(isKnown)),
  ];
}

function changeOf(
  name: string,
  channel: number,
  channels: number,
  { steps, values }: Watched['frames'],
): Change | null {
  const at = (frame: number) => values[frame * channels + channel];
  let [first, last] = [0, steps.length - 1];
  while (first <= last && !Number.isFinite(at(first))) first++;
  while (last > first && !Number.isFinite(at(last))) last--;
  return first > last ? null : { name, first: at(first), last: at(last), lastStep: steps[last] };
}

function isKnown(change: Change | null | undefined): change is Change {
  return change !== null && change !== undefined;
}

function changeInWords(change: Change | null | undefined): string {
  return isKnown(change) ? `${formatValue(change.first)} → ${formatValue(change.last)}` : noValue;
}

/** How the scale of the activations changes from the first to the last hidden layer, at both steps. */
function depthInWords(layers: readonly string[], changes: ReadonlyMap<string, Change | null>): string[] {
  const hidden = layers
    .filter((layer) => layer !== 'output')
    .flatMap((layer) => {
      const change = changes.get(`${layer}/activated/std`);
      return isKnown(change) ? [{ layer, change }] : [];
    });
  if (hidden.length < 2) return [];
  const [top, bottom] = [hidden[0], hidden[hidden.length - 1]];
  const factor = (when: 'first' | 'last') => {
    const ratio = (bottom.change[when] / top.change[when]) ** (1 / (hidden.length - 1));
    return Number.isFinite(ratio) ? formatValue(ratio) : l10n.t('an unknown number');
  };
  return [
    l10n.t`From ${markdownText(top.layer)} to ${markdownText(bottom.layer)}, the standard deviation of the activations is multiplied per layer by ${factor('first')} at the first step and by ${factor('last')} at the last.`,
  ];
}

/** The numbers whose size changed by the largest factors. */
function movedInWords(changes: readonly Change[]): string[] {
  const moved = changes
    .filter(({ name }) => sizes.test(name.slice(name.indexOf('/') + 1)) && !name.startsWith('network/'))
    .flatMap(({ name, first, last }) => {
      if (!(first > 0 && last > 0)) return [];
      return [{ name, first, last, size: Math.abs(Math.log(last / first)) }];
    })
    .sort((a, b) => b.size - a.size)
    .slice(0, mostMoved);
  if (moved.length === 0) return [];
  const words = moved.map(
    ({ name, first, last }) => `${name} ${formatValue(first)} → ${formatValue(last)} (× ${formatValue(last / first)})`,
  );
  return [l10n.t`Moved most, by factor: ${markdownText(words.join('; '))}.`];
}
