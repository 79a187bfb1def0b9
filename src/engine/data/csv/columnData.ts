/** One column's fields while a table is read: numbers, a dictionary of its words, and counts of what the fields are. */
import {
  type Affixes,
  type Evidence,
  fractionDigits,
  isDate,
  type Notation,
  numeralOf,
  plainValue,
  valueIn,
} from './numerals';

/** The largest number that a float32 holds. */
export const largestNumber = 3.4028234663852886e38;

/** Words of a column are listed up to this number; a column with more is none of categories. */
export const mostDifferent = 1000;

/** What people write where a value is missing, in lower case. */
const missing = new Set([
  '?',
  '-',
  '.',
  'na',
  'n/a',
  '#n/a',
  '#na',
  'nan',
  'null',
  'nil',
  'none',
  'missing',
  '<na>',
  '#value!',
  '#div/0!',
]);
const infinite = new Set(['inf', '+inf', '-inf', 'infinity', '+infinity', '-infinity', '∞', '+∞', '-∞']);

/**
 * What a field is. `unit`: a number with a currency, percent sign or unit. `like`: it looks like a number, but not in the
 * table's notation. `mixed`: a word with digits. `gap`: a word for a missing value.
 */
export type FieldKind = 'number' | 'unit' | 'like' | 'date' | 'empty' | 'gap' | 'infinite' | 'word' | 'mixed';

const kinds: readonly FieldKind[] = ['number', 'unit', 'like', 'date', 'empty', 'gap', 'infinite', 'word', 'mixed'];

/** Number of rows and fields per kind that are stored for messages. */
const mostStored = 6;

export interface Tally {
  count: number;
  /** The first rows. */
  rows: number[];
  /** The field in the first row. */
  first: string;
}

/** A column as the rest of the reader sees it. Buffers are shared between threads where that is possible. */
export interface ColumnData {
  /** One a row; NaN where the field is no number. Null where no field is one. */
  numbers: Float64Array | null;
  /** Index in `words` of each row's field; null where the column has more than `mostDifferent` different fields. */
  codes: Uint16Array | null;
  /** Different fields in the order of their first occurrence; the first ones alone where `codes` is null. */
  words: string[];
  /** What each of `words` is. */
  wordKinds: FieldKind[];
  /** Whether each of the first fields, up to `mostDifferent`, is different. */
  allDifferent: boolean;
  tallies: Record<FieldKind, Tally>;
  /** Counts of the fields with a unit or other affix around the number. */
  units: { unit: string; kind: Affixes['kind']; known: boolean; tally: Tally }[];
  evidence: Record<Evidence, Tally>;
}

interface Field {
  kind: FieldKind;
  value: number;
  evidence: Evidence;
  affixes: Affixes | null;
}

const blockRows = 2 ** 10;

function newTally(): Tally {
  return { count: 0, rows: [], first: '' };
}

function add(tally: Tally, row: number, field: string): void {
  if (tally.count === 0) tally.first = field;
  if (tally.count < mostStored) tally.rows.push(row);
  tally.count++;
}

export class ColumnBuilder {
  /** Blocks without a number are none. */
  private readonly numbers: (Float64Array | null)[] = [];
  private codes: Uint16Array[] | null = [];
  private readonly known = new Map<string, number>();
  private readonly fields: Field[] = [];
  private readonly tallies = Object.fromEntries(kinds.map((kind) => [kind, newTally()])) as Record<FieldKind, Tally>;
  private readonly units: ColumnData['units'] = [];
  private readonly evidence: Record<Evidence, Tally> = {
    none: newTally(),
    'decimal-comma': newTally(),
    'decimal-point': newTally(),
    'comma-groups': newTally(),
    'point-groups': newTally(),
    'comma-unclear': newTally(),
    'point-unclear': newTally(),
  };
  private readonly mark: number;
  private block: Float64Array | null = null;
  private rows = 0;
  private allDifferent = true;

  /** @param missingWords Words that mean a missing value, in lower case, in addition to the common ones. */
  constructor(
    private readonly notation: Notation,
    private readonly missingWords: ReadonlySet<string>,
  ) {
    this.mark = notation.decimal.charCodeAt(0);
  }

  /** @param field Without space around it. */
  add(field: string): void {
    const row = this.rows++;
    const at = row % blockRows;
    if (at === 0) {
      this.block = null;
      this.numbers.push(null);
      this.codes?.push(new Uint16Array(blockRows));
    }
    if (this.codes) {
      let code = this.known.get(field);
      if (code === undefined) {
        if (this.known.size === mostDifferent) this.codes = null;
        else {
          code = this.known.size;
          this.known.set(field, code);
          this.fields.push(this.read(field));
        }
      } else this.allDifferent = false;
      if (this.codes && code !== undefined) {
        this.codes[this.codes.length - 1][at] = code;
        this.note(this.fields[code], row, field);
        this.put(at, this.fields[code].value);
        return;
      }
    }
    const value = plainValue(field, this.mark);
    if (value <= largestNumber && value >= -largestNumber) {
      this.put(at, value);
      const { number } = this.tallies;
      if (number.count === 0) add(number, row, field);
      else number.count++;
      if (fractionDigits > 0) {
        const evidence = this.evidence[this.plainEvidence(value)];
        if (evidence.count === 0) add(evidence, row, field);
        else evidence.count++;
      }
      return;
    }
    const read = this.read(field);
    this.note(read, row, field);
    this.put(at, read.value);
  }

