/** Dates and times in words. */
import { language } from '../shared/language';

/** In English, the system's own form of dates, which depends on its region. */
export const dateLocale = language === 'en' ? undefined : language;

export function dateAndTime(time: number): string {
  return new Date(time).toLocaleString(dateLocale);
}
