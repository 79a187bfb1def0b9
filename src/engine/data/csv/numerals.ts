/**
 * Numbers as people write them: which notation a field is in, and its value. A numeral is digits with at most one
 * decimal mark, groups of three digits apart, an exponent, and around them a sign, a currency, a percent sign or a unit.
 */

/** The marks of a file's numbers. */
export interface Notation {
  decimal: '.' | ',';
  /** Marks that may separate groups of three digits. */
  thousands: readonly string[];
}

/** Separators that are never a decimal mark, so that no choice is needed. */
export const plainSeparators = [' ', "'", '_'] as const;

export const plainNotation: Notation = { decimal: '.', thousands: plainSeparators };

/** Powers of ten that float64 holds exactly. */
const powers = Array.from({ length: 23 }, (_, k) => Number(`1e${k}`));

/** Digits behind the decimal mark of the numeral that `plainValue` read last. */
export let fractionDigits = 0;

const numeral = /^[+-]?(?:\d+(?:\.\d*)?|\.\d+)(?:e[+-]?\d+)?$/i;

/**
 * Value of a numeral without groups and affixes; NaN where the field is none.
 * Up to 15 digits and a power of ten up to 10²² are exact in float64, so one division rounds correctly; the language's
 * own conversion reads the others. Both give the same bits.
 * @param mark Code of the decimal mark.
 * @param start Where in the text the field begins. @param end Where it ends.
 */
export function plainValue(text: string, mark: number, start = 0, end = text.length): number {
  let at = start;
  let negative = false;
  const first = end > start ? text.charCodeAt(start) : 0;
  if (first === 45 || first === 43) {
    negative = first === 45;
    at++;
  }
  let mantissa = 0;
  let digits = 0;
  let fraction = -1;
  for (; at < end; at++) {
    const code = text.charCodeAt(at);
    if (code >= 48 && code <= 57) {
      mantissa = 10 * mantissa + (code - 48);
      digits++;
      if (fraction >= 0) fraction++;
    } else if (code === mark && fraction < 0) fraction = 0;
    else return digits > 0 && (code === 101 || code === 69) ? convertedValue(text.slice(start, end), mark) : Number.NaN;
  }
  if (digits === 0) return Number.NaN;
  if (digits > 15) return convertedValue(text.slice(start, end), mark);
  fractionDigits = Math.max(0, fraction);
  const value = fraction > 0 ? mantissa / powers[fraction] : mantissa;
  return negative ? -value : value;
}

function convertedValue(field: string, mark: number): number {
  const text = mark === 46 ? field : withPoint(field);
  if (!numeral.test(text)) return Number.NaN;
  const [mantissa] = text.split(/e/i);
  const point = mantissa.indexOf('.');
  fractionDigits = point < 0 ? 0 : mantissa.length - point - 1;
  return Number(text);
}

/** A decimal comma as a point; a point, which is none here, as something that no numeral has. */
function withPoint(field: string): string {
  return field.replaceAll('.', '?').replace(',', '.');
}

/** What stands around the digits of a numeral. */
export interface Affixes {
  /** Currency, `%` or unit; may be empty. */
  unit: string;
  kind: 'none' | 'currency' | 'percent' | 'unit';
  /** Whether it is commonly read so: a unit that is unknown may be any word. */
  known: boolean;
}

/** What the marks of a numeral show about its notation. */
export type Evidence =
  /** No mark that could be the other kind. */
  | 'none'
  | 'decimal-comma'
  | 'decimal-point'
  | 'comma-groups'
  | 'point-groups'
  /** `1,234`: a decimal comma with three digits behind it, or one group. */
  | 'comma-unclear'
  /** `1.234` */
  | 'point-unclear';

export interface Numeral {
  /** Sign, digits, marks and exponent, without affixes. */
  core: string;
  affixes: Affixes;
  evidence: Evidence;
  negative: boolean;
}

