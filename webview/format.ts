/** How numbers are written: a real minus sign, thousands with a comma, as many digits as can be told apart at a glance. */

const superscripts: Record<string, string> = { '-': '⁻' };
for (const [digit, raised] of [...'⁰¹²³⁴⁵⁶⁷⁸⁹'].entries()) superscripts[digit] = raised;

/** What stands where there is no value. */
export const noValue = '–';

const withMinus = (text: string) => text.replaceAll('-', '−');

/** A measured value in two or three digits: `0.94`, `0.0055`, `−1.2`, `8.1e−5`, `3.1e6`. */
export function formatValue(value: number): string {
  return write(value, 1);
}

/** The same where room is short: one digit before an exponent. */
export function formatBrief(value: number): string {
  return write(value, 0);
}

function write(value: number, exponentDecimals: number): string {
  if (!Number.isFinite(value)) return noValue;
  const size = Math.abs(value);
  if (size === 0) return '0';
  // The limits stand where rounding would carry into the next digit: 0.0996 is written 0.10, 0.9951 is 1.00.
  if (size >= 99_999.5 || size < 0.000_995) {
    const [digits, exponent] = value.toExponential(exponentDecimals).split('e');
    return withMinus(`${digits.replace('.0', '')}e${Number(exponent)}`);
  }
  if (size >= 999.5) return formatCount(value);
  const decimals = size >= 99.5 ? 0 : size >= 9.95 ? 1 : size >= 0.0995 ? 2 : size >= 0.009_95 ? 3 : 4;
  return withMinus(value.toFixed(decimals));
}

/** A share, 0 to 1: `99.5 %`. */
export function formatPercent(share: number): string {
  return Number.isFinite(share) ? `${withMinus((share * 100).toFixed(1))} %` : noValue;
}

/** A whole number: `12,500`. */
export function formatCount(count: number): string {
  return withMinus(Math.round(count).toLocaleString('en-US'));
}

/** Steps per second: `2,630`, `41.2`, `0.62`. */
export function formatRate(rate: number): string {
  return rate >= 99.5 ? formatCount(rate) : rate >= 9.95 ? rate.toFixed(1) : rate.toFixed(2);
}

/** Seconds as a clock: `0:42`, `12:05`, `1:02:05`. */
export function formatDuration(seconds: number): string {
  const whole = Math.max(0, Math.ceil(seconds));
  const two = (value: number) => String(value).padStart(2, '0');
  const hours = Math.floor(whole / 3600);
  const minutes = Math.floor(whole / 60) % 60;
  return hours > 0 ? `${hours}:${two(minutes)}:${two(whole % 60)}` : `${minutes}:${two(whole % 60)}`;
}

/** A power of ten on an axis: `10⁻⁴`, `0.01`, `1`, `100`, `10⁶`. */
export function formatPower(value: number): string {
  const exponent = Math.round(Math.log10(Math.abs(value)));
  const sign = value < 0 ? '−' : '';
  if (exponent >= -2 && exponent <= 3) return `${sign}${formatPlain(10 ** exponent)}`;
  return `${sign}10${[...String(exponent)].map((character) => superscripts[character]).join('')}`;
}

/** A tick of a linear axis, without digits that rounding left over. */
export function formatPlain(value: number): string {
  const rounded = Number(value.toPrecision(6));
  return Math.abs(rounded) >= 1000 && Number.isInteger(rounded) ? formatCount(rounded) : withMinus(String(rounded));
}
