// biome-ignore-all lint/suspicious/noTemplateCurlyInString: sources in strings
/** Every string that people read passes through `l10n.t`, and each translation has all of them. */
import assert from 'node:assert/strict';
import { readdirSync, readFileSync } from 'node:fs';
import { loadScript } from '../../support/scripts';

type Words = typeof import('../../../scripts/lib/l10n/words.mjs');
type Bundle = typeof import('../../../scripts/lib/l10n/bundle.mjs');

describe('the translations', function () {
  this.timeout(60_000);
  let words: Words;
  let bundle: Bundle;
  let inSources: Record<string, string>;
  let messages: Record<string, string>;
  before(async () => {
    words = await loadScript<Words>('lib/l10n/words.mjs');
    bundle = await loadScript<Bundle>('lib/l10n/bundle.mjs');
    inSources = await bundle.messagesIn();
    messages = { ...inSources, ...(await bundle.presetMessages()) };
  });

  it('find a string that is not translated', () => {
    const found = (text: string, file = 'src/x.ts') =>
      words.untranslatedNodes(file, text).found.map((node) => node.getText());
    assert.deepEqual(found("const a = 'two words'; const b = 'word'; f(`${n} more words`);"), [
      "'two words'",
      '`${n} more words`',
    ]);
    assert.deepEqual(found("l10n.t('two words'); l10n.t`${n} more words`; l10n.t({ message: 'two words' });"), []);
    assert.deepEqual(found("const a = 'Seeds';", 'webview/x.ts'), ["'Seeds'"]);
    assert.deepEqual(found("// not translated: code\nconst a = 'two words';"), []);
    assert.deepEqual(found("import 'two words'; if (a === 'two words') throw new Error('two words');"), []);
  });

  it('are asked for every string that people read', () => {
    const missed = words.untranslated().map(({ file, line, text }) => `${file}:${line} ${text}`);
    assert.deepEqual(missed, [], 'pass these through l10n.t, or mark them with "not translated: <reason>"');
  });

  it('have the keys that the program looks up', () => {
    const lookedUp = new Set(
      words.sourcesWithWords().flatMap((file) => {
        const text = readFileSync(file, 'utf8');
        return text.includes('l10n.t') ? words.keysOf(file, text) : [];
      }),
    );
    assert.deepEqual(
      Object.keys(inSources).filter((key) => !lookedUp.has(key)),
      [],
    );
    // Differences come from escapes and from conditions inside a call.
    assert.deepEqual(
      [...lookedUp].filter((key) => !(key in inSources)),
      [],
    );
  });

  it('are asked with messages in which braces are placeholders only', () => {
    const unclear = Object.values(inSources).filter((message) => {
      const rest = message.replaceAll(/\{\d+\}/g, '');
      return rest !== message && /[{}]/.test(rest);
    });
    assert.deepEqual(unclear, []);
  });

  for (const name of readdirSync('l10n')) {
    const language = /^bundle\.l10n\.(.+)\.json$/.exec(name)?.[1];
    if (!language) continue;
    describe(`to ${language}`, () => {
      let known: Record<string, string>;
      before(() => {
        known = bundle.translation(language);
      });

      it('are complete, and have nothing else', () => {
        assert.deepEqual(
          Object.keys(messages).filter((key) => !known[key]),
          [],
          'npm run l10n -- --missing es prints them',
        );
        assert.deepEqual(
          Object.keys(known).filter((key) => !(key in messages)),
          [],
          'npm run l10n -- --add es removes them',
        );
      });

      it('have the placeholders, code and outer spaces of the messages', () => {
        const code = (text: string) => (text.match(/`[^`]+`|--[a-z][a-z-]+/g) ?? []).sort();
        for (const [key, message] of Object.entries(messages)) {
          const text = known[key];
          assert.equal(bundle.placeholders(text), bundle.placeholders(message), text);
          assert.deepEqual(code(text), code(message), text);
          const outer = (each: string) => [/^\s*/.exec(each)?.[0], /\s*$/.exec(each)?.[0]];
          // The separator of thousands may be a space.
          if (/\p{L}/u.test(message)) assert.deepEqual(outer(text), outer(message), `"${text}"`);
        }
      });

      it('differ from the messages', () => {
        const same = Object.entries(messages).filter(([key, message]) => known[key] === message);
        const prose = same.filter(([, message]) => /\p{Ll}{3,} \p{Ll}{3,}/u.test(message));
        assert.deepEqual(prose, []);
      });
    });
  }
});