  private put(at: number, value: number): void {
    if (this.block === null) {
      if (Number.isNaN(value)) return;
      this.block = new Float64Array(blockRows).fill(Number.NaN);
      this.numbers[this.numbers.length - 1] = this.block;
    }
    this.block[at] = value;
  }

  /**
   * The same for a field inside a longer string. Most fields are numbers, which are read without creating a string.
   * @param end End of the field, including the space around it.
   */
  addFrom(text: string, start: number, end: number): void {
    const { block } = this;
    if (this.codes === null && block !== null && this.rows % blockRows !== 0) {
      const value = plainValue(text, this.mark, start, end);
      if (value <= largestNumber && value >= -largestNumber && this.tallies.number.count > 0) {
        const evidence = fractionDigits > 0 ? this.evidence[this.plainEvidence(value)] : null;
        if (evidence === null || evidence.count > 0) {
          block[this.rows++ % blockRows] = value;
          this.tallies.number.count++;
          if (evidence) evidence.count++;
          return;
        }
      }
    }
    const field = text.slice(start, end);
    const [first, last] = [field.charCodeAt(0), field.charCodeAt(field.length - 1)];
    this.add(first <= 32 || last <= 32 || first > 127 || last > 127 ? field.trim() : field);
  }

  private plainEvidence(value: number): Evidence {
    if (fractionDigits === 0) return 'none';
    const unclear = fractionDigits === 3 && Math.abs(value) >= 1 && Math.abs(value) < 1000;
    if (this.mark === 46) return unclear ? 'point-unclear' : 'decimal-point';
    return unclear ? 'comma-unclear' : 'decimal-comma';
  }

  private note({ kind, evidence, affixes }: Field, row: number, field: string): void {
    add(this.tallies[kind], row, field);
    if (evidence !== 'none') add(this.evidence[evidence], row, field);
    if (!affixes || affixes.kind === 'none') return;
    let unit = this.units.find((known) => known.unit === affixes.unit);
    if (!unit) {
      if (this.units.length > 50) return;
      unit = { unit: affixes.unit, kind: affixes.kind, known: affixes.known, tally: newTally() };
      this.units.push(unit);
    }
    add(unit.tally, row, field);
  }

  private read(field: string): Field {
    const nothing = { value: Number.NaN, evidence: 'none' as Evidence, affixes: null };
    if (field === '') return { ...nothing, kind: 'empty' };
    const lower = field.length <= 100 ? field.toLowerCase() : field;
    if (this.missingWords.has(lower)) return { ...nothing, kind: 'gap' };
    const plain = plainValue(field, this.mark);
    if (!Number.isNaN(plain)) {
      if (Math.abs(plain) > largestNumber) return { ...nothing, kind: 'infinite' };
      return { ...nothing, kind: 'number', value: plain, evidence: this.plainEvidence(plain) };
    }
    if (infinite.has(lower)) return { ...nothing, kind: 'infinite' };
    if (missing.has(lower)) return { ...nothing, kind: 'gap' };
    if (isDate(field)) return { ...nothing, kind: 'date' };
    const numeral = numeralOf(field);
    if (!numeral) return { ...nothing, kind: /\d/.test(field) ? 'mixed' : 'word' };
    const { affixes, evidence } = numeral;
    const value = valueIn(numeral, this.notation);
    if (Number.isNaN(value)) return { ...nothing, kind: 'like', evidence, affixes };
    if (Math.abs(value) > largestNumber) return { ...nothing, kind: 'infinite' };
    return { kind: affixes.kind === 'none' ? 'number' : 'unit', value, evidence, affixes };
  }

  end(): ColumnData {
    const { tallies, units, evidence, rows, allDifferent } = this;
    const hasNumbers = tallies.number.count + tallies.unit.count > 0;
    const words = Array.from(this.known.keys());
    return {
      numbers: hasNumbers ? joined(this.numbers, rows, Float64Array) : null,
      codes: this.codes ? joined(this.codes, rows, Uint16Array) : null,
      words,
      wordKinds: this.fields.map(({ kind }) => kind),
      allDifferent,
      tallies,
      units,
      evidence,
    };
  }
}

/** The blocks' first `length` numbers in one array; the blocks are taken out of the list, so that no two copies are held for long. */
function joined<T extends Float64Array | Uint16Array>(
  blocks: (T | null)[],
  length: number,
  Type: { new (buffer: ArrayBufferLike): T; BYTES_PER_ELEMENT: number },
): T {
  const bytes = length * Type.BYTES_PER_ELEMENT;
  const whole = new Type(
    typeof SharedArrayBuffer === 'undefined' ? new ArrayBuffer(bytes) : new SharedArrayBuffer(bytes),
  );
  blocks.forEach((block, k) => {
    const at = k * blockRows;
    const end = Math.min(length, at + blockRows);
    if (block) whole.set(block.subarray(0, end - at) as never, at);
    else whole.fill(Number.NaN, at, end);
    blocks[k] = null;
  });
  return whole;
}
