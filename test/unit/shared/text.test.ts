/** Text from files cannot produce an escape sequence, a reversed direction, a link or an icon in any of the functions. */
import assert from 'node:assert/strict';
import fc from 'fast-check';
import { label, longestLabel, markdown, visible, visibleLines } from '../../../src/shared/text';

/** Strings that VS Code 1.139 turns into a link in a notification, or an icon in a label. */
const link = /\[([^\]]+)\]\(((?:https?:\/\/|command:|file:)[^)\s]+)(?: (["'])(.+?)(\3))?\)/i;
const icon = /\$\([a-z0-9-]+(?:~[a-z]+)?\)/i;
const address = /(?:https?|file|ftp|vscode):\/\//i;
const obeyed = /\p{Cc}|[\u061c\u200e\u200f\u2028-\u202e\u2066-\u206f\ufdd0-\ufdef]/u;

const parts = fc.constantFrom(
  ...[
    '[Fix](command:workbench.action.quit)',
    '[',
    ']',
    '](',
    'command:x',
    '(https://a.b)',
    'https://a.b',
    'file:///etc',
  ],
  ...['$(flame)', '$(', '$', 'sync~spin)', '\\$(x)', '\u001b[2J', '\u001b]8;;https://a.b\u0007', '\u009b', '\u202e'],
  ...[
    '\u2066',
    '\u2069',
    '\u200f',
    '\n',
    '\r\n',
    '\t',
    '\u2028',
    '\0',
    '\ud83d',
    '\ude00',
    '😀',
    'ä',
    'שלום',
    '\ufdd031m',
  ],
  ...['<img src=x onerror=y>', '&lt;', '*b*', '`c`', '|', '# ', '\u200b', '$\u200b(', 'www.a.b', 'a@b.c'],
);
const strings = fc
  .array(fc.oneof(parts, fc.string({ unit: 'binary', maxLength: 4 }), fc.string({ maxLength: 6 })), { maxLength: 12 })
  .map((all) => all.join(''));
const runs = { numRuns: 3000, seed: 20150211 };

describe('text from a file', () => {
  it('controls no terminal, on one line or on several', () => {
    const property = fc.property(strings, (text) => {
      assert.doesNotMatch(visible(text), obeyed);
      assert.doesNotMatch(visibleLines(text).replace(/[\n\t]/g, ''), obeyed);
      assert.ok([visible(text), visibleLines(text), label(text)].every((shown) => !/\p{Cs}/u.test(shown)));
    });
    fc.assert(property, runs);
  });

  it('keeps its value as JSON', () => {
    fc.assert(
      fc.property(fc.jsonValue(), strings, (value, text) => {
        assert.deepEqual(
          JSON.parse(visibleLines(JSON.stringify([value, text], null, 2))),
          JSON.parse(JSON.stringify([value, text])),
        );
      }),
      runs,
    );
  });

  it('is no link and no icon in the editor, and is bounded', () => {
    const property = fc.property(strings, strings, (before, after) => {
      const shown = label(`${before}${after}`);
      for (const pattern of [link, icon, address, obeyed]) assert.doesNotMatch(shown, pattern);
      assert.ok(shown.length <= 2 * longestLabel);
      assert.equal(label(shown), shown);
    });
    fc.assert(property, runs);
  });

  it('looks unchanged: harmless text is unchanged, other text gets zero-width characters or escapes', () => {
    for (const text of ['two arms, “quoted”', 'a/b.csv:3', '[1, 2](x', 'C:\\x', '👩‍🔬 שלום é', 'x$y', '']) {
      for (const shown of [visible, visibleLines]) assert.equal(shown(text), text);
      assert.equal(label(text).replaceAll('\u200b', ''), text);
    }
    assert.equal(
      label('[Fix](command:x) $(flame) https://a.b').replaceAll('\u200b', ''),
      '[Fix](command:x) $(flame) https://a.b',
    );
    assert.equal(label('a\nb\u202ec'), 'a b\\u202ec');
  });

  it('is cut between characters if it is long', () => {
    assert.equal(label('x'.repeat(5e6)).length, longestLabel);
    assert.equal(label('ab😀d', 4), 'ab…');
    assert.equal(label('\0'.repeat(1000)).length, longestLabel);
  });

  it('is not interpreted as Markdown', () => {
    const property = fc.property(strings, (text) => {
      assert.match(markdown(text), /^(?:[^!-/:-@[-`{-~]|&#\d+;)*$/);
    });
    fc.assert(property, runs);
    assert.equal(markdown('**a**'), '&#42;&#42;a&#42;&#42;');
  });
});
