/** Times and durations in words. */
import { noValue } from './numbers';

const twoDigits = (number: number) => String(number).padStart(2, '0');
const secondsPerDay = 86_400;

/** Formats seconds since 1970 in the local time zone: `2026-11-29 14:32:05`. */
export function formatTime(seconds: number): string {
  const date = new Date(1000 * seconds);
  if (Number.isNaN(date.getTime())) return noValue;
  const day = [date.getFullYear(), twoDigits(date.getMonth() + 1), twoDigits(date.getDate())];
  const time = [date.getHours(), date.getMinutes(), date.getSeconds()].map(twoDigits);
  return `${day.join('-')} ${time.join(':')}`;
}

/** Formats seconds as hours, minutes and seconds: `0:00:05`, `1:02:05`, `2 d 3:04:05`. */
export function formatDuration(seconds: number): string {
  if (!Number.isFinite(seconds)) return noValue;
  const whole = Math.round(Math.max(0, seconds));
  const days = Math.floor(whole / secondsPerDay);
  const rest = whole % secondsPerDay;
  const time = [Math.floor(rest / 3600), twoDigits(Math.floor(rest / 60) % 60), twoDigits(rest % 60)].join(':');
  return days > 0 ? `${days} d ${time}` : time;
}
