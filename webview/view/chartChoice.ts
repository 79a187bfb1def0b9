/** Order and visibility of the charts in the panel. */
import type { ChartChoice } from '../../src/protocol';

/** A chart that the user can show or hide. */
export interface Chart {
  id: string;
  title: string;
  /** Hidden by default. */
  spare?: boolean;
}

export interface ChartGroup {
  heading: string;
  charts: readonly Chart[];
}

/**
 * All charts, grouped, in the user's order. A chart that is missing from the saved order (from a newer version) follows the chart
 * that it follows by default; unknown charts are skipped.
 */
export function arrange(groups: readonly ChartGroup[], saved: readonly ChartChoice[]): ChartChoice[] {
  return groups.flatMap(({ charts }) => {
    const known = saved.filter(({ id }, place) => charts.some((chart) => chart.id === id) && isFirst(saved, id, place));
    const result = known.map(({ id, shown }) => ({ id, shown }));
    for (const [place, { id, spare = false }] of charts.entries()) {
      if (result.some((chart) => chart.id === id)) continue;
      const before = place === 0 ? -1 : result.findIndex((chart) => chart.id === charts[place - 1].id);
      result.splice(before + 1, 0, { id, shown: !spare });
    }
    return result;
  });
}

function isFirst(saved: readonly ChartChoice[], id: string, place: number): boolean {
  return saved.findIndex((chart) => chart.id === id) === place;
}

/** Moves a chart to another position within its group. */
export function moved(charts: readonly ChartChoice[], id: string, before: string | null): ChartChoice[] {
  const chart = charts.find((each) => each.id === id);
  const others = charts.filter((each) => each.id !== id);
  if (!chart) return [...charts];
  const place = before === null ? others.length : others.findIndex((each) => each.id === before);
  return others.toSpliced(place < 0 ? others.length : place, 0, chart);
}
