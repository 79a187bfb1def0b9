/** The language of the command line, and answers in it. */
import assert from 'node:assert/strict';
import { writeFileSync } from 'node:fs';
import { setEnvironmentData } from 'node:worker_threads';
import { brotliCompressSync } from 'node:zlib';
import { isYes } from '../../../src/cli/answer';
import { languageOf, setLanguage } from '../../../src/cli/language';
import { translationElement, translationFile, useLanguageOfHost } from '../../../src/runs/language';
import { temporaryFolder } from '../runs/support/experiments';

describe('the language of bnexp', () => {
  const folder = temporaryFolder();

  it('is the first part of a locale, as of a system or a browser', () => {
    for (const locale of ['es', 'es-MX', 'es_MX.UTF-8', 'es-419', 'es@euro', 'ES', ' es ']) {
      assert.equal(languageOf(locale), 'es', locale);
    }
    assert.equal(languageOf('en-US-u-va-posix'), 'en');
    assert.equal(languageOf('fil_PH'), 'fil');
  });

  it('is none where there is no locale', () => {
    for (const locale of ['', 'C', 'C.UTF-8', 'POSIX', 'español', '../es', 'es/../en', '1']) {
      assert.equal(languageOf(locale), null, locale);
    }
  });

  it('is English without a translation', () => {
    assert.equal(setLanguage('xx', folder.path()), null);
    assert.equal(setLanguage('C', folder.path()), null);
    assert.equal(setLanguage('es', folder.path('missing')), null);
    assert.equal(translationElement(), '');
  });

  it('is English where the translation is damaged, with a line that says so', () => {
    const damaged = { aa: 'no Brotli', bb: brotliCompressSync('{ "no JSON"'), cc: '' };
    for (const [language, content] of Object.entries(damaged)) {
      writeFileSync(folder.path(`${language}.br`), content);
      const line = setLanguage(language, folder.path());
      assert.match(
        line ?? '',
        /^warning: the translation .+\.br cannot be read \(.+\): install bnexp again, or set BNEXP_LANGUAGE=en$/,
      );
      // Threads inherit no file that they could not read either.
      assert.equal(translationFile(), null);
      assert.equal(translationElement(), '');
    }
  });

  it('is English in a thread whose translation is gone', () => {
    setEnvironmentData('batchnormLab.translation', folder.path('gone.json'));
    try {
      assert.equal(translationFile(), folder.path('gone.json'));
      useLanguageOfHost();
      assert.equal(translationElement(), '');
    } finally {
      setEnvironmentData('batchnormLab.translation', undefined);
    }
  });

  it('accepts English answers', () => {
    for (const answer of ['y', 'Y', 'yes', ' YES ']) assert.ok(isYes(answer), answer);
    for (const answer of ['', 'n', 'no', 'yy', 'yesterday', 's']) assert.ok(!isYes(answer), answer);
  });
});
