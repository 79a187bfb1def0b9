/**
 * Formats numbers for all hosts: with a minus sign (−) and commas between thousands. Measured values have two or three digits.
 * Results that are compared with each other (final losses, verdicts) have four.
 */
import * as l10n from '@vscode/l10n';

const superscripts: Record<string, string> = { '-': '⁻' };
for (const [digit, raised] of [...'⁰¹²³⁴⁵⁶⁷⁸⁹'].entries()) superscripts[digit] = raised;

/** Kept, because making one takes longer than formatting. */
const groups = new Intl.NumberFormat('en-US');
const inFourDigits = new Intl.NumberFormat('en-US', { maximumSignificantDigits: 4 });

/** The decimal sign is a point in all languages, as in experiment files. A language in which commas are decimal signs uses spaces here. */
const thousands = l10n.t({ message: ',', comment: 'Separates thousands, as in 12,500. The decimal sign is a point.' });

function withThousands(text: string): string {
  return thousands === ',' ? text : text.replaceAll(',', thousands);
}

/** Text for a missing value. */
export const noValue = '–';

function withMinus(text: string): string {
  return text.replaceAll('-', '−');
}

/** Formats a measured value with two or three digits: `0.94`, `0.0055`, `−1.2`, `8.1e−5`, `3.1e6`. */
export function formatValue(value: number): string {
  return write(value, 1);
}

/** The same for narrow places: one digit before an exponent. */
export function formatBrief(value: number): string {
  return write(value, 0);
}

function write(value: number, exponentDecimals: number): string {
  if (!Number.isFinite(value)) return noValue;
  const size = Math.abs(value);
  if (size === 0) return '0';
  // The limits are where rounding would carry into the next digit: 0.0996 becomes 0.10, and 0.9951 becomes 1.00.
  if (size >= 99_999.5 || size < 0.000_995) {
    const [digits, exponent] = value.toExponential(exponentDecimals).split('e');
    return withMinus(`${digits.replace('.0', '')}e${Number(exponent)}`);
  }
  if (size >= 999.5) return formatCount(value);
  const decimals = size >= 99.5 ? 0 : size >= 9.95 ? 1 : size >= 0.0995 ? 2 : size >= 0.009_95 ? 3 : 4;
  return withMinus(value.toFixed(decimals));
}

/**
 * Formats a result with four significant digits, and all digits before the decimal point: `0.9123`, `−0.04`, `12345.7`, `1.5e−5`.
 * @param padded Whether to retain trailing zeros, as in the columns of a table.
 */
export function formatResult(value: number, padded = false): string {
  if (!Number.isFinite(value)) return noValue;
  const size = Math.abs(value);
  if (size === 0) return '0';
  const isPower = size < 1e-4 || size >= 1e6;
  const text = isPower ? value.toExponential(3) : value.toPrecision(Math.max(4, Math.floor(Math.log10(size)) + 2));
  const [digits, power] = text.split('e');
  const short = padded ? digits : String(Number(digits));
  return withMinus(power === undefined ? short : `${short}e${Number(power)}`);
}

/** The same with a sign, `+` also for 0. */
export function formatDifference(value: number, padded = false): string {
  return `${value < 0 ? '' : '+'}${formatResult(value, padded)}`;
}

/** Formats a p-value: `0.012`, `< 0.001`. */
export function formatP(p: number): string {
  return p < 0.001 ? '< 0.001' : p.toFixed(3);
}

/** Formats a p-value with its name: `p = 0.012`, `p < 0.001`. */
export function pInWords(p: number): string {
  return `p ${p < 0.001 ? '' : '= '}${formatP(p)}`;
}

/** Formats a share of 0 to 1: `99.5 %`. */
export function formatPercent(share: number, decimals = 1): string {
  return Number.isFinite(share) ? `${withMinus((share * 100).toFixed(decimals))} %` : noValue;
}

/** Formats a whole number: `12,500`. */
export function formatCount(count: number): string {
  return withMinus(withThousands(groups.format(Math.round(count))));
}

/** Formats an amount with four significant digits: `270,100`, `0.5432`, `1.234e+9`. */
export function formatAmount(value: number): string {
  if (Math.abs(value) >= 1e9) return withMinus(value.toExponential(3));
  return withMinus(withThousands(inFourDigits.format(value)));
}

/** Formats steps per second: `2,630`, `41.2`, `0.62`. */
export function formatRate(rate: number): string {
  return rate >= 99.5 ? formatCount(rate) : rate >= 9.95 ? rate.toFixed(1) : rate.toFixed(2);
}

/** Formats a power of ten on an axis: `10⁻⁴`, `0.01`, `1`, `100`, `10⁶`. */
export function formatPower(value: number): string {
  const exponent = Math.round(Math.log10(Math.abs(value)));
  const sign = value < 0 ? '−' : '';
  if (exponent >= -2 && exponent <= 3) return `${sign}${formatPlain(10 ** exponent)}`;
  return `${sign}10${[...String(exponent)].map((character) => superscripts[character]).join('')}`;
}

/** Formats a tick of a linear axis, without digits from rounding errors. */
export function formatPlain(value: number): string {
  const rounded = Number(value.toPrecision(6));
  return Math.abs(rounded) >= 1000 && Number.isInteger(rounded) ? formatCount(rounded) : withMinus(String(rounded));
}

/** Formats a number of bytes: `1.5 GB`. */
export function bytesInWords(bytes: number): string {
  const units = [l10n.t('bytes'), 'kB', 'MB', 'GB', 'TB', 'PB'];
  let unit = 0;
  while (bytes >= 1000 && unit < units.length - 1) {
    bytes /= 1000;
    unit++;
  }
  return `${bytes >= 100 || unit === 0 ? withThousands(groups.format(Math.round(bytes))) : bytes.toPrecision(2)} ${units[unit]}`;
}

/**
 * Formats a number for other programs: the shortest decimal that reads as the same float32, `0.1` and not `0.10000000149011612`,
 * or all digits of a number that is not a float32. From 1e15 on with an exponent, because programs read digits alone as an integer that
 * overflows. Empty for NaN, which represents a missing value.
 */
export function shortestDecimal(value: number): string {
  if (Number.isNaN(value)) return '';
  if (!Number.isFinite(value)) return value > 0 ? 'inf' : '-inf';
  for (let digits = 6; digits <= 9; digits++) {
    const short = Number(value.toPrecision(digits));
    if (Math.fround(short) === value) return withExponent(short);
  }
  return withExponent(value);
}

function withExponent(value: number): string {
  return Math.abs(value) >= 1e15 ? value.toExponential() : String(value);
}
