/** The axis of a swept value as pure numbers: a place from 0 to 1 for each value, in the order of the values where they are numbers. */
import { valueInWords } from '../../src/shared/sweep/grid';

export interface SweptAxis {
  kind: 'log' | 'linear' | 'category';
  /** Position of each value, by its place on the axis of the sweep. */
  positions: number[];
  /** Places in ascending position. */
  order: number[];
  /** Whether 0 is beside a logarithmic axis, which cannot show it. */
  hasZero: boolean;
}

/** Ratio of the largest to the smallest value from which an axis is logarithmic. */
const leastRatio = 10;
/** Share of the axis between 0 and the smallest value of a logarithmic axis. */
const mostZeroShare = 1 / 3;

/** Chooses a logarithmic axis for positive numbers that span a decade or more, and equal distances for values that are not numbers. */
export function sweptAxis(values: readonly unknown[]): SweptAxis {
  const numbers = values.filter((value): value is number => typeof value === 'number' && Number.isFinite(value));
  if (numbers.length < values.length) return placed('category', spaced(values.length));
  const positive = numbers.filter((value) => value > 0);
  const [least, most] = [Math.min(...positive), Math.max(...positive)];
  const isLog = positive.length > 1 && most / least >= leastRatio && numbers.every((value) => value >= 0);
  if (!isLog) return placed('linear', shares(numbers));
  const hasZero = positive.length < numbers.length;
  const start = hasZero ? Math.min(mostZeroShare, 1 / positive.length) : 0;
  const size = Math.log(most / least);
  const positions = numbers.map((value) => (value === 0 ? 0 : start + ((1 - start) * Math.log(value / least)) / size));
  return { ...placed('log', positions), hasZero };
}

function placed(kind: SweptAxis['kind'], positions: number[]): SweptAxis {
  const order = positions.map((_, place) => place).sort((a, b) => positions[a] - positions[b]);
  return { kind, positions, order, hasZero: false };
}

function spaced(count: number): number[] {
  return count < 2 ? [0.5] : Array.from({ length: count }, (_, place) => place / (count - 1));
}

function shares(numbers: readonly number[]): number[] {
  const least = Math.min(...numbers);
  const size = Math.max(...numbers) - least;
  return numbers.map((value) => (size === 0 ? 0.5 : (value - least) / size));
}

/** Characters of a number on an axis; longer ones are rounded to four digits. */
const longestNumber = 8;

/** A swept value as the label of an axis. Its tooltip and tables have all digits. */
export function axisLabel(value: unknown): string {
  const words = valueInWords(value);
  if (typeof value !== 'number' || words.length <= longestNumber) return words;
  return valueInWords(Number(value.toPrecision(4)));
}

/** The place whose value is nearest to a position. */
export function placeNear({ positions }: SweptAxis, position: number): number {
  let best = 0;
  for (const [place, each] of positions.entries()) {
    if (Math.abs(each - position) < Math.abs(positions[best] - position)) best = place;
  }
  return best;
}

/** Distances between labelled values, of which the shortest with room is chosen. */
const strides = [1, 2, 3, 4, 5, 10, 20, 50, 100, 200, 500];

/**
 * Places whose labels have room: the given ones, both ends, and others at equal distances.
 * @param at Pixels of each place.
 * @param widths Pixels of each label.
 * @param pinned Places that come before all others, such as the selected one.
 * @param gap Least pixels between two labels.
 */
export function labelledPlaces(
  at: readonly number[],
  widths: readonly number[],
  pinned: readonly number[],
  gap: number,
): number[] {
  const order = at.map((_, place) => place).sort((a, b) => at[a] - at[b]);
  const fits = (a: number, b: number) => Math.abs(at[a] - at[b]) >= (widths[a] + widths[b]) / 2 + gap;
  const kept: number[] = [];
  for (const place of [...pinned, order[0], order[order.length - 1]]) {
    if (kept.every((other) => other !== place && fits(other, place))) kept.push(place);
  }
  for (const stride of strides) {
    const others = order.filter((place, k) => k % stride === 0 && kept.every((other) => fits(other, place)));
    if (others.every((place, k) => k === 0 || fits(others[k - 1], place))) {
      kept.push(...others);
      break;
    }
  }
  return kept.sort((a, b) => at[a] - at[b]);
}
