/** Charts of what normalization learns: scale and shift, and the section of the batch's statistics beside the running ones. */

import * as l10n from '@vscode/l10n';
import { loggedTap } from '../../src/shared/loggedTap';
import { type Band, channelSeries, type Line, type Reading, type Scaling, type Series } from '../charts/content';
import { type Heading, named, qualities, unitName } from '../charts/names';
import { unitsAt } from '../session/units';
import { armMarker } from '../view/armStyle';
import { type DrawnArm, hiddenLayers, layersOf, layerTitle, longLayer, type Shown } from '../view/shown';
import { type ChartDefinition, happenings, oneSeed, type UntitledContent } from './chartDefinition';
import type { SectionDefinition } from './chartSection';

/** Number of layers above which background lines are fainter, so that they do not hide the band. */
const manyLayers = 8;

/** Arms that have the channel in the selected layer. */
function armsWith(shown: Shown, channel: string): DrawnArm[] {
  return shown.drawn.filter(({ run }) => run.places.has(`${shown.layer}/${channel}`));
}

type LearnedParameter = 'scale' | 'shift' | 'bias';

/** Faint lines behind an arm's mean: single units of the layer, or the means of the other layers if no unit is watched. */
function background(
  shown: Shown,
  { name, run, style: { colour } }: DrawnArm,
  parameter: string,
): { lines: Line[]; label: string } {
  const layer = shown.layer ?? '';
  const units = unitsAt(run, layer, parameter);
  const quantity = (of: string, what: string, called: Heading, opacity: number): Line[] => {
    const series = channelSeries(run, `${of}/${parameter}/${what}`, named(name, called));
    return series ? [{ series, colour, width: 0.9, opacity }] : [];
  };
  if (units.length > 0) {
    const lines = units.flatMap((unit) => quantity(layer, `unit${unit}`, unitName(unit), 0.5));
    return { lines, label: units.length === 1 ? l10n.t('one unit faint') : l10n.t`${units.length} units faint` };
  }
  const others = hiddenLayers(layersOf(run)).filter((other) => other !== layer);
  const lines = others.flatMap((other) =>
    quantity(other, 'mean', { words: other, column: other }, shown.layers.length > manyLayers ? 0.25 : 0.5),
  );
  return { lines, label: lines.length > 0 ? l10n.t('other layers faint') : '' };
}

/** Mean ± standard deviation over the layer's units, with some units as faint lines behind. */
function parameterContent(
  shown: Shown,
  parameter: LearnedParameter,
  start: number,
  arms: DrawnArm[] = armsWith(shown, `${parameter}/mean`),
): UntitledContent | null {
  if (arms.length === 0 || shown.layer === null) return null;
  const faint: Line[] = [];
  const lines: Line[] = [];
  const bands: Band[] = [];
  const readings: Reading[] = [];
  let label = '';
  for (const arm of arms) {
    const { name, run, style } = arm;
    const { colour, dash, marker } = style;
    const behind = background(shown, arm, parameter);
    faint.push(...behind.lines);
    label ||= behind.label;
    const mean = channelSeries(run, `${shown.layer}/${parameter}/mean`, named(name, qualities.mean)) as Series;
    lines.push({ series: mean, colour, dash, width: 2, marker });
    readings.push({ swatch: { kind: 'arm', style }, label: name, series: mean });
    const std = channelSeries(run, `${shown.layer}/${parameter}/std`, named(name, qualities.std));
    if (!std) continue;
    readings.push({ label: '±', series: std });
    bands.push({
      name: named(name, qualities['mean ± std']),
      run,
      sparse: mean.sparse,
      low: (frame) => mean.at(frame) - std.at(frame),
      high: (frame) => mean.at(frame) + std.at(frame),
      colour,
      opacity: 0.2,
    });
  }
  return {
    unit: [qualities['mean ± std'].words, label, oneSeed(shown)].filter(Boolean).join(', '),
    brief: [l10n.t('± std'), label, oneSeed(shown)].filter(Boolean).join(', '),
    scaling: 'linear',
    // The initial value is always visible, with room for a small first change.
    include: [start - 0.05, start + 0.05],
    format: 'value',
    lines: [...faint, ...lines],
    bands,
    readings,
    happenings: happenings(shown),
    span: shown.span,
    steps: shown.steps,
  };
}

/** Bias of a layer with normalization, which cancels the bias unless the experiment configures it otherwise. */
function biasContent(shown: Shown): UntitledContent | null {
  const arms = armsWith(shown, 'bias/mean').filter(({ run }) => run.places.has(`${shown.layer}/runningMean/mean`));
  return parameterContent(shown, 'bias', 0, arms);
}

