/** The notation of a file's numbers, decided once for the whole file from what all its numerals show. */
import type { CsvSource } from '../dataSpecification';
import type { ColumnData } from './columnData';
import { type Evidence, type Notation, plainNotation, plainSeparators } from './numerals';

/** Fields of a column that look like numbers, in whatever notation. */
export function numberLike({ tallies }: ColumnData): number {
  return tallies.number.count + tallies.unit.count + tallies.like.count;
}

/** Fields of a column that hold something. */
export function filled({ tallies }: ColumnData, rows: number): number {
  return rows - tallies.empty.count - tallies.gap.count - tallies.infinite.count;
}

/**
 * A comma is the decimal mark where some numeral has it as nothing else can be meant (`1,5`, `0,250`, `1.234,5`), and none
 * says otherwise. Where only unclear numerals (`1,234`) have commas, nothing is decided: the reader of the column asks.
 */
export function notationOf(columns: readonly ColumnData[], rows: number, source: CsvSource): Notation {
  const given = givenNotation(source);
  if (given) return given;
  const relevant = columns.filter((column) => 2 * numberLike(column) >= filled(column, rows));
  const count = (evidence: Evidence) => relevant.reduce((sum, column) => sum + column.evidence[evidence].count, 0);
  const comma = { decimal: count('decimal-comma'), groups: count('comma-groups'), unclear: count('comma-unclear') };
  const point = { decimal: count('decimal-point'), groups: count('point-groups'), unclear: count('point-unclear') };
  const groupsOfCommas: Notation = { decimal: '.', thousands: [...plainSeparators, ','] };
  const groupsOfPoints: Notation = { decimal: ',', thousands: [...plainSeparators, '.'] };
  if (comma.decimal > 0) {
    if (comma.groups > 0 || point.decimal > 0) return plainNotation;
    if (point.groups > 0) return groupsOfPoints;
    return { decimal: ',', thousands: plainSeparators };
  }
  if (comma.groups > 0) return point.groups > 0 ? plainNotation : groupsOfCommas;
  if (point.groups > 0) return point.decimal > 0 ? plainNotation : groupsOfPoints;
  return comma.unclear > 0 && point.decimal > 0 ? groupsOfCommas : plainNotation;
}

/** What the experiment says; null where it leaves the choice to the file. */
function givenNotation({ decimal, thousands }: CsvSource): Notation | null {
  if (decimal === undefined && thousands === undefined) return null;
  const mark = decimal ?? (thousands === '.' ? ',' : '.');
  const other = mark === '.' ? ',' : '.';
  return { decimal: mark, thousands: thousands === undefined ? [...plainSeparators, other] : [thousands] };
}

export function sameNotation(one: Notation, other: Notation): boolean {
  return one.decimal === other.decimal && one.thousands.join() === other.thousands.join();
}
