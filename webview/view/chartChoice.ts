/** Which charts stand in the panel, and in what order. */
import type { ChartChoice } from '../../src/protocol';

/** What a person can choose. */
export interface Chart {
  id: string;
  title: string;
  /** Not shown unless it is chosen. */
  spare?: boolean;
}

export interface ChartGroup {
  heading: string;
  charts: readonly Chart[];
}

/**
 * All charts, those of one group together, as the person arranged them. What they never saw (a chart of a newer version) stands
 * behind the one that it follows by default; what is not known any more is passed over.
 */
export function arrange(groups: readonly ChartGroup[], kept: readonly ChartChoice[]): ChartChoice[] {
  return groups.flatMap(({ charts }) => {
    const known = kept.filter(({ id }, place) => charts.some((chart) => chart.id === id) && isFirst(kept, id, place));
    const result = known.map(({ id, shown }) => ({ id, shown }));
    for (const [place, { id, spare = false }] of charts.entries()) {
      if (result.some((chart) => chart.id === id)) continue;
      const before = place === 0 ? -1 : result.findIndex((chart) => chart.id === charts[place - 1].id);
      result.splice(before + 1, 0, { id, shown: !spare });
    }
    return result;
  });
}

function isFirst(kept: readonly ChartChoice[], id: string, place: number): boolean {
  return kept.findIndex((chart) => chart.id === id) === place;
}

/** Moves a chart to another place among those of its group. */
export function moved(charts: readonly ChartChoice[], id: string, before: string | null): ChartChoice[] {
  const chart = charts.find((each) => each.id === id);
  const others = charts.filter((each) => each.id !== id);
  if (!chart) return [...charts];
  const place = before === null ? others.length : others.findIndex((each) => each.id === before);
  return others.toSpliced(place < 0 ? others.length : place, 0, chart);
}