/** Batch and running statistics of one typical unit, because the mean over all units hides the noise of a single unit. */
function statisticContent(
  shown: Shown,
  taps: { batch: string; running: string },
  scaling: Scaling,
): UntitledContent | null {
  const arms = armsWith(shown, `${taps.running}/mean`);
  if (arms.length === 0) return null;
  const dots: Line[] = [];
  const lines: Line[] = [];
  const readings: Reading[] = [];
  const [unit] = arms.map(({ run }) => unitsAt(run, shown.layer ?? '', taps.running)[0]);
  // The same unit for every arm, so that the arms are comparable.
  const alike = arms.every(({ run }) => unitsAt(run, shown.layer ?? '', taps.running)[0] === unit);
  const quantity = unit !== undefined && alike ? `unit${unit}` : 'mean';
  for (const { name, run, style } of arms) {
    const batch = channelSeries(run, `${shown.layer}/${taps.batch}/${quantity}`, named(name, qualities.batch));
    const running = channelSeries(
      run,
      `${shown.layer}/${taps.running}/${quantity}`,
      named(name, qualities.running),
    ) as Series;
    // With one arm, running statistics use the text colour; several arms use their own colours.
    const colour = arms.length > 1 ? style.colour : 'var(--fg)';
    if (arms.length > 1) readings.push({ swatch: { kind: 'arm', style } });
    if (batch) {
      dots.push({ series: batch, colour: style.colour, width: 1.75, opacity: 0.8, dots: true });
      readings.push({ swatch: { kind: 'dots', colour: style.colour }, label: qualities.batch.words, series: batch });
    }
    lines.push({ series: running, colour, width: 1.5, dash: arms.length > 1 ? style.dash : [], marker: style.marker });
    readings.push({ swatch: { kind: 'line', colour, width: 1.75 }, label: qualities.running.words, series: running });
  }
  return {
    unit: [
      quantity === 'mean' ? l10n.t('over all units') : l10n.t`unit ${unit ?? ''}`,
      scaling === 'log' ? l10n.t('log') : '',
      oneSeed(shown),
    ]
      .filter(Boolean)
      .join(', '),
    scaling,
    format: 'value',
    lines: [...dots, ...lines],
    bands: [],
    readings,
    happenings: happenings(shown),
    span: shown.span,
    steps: shown.steps,
  };
}

export const gammaChart: ChartDefinition = {
  id: 'gamma',
  title: l10n.t('Learned scale γ'),
  short: l10n.t('Scale γ'),
  content: (shown) => parameterContent(shown, 'scale', 1),
};
export const betaChart: ChartDefinition = {
  id: 'beta',
  title: l10n.t('Learned shift β'),
  short: l10n.t('Shift β'),
  content: (shown) => parameterContent(shown, 'shift', 0),
};

const charts: ChartDefinition[] = [
  { id: 'bias', title: l10n.t('Learned bias'), content: biasContent },
  {
    id: 'batch-mean',
    title: l10n.t('Batch and running mean'),
    content: (shown) => statisticContent(shown, { batch: 'batchMean', running: 'runningMean' }, 'linear'),
  },
  {
    id: 'batch-variance',
    title: l10n.t('Batch and running variance'),
    content: (shown) => statisticContent(shown, { batch: 'batchVariance', running: 'runningVariance' }, 'log'),
  },
];

/** The visible arms that normalize the layer, and a sentence about the others. */
function normalizingArms(shown: Shown): { arms: DrawnArm[]; words: string } {
  const arms = shown.drawn.filter(({ run }) =>
    run.channels.some(
      ({ layer, tap }) => layer === shown.layer && (tap === 'runningMean' || tap === 'scale' || tap === 'shift'),
    ),
  );
  const layer = shown.layer === null ? l10n.t('this layer') : longLayer(shown.layer);
  if (arms.length === 0) return { arms, words: l10n.t`no visible arm normalizes ${layer}` };
  if (arms.length === shown.drawn.length) return { arms, words: '' };
  const words =
    shown.drawn.length - arms.length === 1
      ? l10n.t('only: the other arm has no γ, β or running statistics here')
      : l10n.t('only: the other arms have no γ, β or running statistics here');
  return { arms, words };
}

export const parametersSection: SectionDefinition = {
  id: 'parameters',
  heading: l10n.t('BatchNorm parameters'),
  charts,
  describe(shown) {
    const { arms, words } = normalizingArms(shown);
    return {
      heading: shown.layer === null ? undefined : l10n.t`BatchNorm parameters: ${layerTitle(shown.layer)}`,
      hint: [...arms.flatMap((arm) => [armMarker(arm.style), ` ${arm.name} `]), words],
    };
  },
  // Shown even without content, because the hint explains why a chart is missing.
  isShown: (shown) =>
    shown.layer !== null &&
    shown.tap !== loggedTap &&
    charts.some(({ id }) => shown.charts.some((chart) => chart.id === id && chart.shown)),
};
