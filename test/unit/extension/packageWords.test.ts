/** The words of package.json: each is in package.nls.json and in every translation of it. */
import assert from 'node:assert/strict';
import { readFileSync } from 'node:fs';
import { languages, manifestWithKeys, wordsIn } from '../../support/manifest';

/** Properties of contributions that the editor shows. */
const shown =
  /^(title|description|displayName|userDescription|contents|markdownDescription|(markdown)?[eE]numDescriptions|enumItemLabels|label|shortTitle|fullName)$/;

const isKey = (text: string) => /^%[\w.-]+%$/.test(text);

/** Words that are the same in every language. */
const names = [manifestWithKeys.displayName];

/** Every string in a part of package.json, with the property that it belongs to. */
function strings(part: unknown, path: string[] = []): { path: string[]; text: string }[] {
  if (typeof part === 'string') return [{ path, text: part }];
  if (typeof part !== 'object' || part === null) return [];
  return Object.entries(part).flatMap(([name, value]) =>
    strings(value, Array.isArray(part) && typeof value === 'string' ? path : [...path, name]),
  );
}

/** Descriptions for language models are in English. */
const isForModels = (path: string[]) => path.includes('inputSchema') || path.at(-1) === 'modelDescription';

/** What a translation may not change: code, commands of links and settings. */
const codes = (text: string) => (text.match(/`[^`]*`|\(command:[^)]*\)|\$\([\w-]+\)/g) ?? []).sort();

const { contributes, capabilities } = manifestWithKeys;
const all = [...strings(contributes), ...strings(capabilities)];
const english = wordsIn();

describe('words of package.json', () => {
  it('are keys wherever a person reads them', () => {
    const isShown = (path: string[]) =>
      shown.test(path.at(-1) ?? '') || (path[0] === 'views' && path.at(-1) === 'name');
    const read = all.filter(({ path }) => isShown(path) && !isForModels(path));
    assert.ok(read.length > 90);
    assert.deepEqual(
      read.filter(({ text }) => !isKey(text) && !names.includes(text)),
      [],
    );
    assert.deepEqual(
      all.filter(({ path, text }) => path.at(-1) === 'category' && !names.includes(text)),
      [],
    );
  });

  it('are all used, once each', () => {
    const keys = all.flatMap(({ text }) => (isKey(text) ? [text.slice(1, -1)] : []));
    assert.deepEqual(keys.sort(), Object.keys(english).sort());
  });

  it('are literal where npm shows them', () => {
    for (const name of ['description', 'displayName']) assert.ok(!isKey(manifestWithKeys[name]), name);
  });

  for (const language of languages) {
    const translated = wordsIn(language);

    it(`have the same keys in ${language}, in the same order`, () => {
      assert.deepEqual(Object.keys(translated), Object.keys(english));
    });

    it(`have other words and the same code in ${language}`, () => {
      for (const [key, text] of Object.entries(english)) {
        assert.notEqual(translated[key].trim(), '', key);
        assert.notEqual(translated[key], text, key);
        assert.deepEqual(codes(translated[key]), codes(text), key);
      }
    });

    it(`belong to a translation of the other words into ${language}, which ships with them`, () => {
      const folder = manifestWithKeys.l10n;
      JSON.parse(readFileSync(`${folder}/bundle.l10n.${language}.json`, 'utf8'));
      assert.match(
        readFileSync('.vscodeignore', 'utf8'),
        /^!package\.nls\.json\n!package\.nls\.\*\.json\n!l10n\/\*\.json$/m,
      );
    });
  }

  it('are in Spanish too', () => assert.ok(languages.includes('es')));
});
