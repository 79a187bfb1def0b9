/** "How layer k moved": percentiles of what stands at the tap, arm against arm, and all of it over time for the arm shown. */
import { type Band, type ChartContent, channelSeries, type Line, type Reading } from '../charts/content';
import type { Shown } from '../shown';
import { type ChartDefinition, happenings } from './context';

const percentiles = ['p15', 'p50', 'p85'] as const;

function percentileContent(shown: Shown): ChartContent | null {
  if (shown.layer === null || shown.tap === null) return null;
  const lines: Line[] = [];
  const bands: Band[] = [];
  const readings: Reading[] = [];
  for (const { name, run, style } of shown.drawn) {
    const series = percentiles.map((quantity) =>
      channelSeries(run, `${shown.layer}/${shown.tap}/${quantity}`, `${name}, ${quantity.slice(1)}th`),
    );
    const [low, middle, high] = series;
    if (!low || !middle || !high) continue;
    const { colour, dash, marker } = style;
    lines.push(
      { series: low, colour, width: 1, opacity: 0.7 },
      { series: high, colour, width: 1, opacity: 0.7 },
      { series: middle, colour, dash, width: 1.75, marker },
    );
    bands.push({ name: `${name}, 15th to 85th`, run, low: low.at, high: high.at, colour, opacity: 0.14 });
    readings.push({ swatch: { kind: 'arm', style }, series: low }, { series: middle }, { series: high });
  }
  if (lines.length === 0) return null;
  return {
    title: 'Percentiles',
    unit: `${shown.tap}, all units`,
    scaling: 'symlog',
    format: 'value',
    lines,
    bands,
    readings,
    happenings: happenings(shown),
    steps: shown.steps,
  };
}

function histogramContent(shown: Shown): ChartContent | null {
  const { arm, layer, tap } = shown;
  if (!arm || layer === null || tap === null) return null;
  const { run, style, name } = arm;
  const place = run.histogramPlaces.get(`${layer}/${tap}`);
  if (place === undefined) return null;
  const series = (quantity: string, said: string) =>
    channelSeries(run, `${layer}/${tap}/${quantity}`, `${name}, ${said}`);
  const quantities = { min: 'least', p15: '15th', p50: 'median', p85: '85th', max: 'largest' };
  const known = Object.entries(quantities).map(([quantity, said]) => ({ quantity, series: series(quantity, said) }));
  const lines = known.flatMap(({ quantity, series }): Line[] => {
    if (!series) return [];
    const isMedian = quantity === 'p50';
    return [{ series, colour: 'var(--fg)', width: isMedian ? 1.25 : 0.75, opacity: isMedian ? 0.9 : 0.35 }];
  });
  return {
    title: 'Histogram over time',
    unit: tap,
    scaling: 'symlog',
    format: 'value',
    lines,
    bands: [],
    heat: { run, place, edges: shown.session.binEdges, colour: style.colour },
    readings: known.flatMap(({ quantity, series }): Reading[] =>
      series && quantity.startsWith('p')
        ? [quantity === 'p15' ? { swatch: { kind: 'arm', style }, series } : { series }]
        : [],
    ),
    happenings: happenings(shown).filter(({ colour }) => colour === style.colour),
    steps: shown.steps,
  };
}

export const movedCharts: ChartDefinition[] = [
  { id: 'percentiles', content: percentileContent },
  { id: 'histograms', content: histogramContent },
];
