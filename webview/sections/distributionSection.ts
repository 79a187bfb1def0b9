/** Section "Distribution over time": percentiles of the values at the tap for all arms, and a histogram over time for the arm shown. */
import * as l10n from '@vscode/l10n';
import { loggedTap } from '../../src/shared/loggedTap';
import { type Band, channelSeries, type Line, type Reading } from '../charts/content';
import { type Heading, named, qualities } from '../charts/names';
import type { RunData } from '../session/store';
import { typicalUnit } from '../session/units';
import { type DrawnArm, layerTitle, type Shown } from '../view/shown';
import { tapWords } from '../view/tapWords';
import { type ChartDefinition, happenings, oneSeed, type UntitledContent } from './chartDefinition';
import type { SectionDefinition } from './chartSection';

/** Describes the values of a histogram that another program logged. */
const estimatedWords = l10n.t('estimated from logged buckets');

const percentiles = ['p15', 'p50', 'p85'] as const;

type Percentile = (typeof percentiles)[number];

const ordinals: Record<Percentile, Heading> = {
  p15: qualities['15th'],
  p50: qualities['50th'],
  p85: qualities['85th'],
};

/** The 15th, 50th and 85th percentile of every arm. */
function percentileContent(
  shown: Shown,
  unit: string,
  channel: (arm: DrawnArm, percentile: Percentile) => string,
): UntitledContent | null {
  const lines: Line[] = [];
  const bands: Band[] = [];
  const readings: Reading[] = [];
  for (const arm of shown.drawn) {
    const { name, run, style } = arm;
    const [low, middle, high] = percentiles.map((percentile) =>
      channelSeries(run, channel(arm, percentile), named(name, ordinals[percentile])),
    );
    if (!low || !middle || !high) continue;
    const { colour, dash, marker } = style;
    lines.push(
      { series: low, colour, width: 1, opacity: 0.7 },
      { series: high, colour, width: 1, opacity: 0.7 },
      { series: middle, colour, dash, width: 1.75, marker },
    );
    const key = `${low.key} ${high.key}`;
    bands.push({
      name: named(name, qualities['15th to 85th']),
      run,
      low: low.at,
      high: high.at,
      key,
      colour,
      opacity: 0.14,
      sparse: low.sparse,
    });
    readings.push({ swatch: { kind: 'arm', style }, label: name, series: low }, { series: middle }, { series: high });
  }
  if (lines.length === 0) return null;
  return {
    unit: [unit, oneSeed(shown)].filter(Boolean).join(', '),
    scaling: 'symlog',
    format: 'value',
    lines,
    bands,
    readings,
    happenings: happenings(shown),
    span: shown.span,
    steps: shown.steps,
  };
}

/** Percentiles of the input of one unit's activation function over the minibatch, as in figure 1 of Ioffe & Szegedy (2015). */
function unitContent(shown: Shown): UntitledContent | null {
  const { layer } = shown;
  if (layer === null) return null;
  const units = new Map(shown.drawn.map(({ name, run }) => [name, typicalUnit(run, layer)]));
  const numbers = [...new Set([...units.values()].flatMap((typical) => typical?.unit ?? []))];
  const unit = l10n.t`15th, 50th, 85th percentile of the activation’s input, unit ${numbers.join(', ')}`;
  return percentileContent(shown, unit, ({ name }, percentile) => {
    const typical = units.get(name);
    return `${layer}/${typical?.tap}/unit${typical?.unit}-${percentile}`;
  });
}

function allUnitsContent(shown: Shown): UntitledContent | null {
  const { layer, tap } = shown;
  if (layer === null || tap === null) return null;
  return percentileContent(
    shown,
    tap === loggedTap ? estimatedWords : l10n.t`${tapWords(tap)}, all units`,
    (_, percentile) => `${layer}/${tap}/${percentile}`,
  );
}

function histogramContent(shown: Shown): UntitledContent | null {
  const { arm, layer, histogramTap: tap } = shown;
  if (!arm || layer === null || tap === null) return null;
  const { run, style, name } = arm;
  const place = run.histogramPlaces.get(`${layer}/${tap}`);
  if (place === undefined) return null;
  const series = (quantity: string, label: Heading) =>
    channelSeries(run, `${layer}/${tap}/${quantity}`, named(name, label));
  const { least, median, largest } = qualities;
  const quantities = { min: least, p15: ordinals.p15, p50: median, p85: ordinals.p85, max: largest };
  const known = Object.entries(quantities).map(([quantity, label]) => ({ quantity, series: series(quantity, label) }));
  const lines = known.flatMap(({ quantity, series }): Line[] => {
    if (!series) return [];
    const isMedian = quantity === 'p50';
    return [{ series, colour: 'var(--fg)', width: isMedian ? 1.5 : 0.75, opacity: isMedian ? 1 : 0.8, edged: true }];
  });
  return {
    unit: [tap === loggedTap ? estimatedWords : tapWords(tap), oneSeed(shown)].filter(Boolean).join(', '),
    scaling: tap.endsWith('Gradient') ? 'fine-symlog' : 'symlog',
    // Without channels of the least and the largest value, as for gradients.
    include: lines.length > 0 ? undefined : rangeOf(shown, run, place),
    format: 'value',
    lines,
    bands: [],
    heat: { run, place, edges: shown.session.binEdges },
    readings: [
      ...(series('p15', ordinals.p15) ? [] : [{ swatch: { kind: 'arm' as const, style }, label: name }]),
      ...known.flatMap(({ quantity, series }): Reading[] =>
        series && quantity.startsWith('p')
          ? [quantity === 'p15' ? { swatch: { kind: 'arm', style }, label: name, series } : { series }]
          : [],
      ),
      { swatch: { kind: 'palette' }, label: l10n.t('0 to 100 % of each step’s peak density') },
    ],
    happenings: happenings(shown).filter(({ colour }) => colour === style.colour),
    span: shown.span,
    steps: shown.steps,
  };
}

/** Smallest and largest edge of the bins that are not empty at a displayed step; empty without values. */
function rangeOf({ session: { binEdges }, span }: Shown, { histograms }: RunData, place: number): number[] {
  let [low, high] = [Number.POSITIVE_INFINITY, Number.NEGATIVE_INFINITY];
  for (let row = 0; row < histograms.count; row++) {
    const step = histograms.stepOf(row);
    if (step < span.from || step > span.to) continue;
    const shares = histograms.shares(row, place);
    const isFilled = (share: number) => share > 0;
    if (!shares.some(isFilled)) continue;
    // The outermost edges are infinite.
    low = Math.min(low, Math.max(binEdges[shares.findIndex(isFilled)], binEdges[1]));
    high = Math.max(high, Math.min(binEdges[shares.findLastIndex(isFilled) + 1], binEdges[binEdges.length - 2]));
  }
  return [low, high].filter(Number.isFinite);
}

const charts: ChartDefinition[] = [
  { id: 'unit', title: l10n.t('One typical unit'), content: unitContent },
  { id: 'percentiles', title: l10n.t('Percentiles'), content: allUnitsContent },
  { id: 'histograms', title: l10n.t('Histogram over time'), content: histogramContent },
];

export const distributionSection: SectionDefinition = {
  id: 'distribution',
  heading: l10n.t('Distribution over time'),
  charts,
  columns: 'wide',
  describe: ({ layer }) => (layer === null ? {} : { heading: l10n.t`Distribution over time: ${layerTitle(layer)}` }),
};
