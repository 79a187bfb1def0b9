/** Draws the evidence of a verdict: every pair, their mean with its interval, 0, and the band of differences too small to matter. */

export interface Evidence {
  differences: readonly { difference: number }[];
  /** Mean of the differences; null without pairs. */
  difference: number | null;
  interval: readonly [low: number, high: number] | null;
  claim: { by: number; within?: number | undefined };
}

export interface VerdictAxis {
  low: number;
  high: number;
  ticks: number[];
}

/** Largest difference that is too small to matter, limited so that an axis of twice its size is finite. */
export function bandOf({ claim }: Pick<Evidence, 'claim'>): number {
  return Math.min(claim.within ?? claim.by, 1e300);
}

/** An axis that contains 0, all pairs, the interval and the band. */
export function verdictAxis({ differences, interval, claim }: Evidence): VerdictAxis {
  const band = bandOf({ claim });
  const numbers = [0, band, -band, ...differences.map(({ difference }) => difference), ...(interval ?? [])];
  const least = numbers.reduce((a, b) => Math.min(a, b));
  const most = numbers.reduce((a, b) => Math.max(a, b));
  const size = most - least || 1;
  const [low, high] = [least - 0.06 * size, most + 0.06 * size];
  const rough = (high - low) / 4;
  const power = 10 ** Math.floor(Math.log10(rough));
  const step = [1, 2, 5, 10].map((factor) => factor * power).find((each) => each >= rough) ?? rough;
  const ticks: number[] = [];
  for (let k = Math.ceil(low / step); k * step <= high; k++) ticks.push(Number((k * step).toPrecision(12)));
  return { low, high, ticks };
}

const radius = 3.5;

/** Sizes in pixels, for a report and for the narrower panel. */
const layouts = {
  wide: { width: 640, height: 96, inset: 24, axisY: 70, labelY: 88, meanY: 54, meanSize: 6, pairY: 30, rowHeight: 9 },
  narrow: { width: 320, height: 64, inset: 16, axisY: 46, labelY: 62, meanY: 34, meanSize: 5, pairY: 18, rowHeight: 7 },
};

/** An SVG element: its name, attributes and text. */
export type Shape = [
  tag: 'rect' | 'line' | 'circle' | 'path' | 'text',
  attributes: Record<string, string | number>,
  text?: string,
];

/** Elements of the drawing, with classes only. The page that shows them defines the colours. @param format Formats a tick. */
export function verdictShapes(
  evidence: Evidence,
  size: keyof typeof layouts,
  format: (tick: number) => string,
): { viewBox: string; shapes: Shape[] } {
  const { width, height, inset, axisY, labelY, meanY, meanSize, pairY, rowHeight } = layouts[size];
  const { low, high, ticks } = verdictAxis(evidence);
  const x = (value: number) => Number((inset + ((width - 2 * inset) * (value - low)) / (high - low)).toFixed(1));
  const { interval, difference, differences } = evidence;
  const band = bandOf(evidence);
  const shapes: Shape[] = [];
  if (band > 0) {
    const bandWidth = Number((x(band) - x(-band)).toFixed(1));
    shapes.push(['rect', { class: 'band', x: x(-band), y: 4, width: bandWidth, height: axisY - 4 }]);
  }
  shapes.push(['line', { class: 'axis', x1: inset, x2: width - inset, y1: axisY, y2: axisY }]);
  shapes.push(['line', { class: 'zero', x1: x(0), x2: x(0), y1: 2, y2: axisY }]);
  for (const tick of ticks) {
    shapes.push(['line', { class: 'axis', x1: x(tick), x2: x(tick), y1: axisY, y2: axisY + 4 }]);
    shapes.push(['text', { x: x(tick), y: labelY }, format(tick)]);
  }
  const ends = [Number.NEGATIVE_INFINITY, Number.NEGATIVE_INFINITY, Number.NEGATIVE_INFINITY];
  for (const at of differences.map((pair) => x(pair.difference)).sort((a, b) => a - b)) {
    // Pairs that would overlap move to up to two more rows.
    const free = ends.findIndex((end) => at - end >= 2 * radius);
    const row = free < 0 ? ends.indexOf(Math.min(...ends)) : free;
    ends[row] = at;
    shapes.push(['circle', { class: 'pair', cx: at, cy: pairY - rowHeight * row, r: radius }]);
  }
  // Equal differences have an interval of width 0.
  if (interval && interval[0] < interval[1]) {
    const [from, to] = interval.map(x);
    const half = meanSize - 1;
    const end = `${meanY - half}v${2 * half}`;
    shapes.push(['path', { class: 'interval', d: `M${from} ${end}M${from} ${meanY}H${to}M${to} ${end}` }]);
  }
  if (difference !== null) {
    const at = x(difference);
    const [left, right, top, bottom] = [at - meanSize, at + meanSize, meanY - meanSize, meanY + meanSize];
    shapes.push(['path', { class: 'mean', d: `M${left} ${meanY}L${at} ${top}L${right} ${meanY}L${at} ${bottom}Z` }]);
  }
  return { viewBox: `0 0 ${width} ${height}`, shapes };
}
