/** package.json as the editor reads it: `%key%` is replaced by the words of a language. */
import { readdirSync, readFileSync } from 'node:fs';

export type Words = Record<string, string>;

/** Codes of the languages other than English that package.json has words in. */
export const languages = readdirSync('.').flatMap((name) => /^package\.nls\.(.+)\.json$/.exec(name)?.[1] ?? []);

/** package.json with its keys. */
export const manifestWithKeys = JSON.parse(readFileSync('package.json', 'utf8'));

/** Words by key, in English by default. */
export function wordsIn(language?: string): Words {
  const name = language === undefined ? 'package.nls.json' : `package.nls.${language}.json`;
  return JSON.parse(readFileSync(name, 'utf8'));
}

/** package.json in a language, in English by default. */
export function manifestIn(language?: string): typeof manifestWithKeys {
  const words = wordsIn(language);
  return JSON.parse(JSON.stringify(manifestWithKeys), (_, value) =>
    typeof value === 'string' ? value.replace(/^%(.+)%$/, (whole, key) => words[key] ?? whole) : value,
  );
}
