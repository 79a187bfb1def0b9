/** Ways to damage bytes, text and JSON. */
import type { Dice } from './dice';

/** Bytes with some changed, removed, repeated, zeroed or inserted. */
export function damagedBytes(bytes: Buffer, dice: Dice): Buffer {
  const at = dice.below(bytes.length + 1);
  const length = Math.min(bytes.length - at, dice.pick([1, 2, 4, 9, 64, bytes.length]));
  const [before, span, after] = [bytes.subarray(0, at), bytes.subarray(at, at + length), bytes.subarray(at + length)];
  switch (dice.below(7)) {
    case 0: {
      const flipped = Buffer.from(bytes);
      if (at < bytes.length) flipped[at] ^= 1 << dice.below(8);
      return flipped;
    }
    case 1:
      return before;
    case 2:
      return Buffer.concat([before, after]);
    case 3:
      return Buffer.concat([before, span, span, after]);
    case 4:
      return Buffer.concat([before, Buffer.alloc(length), after]);
    case 5:
      return Buffer.concat([before, dice.bytes(dice.between(1, 40)), after]);
    default:
      return Buffer.concat([bytes, dice.bytes(dice.between(1, 40))]);
  }
}

const tokens = [
  ...[
    '{',
    '}',
    '[',
    ']',
    ',',
    ':',
    '"',
    '\\',
    '//',
    '/*',
    '*/',
    'null',
    'true',
    '-1',
    '0',
    '{}',
    '[[]]',
    '\r\n',
    '\ud800',
  ],
  ...[
    '"__proto__"',
    '"constructor"',
    '"kind"',
    '"arms"',
    '"$(flame)"',
    '"[a](command:b)"',
    '"\\u001b[2J"',
    '\u202e',
    '\0',
  ],
];
const numbers = [
  '-1',
  '0',
  '0.5',
  '1e999',
  '-1e308',
  '5e-324',
  '1e9',
  '99999999999999999999',
  '4294967296',
  '0x10',
  'NaN',
];

/** Text with tokens, numbers or parts of it in the wrong place. */
export function damagedText(text: string, dice: Dice, extra: readonly string[] = []): string {
  const at = dice.below(text.length + 1);
  const length = dice.pick([0, 1, 3, 20, 200]);
  const span = text.slice(at, at + length);
  switch (dice.below(6)) {
    case 0:
      return text.slice(0, at) + dice.pick([...tokens, ...extra]) + text.slice(at + length);
    case 1:
      return text.slice(0, at) + text.slice(at + length);
    case 2:
      return text.slice(0, at) + span.repeat(dice.pick([2, 3, 50])) + text.slice(at + length);
    case 3: {
      const found = [...text.matchAll(/-?\d+(?:\.\d+)?(?:e[+-]?\d+)?/gi)];
      if (found.length === 0) return text;
      const { index, 0: number } = dice.pick(found);
      return text.slice(0, index) + dice.pick(numbers) + text.slice(index + number.length);
    }
    case 4: {
      const depth = dice.pick([2, 63, 65, 5000]);
      return text.slice(0, at) + dice.pick(['[', '{"a":']).repeat(depth) + text.slice(at);
    }
    default:
      return damagedBytes(Buffer.from(text), dice).toString('utf8');
  }
}

const values: readonly unknown[] = [
  ...[
    null,
    true,
    false,
    0,
    -1,
    0.5,
    1e308,
    5e-324,
    1e21,
    2 ** 53,
    '',
    'x',
    '../../up',
    '.',
    'NaN',
    '1',
    '$(flame)',
    '\u001b[2J',
  ],
  ...[
    'x'.repeat(5000),
    '[a](command:b)',
    '\u202e',
    'a\nb',
    [],
    {},
    [[]],
    [null],
    { a: {} },
    ['x', 'x'],
    [1, 2, 3],
    [NaN],
  ],
  ...[{ kind: 'csv', path: 'x.csv' }, { length: 3 }, { __proto__: null }, Array.from({ length: 300 }, (_, k) => k)],
];

/** JSON with unexpected values in some places, or with missing properties. */
export function damagedJson(json: unknown, dice: Dice): unknown {
  if (typeof json !== 'object' || json === null || dice.chance(0.12)) return dice.pick(values);
  const entries = Object.entries(json);
  if (entries.length === 0) return dice.pick(values);
  const [name, value] = dice.pick(entries);
  if (dice.chance(0.12)) {
    const kept = entries.filter(([other]) => other !== name);
    return Array.isArray(json) ? kept.map(([, each]) => each) : Object.fromEntries(kept);
  }
  const inner = damagedJson(value, dice);
  if (Array.isArray(json)) return json.map((each, k) => (String(k) === name ? inner : each));
  const renamed = dice.chance(0.08) ? dice.pick(['__proto__', 'constructor', '', 'x', 'kind']) : name;
  return Object.fromEntries(entries.map(([other, each]) => (other === name ? [renamed, inner] : [other, each])));
}