const minus = /[\u2212\u2010\u2011\u2012\u2013\ufe63\uff0d]/g;
const spaces = /[\u00a0\u2007\u2009\u202f]/g;
const apostrophes = /[\u2018\u2019\u00b4`]/g;
const currencyCode =
  '(?:USD|EUR|GBP|CHF|JPY|CNY|INR|AUD|CAD|SEK|NOK|DKK|PLN|CZK|BRL|KRW|Rs\\.?|kr\\.?|Fr\\.?|zł|(?:US|A|C|R)\\$)';
const before = new RegExp(`^([+-]?)\\s*(\\p{Sc}|${currencyCode})\\s*(?=[+-]?[\\d.,])`, 'u');
const after = new RegExp(`(?<=[\\d.,])\\s*(\\p{Sc}|${currencyCode}|%|‰)$`, 'u');
/** Letters with what units have between and behind them. */
const unit = /(?<=[\d.,])( ?)([\p{L}°µ″′"][\p{L}°µ²³/·^\-\d]{0,14}|"|')$/u;
const exponent = /e[+-]?\d+$/i;
const digitsAndMarks = /^[+-]?(?=[\d.,])[\d.,' _]*[\d.,]$/;

/** A field as a numeral in any notation; null where it is none. */
export function numeralOf(field: string): Numeral | null {
  // Longer than any number is written, and no field's length costs more than itself.
  if (field.length > 60 || !/\d/.test(field)) return null;
  let text = field.replace(minus, '-').replace(spaces, ' ').replace(apostrophes, "'").trim();
  for (const mark of ['"', "'"]) {
    if (text.length > 2 && text.startsWith(mark) && text.endsWith(mark)) text = text.slice(1, -1).trim();
  }
  let negative = false;
  if (text.startsWith('(') && text.endsWith(')')) {
    negative = true;
    text = text.slice(1, -1).trim();
  }
  let affixes: Affixes = { unit: '', kind: 'none', known: true };
  const leading = before.exec(text);
  if (leading) {
    affixes = { unit: leading[2], kind: 'currency', known: true };
    text = leading[1] + text.slice(leading[0].length);
  }
  const trailing = after.exec(text);
  if (trailing) {
    if (leading) return null;
    affixes = { unit: trailing[1], kind: /[%‰]/.test(trailing[1]) ? 'percent' : 'currency', known: true };
    text = text.slice(0, trailing.index).trim();
  }
  // A sign behind the number, as some programs for accounts write it.
  if (/^[\d.,' ]+-$/.test(text)) text = `-${text.slice(0, -1).trim()}`;
  if (text.startsWith('- ')) text = `-${text.slice(2).trim()}`;
  const power = exponent.exec(text)?.[0] ?? '';
  let digits = power ? text.slice(0, -power.length) : text;
  if (affixes.kind === 'none' && power === '' && !digitsAndMarks.test(digits)) {
    const found = unit.exec(digits);
    if (!found) return null;
    affixes = { unit: found[2], kind: 'unit', known: isKnownUnit(found[2], found[1] !== '') };
    digits = digits.slice(0, found.index).trim();
  }
  if (!digitsAndMarks.test(digits) || !/\d/.test(digits)) return null;
  const evidence = evidenceOf(digits.replace(/^[+-]/, ''));
  return evidence === null ? null : { core: digits + power, affixes, evidence, negative };
}

/** @param digits Without a sign. */
function evidenceOf(digits: string): Evidence | null {
  const commas = digits.split(',').length - 1;
  const points = digits.split('.').length - 1;
  const joined = digits.replace(/[' _]/g, '');
  // Groups apart by a mark that is no decimal mark must be groups of three.
  if (joined !== digits && !/^\d{1,3}(?:([' _])\d{3})(?:\1\d{3})*(?:[.,]\d*)?$/.test(digits)) return null;
  if (commas === 0 && points === 0) return 'none';
  if (commas > 0 && points > 0) {
    if (/^\d{1,3}(,\d{3})+\.\d*$/.test(joined)) return 'comma-groups';
    if (/^\d{1,3}(\.\d{3})+,\d*$/.test(joined)) return 'point-groups';
    // Lakh and crore: 12,34,567.
    return /^\d{1,2}(,\d{2})*,\d{3}(\.\d*)?$/.test(joined) ? 'comma-groups' : null;
  }
  const [mark, count] = commas > 0 ? [',', commas] : ['.', points];
  const comma = mark === ',';
  if (count > 1) {
    const pattern = comma ? /^\d{1,3}(,\d{2,3})*,\d{3}$/ : /^\d{1,3}(\.\d{3})+$/;
    return pattern.test(joined) ? (comma ? 'comma-groups' : 'point-groups') : null;
  }
  if (joined === digits && /^[1-9]\d{0,2}[.,]\d{3}$/.test(joined)) return comma ? 'comma-unclear' : 'point-unclear';
  return comma ? 'decimal-comma' : 'decimal-point';
}

/** Value of a numeral in a notation; NaN where it does not fit it. */
export function valueIn({ core, negative }: Numeral, { decimal, thousands }: Notation): number {
  const power = exponent.exec(core)?.[0] ?? '';
  const digits = power ? core.slice(0, -power.length) : core;
  const at = digits.indexOf(decimal);
  let whole = at < 0 ? digits : digits.slice(0, at);
  const rest = at < 0 ? '' : digits.slice(at + 1);
  for (const mark of thousands) {
    if (!whole.includes(mark)) continue;
    if (!(mark === ',' ? /^[+-]?\d{1,3}(,\d{2,3})*,\d{3}$/ : /^[+-]?\d{1,3}(?:\D\d{3})+$/).test(whole))
      return Number.NaN;
    whole = whole.replaceAll(mark, '');
    break;
  }
  if (!/^[+-]?\d*$/.test(whole) || !/^\d*$/.test(rest) || !/\d/.test(whole + rest)) return Number.NaN;
  const value = Number(`${whole}${rest === '' ? '' : `.${rest}`}${power}`.replace(/^([+-]?)\./, '$10.'));
  return negative ? -value : value;
}

/** Units that are units wherever they follow numbers. */
const units = new Set(
  // not translated: units in data files
  `mg kg lb lbs oz ton tons mm cm km mi ft yd inch inches sec secs min mins hr hrs hour hours day days week weeks month months
  year years yr yrs °c °f ° " ' µm µg µs ms ns hz khz mhz ghz kw mw kwh mah mv ma ml cl dl mpg mph rpm hp ps bhp nm cc kcal cal
  kb mb gb tb px pt bar pa hpa kpa psi mol mmol ppm ppb db m² m2 m³ m3 km² km2 km/h m/s km/l g/l mg/l mg/dl kg/m² sqm sqft
  percent pct euro euros dollar dollars points pts people items pcs rooms`.split(/\s+/),
);

/** Units of one letter, which behind a space are no part of a name such as 3A. */
const shortUnits = new Set('gmslhtLMKVAWCFNJ');

/** @param spaced Whether a space stands before the unit. */
function isKnownUnit(unit: string, spaced: boolean): boolean {
  return units.has(unit.toLowerCase()) || (spaced && shortUnits.has(unit));
}

const time = '\\d{1,2}:\\d{2}(?::\\d{2}(?:[.,]\\d+)?)?\\s*(?:[ap]m)?(?:z|[+-]\\d{2}:?\\d{2})?';
const monthName = '(?:jan|feb|mar|apr|may|mai|jun|jul|aug|sep|oct|okt|nov|dec|dez)[a-zä]{0,6}\\.?';
const date = new RegExp(
  `^(?:(?:\\d{4}([-/.])\\d{1,2}\\1\\d{1,2}|(?:0?[1-9]|[12]\\d|3[01])([-/.])(?:0?[1-9]|[12]\\d|3[01])\\2(?:\\d{4}|\\d{2})|\\d{1,2}[-. ]+${monthName}[-, ]+\\d{2,4}|${monthName}\\s+\\d{1,2},?\\s+\\d{4})(?:[t ]\\s*${time})?|${time})$`,
  'i',
);

/** Whether a field is a date or a time of day. */
export function isDate(field: string): boolean {
  return field.length <= 40 && date.test(field);
}
