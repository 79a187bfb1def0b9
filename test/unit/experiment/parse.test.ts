import assert from 'node:assert/strict';
import { deepestNesting, largestText, mostValues, parseText } from '../../../src/experiment/parse';
import { readExperiment } from '../../../src/experiment/read';
import { assertPlaced, minimal, reported, textOf } from './support';

describe('parsing an experiment file', () => {
  it('accepts comments, trailing commas and a byte order mark', () => {
    const text = `\ufeff// first\n{ "data": { "kind": "spiral", }, /* then */ "network": { "layers": [{ "dense": 8 },] }, }`;
    const { plan, diagnostics } = readExperiment(text);
    assert.deepEqual(diagnostics, []);
    assert.equal(plan?.runs.length, 1);
  });

  for (const text of ['', ' \n\t', '\ufeff', '// nothing\n/* yet */']) {
    it(`suggests what to do with an empty file: ${JSON.stringify(text)}`, () => {
      const { diagnostics } = readExperiment(text);
      assert.equal(diagnostics.length, 1);
      assert.match(diagnostics[0].message, /the file is empty.*New BatchNorm Experiment.*bnexp new/);
      assert.equal(diagnostics[0].line, 1);
    });
  }

  const broken: [text: string, first: string][] = [
    ['hello', 'hello: "hello" is not allowed here: strings must be in double quotation marks'],
    ['{ "name": }', '}: a value is expected, not "}"'],
    ['{ "name": "a" "notes": "b" }', '"notes": a comma is expected before "\\"notes\\""'],
    ['{ "name" "a" }', '"a": a colon is expected after the property name, not "\\"a\\""'],
    ['{ "name": "a', '"a: this string is not closed: the closing quotation mark is missing'],
    ['{ "name": "a"', '": a closing brace } is missing before the end of the file'],
    ['{ "a": [1, 2', '2: a closing bracket ] is missing before the end of the file'],
    ['{} {}', '{: the experiment ends before this: remove "{" and everything after it'],
    ["{ 'name': 1 }", "'name': \"'name'\": strings must be in double quotation marks"],
    ['{ "a": NaN }', 'NaN: NaN is not allowed: JSON numbers must be finite'],
    ['{ "a": -Infinity }', '-: a minus sign must be followed by a finite number'],
    ['{ "a": 1. }', '1.: this number is incomplete'],
    ['{ "a": "\\x" }', '"\\x": this escape is unknown: write a backslash as \\\\'],
    ['{ "a": "\\u12" }', '"\\u12": \\u must be followed by four hexadecimal digits'],
    ['{ "a": "\t" }', '"\t": a string must not contain this character: write a line break as \\n and a tab as \\t'],
    ['/* open', '/* open: this comment is not closed: */ is missing'],
  ];
  for (const [text, first] of broken) {
    it(`reports the place of the error in ${JSON.stringify(text)}`, () => {
      assert.equal(reported(text)[0], first);
    });
  }

  it('counts lines and columns from 1, for all line endings', () => {
    for (const end of ['\n', '\r\n', '\r']) {
      const { diagnostics } = readExperiment(['{', '  "name": "a",', '  "nam": 1', '}'].join(end));
      const unknown = diagnostics.find(({ message }) => message.includes('"nam"'));
      assert.deepEqual([unknown?.line, unknown?.column, unknown?.length], [3, 3, 5]);
    }
  });

  it('refuses a duplicate property, at the second', () => {
    const text = '{ "name": "a",\n  "data": {},\n  "name": "b" }';
    const [{ message, line, column, length }] = readExperiment(text).diagnostics;
    assert.equal(message, '"name" is a duplicate: it is already set in line 1. Remove one of them.');
    assert.deepEqual([line, column, length], [3, 3, 6]);
  });

  it('finds duplicate properties at any depth', () => {
    assert.match(reported('{ "arms": [{ "a": { "b": 1, "b": 2 } }] }')[0], /^"b": "b" is a duplicate/);
  });

  it('refuses a number that is not finite', () => {
    assert.deepEqual(reported('{ "a": [1, 1e999] }'), ['1e999: this number is too large to be finite']);
    assert.deepEqual(reported('{ "a": -1e400 }'), ['-1e400: this number is too large to be finite']);
  });

  it('refuses __proto__ as a name', () => {
    assert.deepEqual(reported('{ "arms": { "__proto__": {} } }'), [
      '"__proto__": "__proto__" cannot be used as a name',
    ]);
  });

  for (const [open, close] of [
    ['[', ']'],
    ['{"a":', '}'],
  ]) {
    it(`refuses deep nesting of ${open} without deep recursion`, () => {
      for (const depth of [deepestNesting + 1, 100_000, 500_000]) {
        const text = open.repeat(depth) + close.repeat(depth);
        const { diagnostics } = readExperiment(text);
        assert.equal(diagnostics.length, 1);
        assert.match(diagnostics[0].message, /at most 64 levels/);
        assertPlaced(text, diagnostics[0]);
      }
    });
  }

  it('allows the nesting depth given in the message', () => {
    const { diagnostics } = parseText('['.repeat(deepestNesting) + ']'.repeat(deepestNesting));
    assert.deepEqual(diagnostics, []);
  });

  it('ignores brackets in strings and comments', () => {
    const { diagnostics } = readExperiment(`${textOf({ notes: '['.repeat(1000) })} // ${'{'.repeat(1000)}`);
    assert.deepEqual(diagnostics, []);
  });

  it('refuses a file of 100 MB by its size alone', () => {
    const text = ' '.repeat(100_000_000);
    const { plan, diagnostics } = readExperiment(text);
    assert.equal(plan, null);
    assert.match(diagnostics[0].message, /too large \(100\.0 million characters\): an experiment has a few thousand/);
    assert.deepEqual([diagnostics[0].line, diagnostics[0].column], [1, 1]);
  });

  it('refuses more values than any experiment has, in any nesting', () => {
    const many = `{ "training": { "seeds": [${'"x",'.repeat(mostValues + 10)} 1] } }`;
    assert.ok(many.length < largestText);
    assert.match(reported(many)[0], /too many values/);
  });

  it('limits the number of diagnostics', () => {
    const text = textOf({ training: { seeds: Array(50_000).fill('x') } });
    const { diagnostics } = readExperiment(text);
    assert.ok(diagnostics.length > 0 && diagnostics.length <= 200, String(diagnostics.length));
  });

  for (const value of [null, true, 3, 'text', [], [minimal]]) {
    it(`refuses ${JSON.stringify(value).slice(0, 20)} instead of an experiment`, () => {
      const { diagnostics } = readExperiment(JSON.stringify(value));
      assert.match(diagnostics[0].message, /an experiment is an object/);
    });
  }
});
