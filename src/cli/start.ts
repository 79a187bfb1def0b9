/** Entry of the `bnexp` program: sets the language, then loads everything else, whose constants contain words. */
import { join } from 'node:path';
import { setLanguage } from './language';

const locale = process.env.BNEXP_LANGUAGE || new Intl.NumberFormat().resolvedOptions().locale;
const warning = setLanguage(locale, join(__dirname, 'translations'));
void import('./main').then(({ main }) => main(__dirname, warning));
