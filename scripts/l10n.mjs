// @ts-check
/**
 * Compares the translations with the messages of the sources:
 *
 *   npm run l10n                      # what is missing, unused or has other placeholders than the English message
 *   npm run l10n -- --missing es src/cli   # missing messages of some folders, as JSON to fill in
 *   npm run l10n -- --add es new.json      # adds translations, sorted, and removes unused ones
 */
import { existsSync, readdirSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { parseArgs } from 'node:util';
import { root } from './lib/files.mjs';
import { messagesIn, placeholders, presetMessages, translation } from './lib/l10n/bundle.mjs';
import { sourcesWithWords } from './lib/l10n/words.mjs';
import { Problem, runMain } from './lib/processes.mjs';

/** @param {string} language */
const file = (language) => join(root, 'l10n', `bundle.l10n.${language}.json`);

/** @param {string} language */
const translated = (language) => (existsSync(file(language)) ? translation(language) : {});

await runMain(async () => {
  const { values, positionals } = parseArgs({
    allowPositionals: true,
    options: { missing: { type: 'string' }, add: { type: 'string' } },
  });
  if (values.missing !== undefined) {
    const chosen = sourcesWithWords().filter(
      (each) => positionals.length === 0 || positionals.some((start) => each.startsWith(start)),
    );
    const known = translated(values.missing);
    const inFiles = positionals.length === 0 || positionals.includes('examples') ? await presetMessages() : {};
    const messages = Object.entries({ ...(await messagesIn(chosen)), ...inFiles }).filter(([key]) => !(key in known));
    console.log(JSON.stringify(Object.fromEntries(messages), null, 2));
    return;
  }
  const messages = { ...(await messagesIn()), ...(await presetMessages()) };
  if (values.add !== undefined) {
    const all = translated(values.add);
    for (const each of positionals) Object.assign(all, JSON.parse(readFileSync(each, 'utf8')));
    const used = Object.keys(messages)
      .filter((key) => key in all)
      .sort();
    writeFileSync(
      file(values.add),
      `${JSON.stringify(Object.fromEntries(used.map((key) => [key, all[key]])), null, 2)}\n`,
    );
    return;
  }
  let problems = 0;
  for (const name of readdirSync(join(root, 'l10n'))) {
    const language = /^bundle\.l10n\.(.+)\.json$/.exec(name)?.[1];
    if (!language) continue;
    const known = translation(language);
    const report = (/** @type {string} */ problem, /** @type {string[]} */ keys) => {
      problems += keys.length;
      for (const key of keys) console.log(`${language}: ${problem}: ${key}`);
    };
    report(
      'missing',
      Object.keys(messages).filter((key) => !(key in known)),
    );
    report(
      'unused',
      Object.keys(known).filter((key) => !(key in messages)),
    );
    const differs = (/** @type {[string, string]} */ [key, message]) =>
      key in known && placeholders(known[key]) !== placeholders(message);
    report(
      'other placeholders',
      Object.entries(messages)
        .filter(differs)
        .map(([key]) => key),
    );
  }
  if (problems > 0) throw new Problem(`${problems} messages are not translated as they should be.`);
  console.log('All messages are translated.');
});
