/**
 * Entry of the `bnexp` program: sets the language, then loads everything else, whose constants contain words. The language is that of
 * the system, or `BNEXP_LANGUAGE`, if there is a translation.
 */
import { existsSync } from 'node:fs';
import { join } from 'node:path';
import { useTranslation } from '../runs/language';

const wanted = process.env.BNEXP_LANGUAGE || new Intl.NumberFormat().resolvedOptions().locale;
const language = /^[a-z]{2,3}/.exec(wanted.toLowerCase())?.[0] ?? 'en';
const file = join(__dirname, 'translations', `${language}.br`);
if (language !== 'en' && existsSync(file)) useTranslation(file);
void import('./main');
