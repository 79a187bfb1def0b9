/** The language of `bnexp`: that of `BNEXP_LANGUAGE`, or of the system, if there is a translation, and English otherwise. */
import { existsSync } from 'node:fs';
import { join } from 'node:path';
import { useTranslation } from '../runs/language';

/**
 * Returns the language of a locale, such as `es` of `es`, `es-MX` or `es_MX.UTF-8`; null for `C`, `POSIX` and anything that is not a
 * locale.
 */
export function languageOf(locale: string): string | null {
  return /^([a-z]{2,3})(?:[-_.@]|$)/.exec(locale.trim().toLowerCase())?.[1] ?? null;
}

/**
 * Sets the language of this process.
 * @param locale The wanted one.
 * @param folder Folder of the translations.
 * @returns A line for the user if the translation cannot be read, so that the language is English; otherwise null.
 */
export function setLanguage(locale: string, folder: string): string | null {
  const language = languageOf(locale);
  if (language === null || language === 'en') return null;
  const file = join(folder, `${language}.br`);
  if (!existsSync(file)) return null;
  try {
    useTranslation(file);
    return null;
  } catch (cause) {
    const { message } = cause as Error;
    // not translated: there is no translation
    return `warning: the translation ${file} cannot be read (${message}): install bnexp again, or set BNEXP_LANGUAGE=en`;
  }
}
