/** Parts of the tools for language models that `bnexp mcp` and the editor share. */
import assert from 'node:assert/strict';
import { readFileSync } from 'node:fs';
import path from 'node:path';
import { languageModelTools } from '../../../src/extension/identifiers';
import { bounded } from '../../../src/runs/tools/bounded';
import { readRunInput, tools } from '../../../src/runs/tools/definitions';
import { layerChanges } from '../../../src/runs/tools/layerChanges';
import { placeIn } from '../../../src/runs/tools/workspace';

describe('tools for language models', () => {
  it('have the same names in package.json, in the extension and in their definitions', () => {
    const { languageModelTools: listed } = JSON.parse(readFileSync('package.json', 'utf8')).contributes;
    assert.deepEqual(
      listed.map(({ name }: { name: string }) => name),
      tools.map(({ editorName }) => editorName),
    );
    assert.deepEqual(languageModelTools, Object.fromEntries(tools.map(({ name, editorName }) => [name, editorName])));
  });

  it('refuse paths outside the open folders, on Windows too', () => {
    const links: Record<string, string> = { 'C:\\lab\\link': 'C:\\Users', 'C:\\lab\\own': 'C:\\lab\\runs' };
    const realPath = (place: string) => {
      if (/missing/.test(place)) throw new Error('ENOENT');
      return links[place] ?? place;
    };
    const place = (given: string) => placeIn(['C:\\lab', 'D:\\more'], given, realPath, path.win32);
    assert.equal(place('a\\b.bnexp.json'), 'C:\\lab\\a\\b.bnexp.json');
    assert.equal(place('c:\\LAB\\a.bnexp.json'), 'c:\\LAB\\a.bnexp.json');
    assert.equal(place('D:/more/a.bnexp.json'), 'D:\\more\\a.bnexp.json');
    assert.equal(place('own'), 'C:\\lab\\runs');
    for (const outside of [
      '..\\x',
      'C:\\laboratory',
      'E:\\lab\\x',
      '\\\\server\\share\\x',
      'C:\\lab\\link',
      'a\\..\\..\\missing',
    ])
      assert.throws(() => place(outside), /is outside the open folders/, outside);
    assert.throws(() => place('missing'), /"missing" does not exist in/);
    assert.throws(() => place('https://host/x'), /is not a path/);
    assert.throws(() => placeIn([], 'x', realPath, path.win32), /No folder is open/);
  });

  it('read what a model gives, and name every mistake', () => {
    assert.deepEqual(readRunInput({ path: 'x', seeds: '1-3,7', steps: 5 }), {
      path: 'x',
      seeds: [1, 2, 3, 7],
      steps: 5,
    });
    for (const [given, expected] of [
      [undefined, /"path" is missing/],
      [[], /the input must be an object/],
      ['run it', /the input must be an object/],
      [{ path: 'x', steps: 1e99 }, /"steps" must be a whole number|"steps" must be at most/],
      [{ path: 'x'.repeat(5000) }, /longer than 4096/],
      [JSON.parse('{ "path": "x", "__proto__": 1, "constructor": 2 }'), /there is no "constructor"/],
      [{ path: 'x', arms: [3, null] }, /"arms\[0\]" must be the name of an arm; "arms\[1\]"/],
    ] as const)
      assert.throws(() => readRunInput(given), expected);
  });

  it('bound their answers at the end of a line, and say what was left out', () => {
    assert.equal(bounded('short', 'See the file.'), 'short');
    const text = Array.from({ length: 100 }, (_, k) => `line ${k} ${'x'.repeat(20)}`).join('\n');
    const answer = bounded(text, 'See the file.', 1000);
    assert.ok(answer.length <= 1000);
    const [, shown, left] =
      /^(.*)\n\nLeft out: (\d+) more lines \([\d,]+ characters\)\. See the file\.$/s.exec(answer) ?? [];
    assert.equal(shown.split('\n').length + Number(left), 100);
    assert.doesNotMatch(bounded('😀'.repeat(1000), 'x', 999), /[\ud800-\udbff]\n/);
  });

  it('describe layers by the first and the last finite value of their channels', () => {
    const names = ['network/train/loss', 'hidden1/activated/std', 'hidden2/activated/std', 'hidden1/scale/mean'];
    const channels = names.map((name) => {
      const [layer, tap, quantity] = name.split('/');
      return { name, layer, tap, quantity } as Parameters<typeof layerChanges>[0]['channels'][number];
    });
    const frames = [
      [0.7, 1, 0.25, Number.NaN],
      [0.6, 1, 0.25, 1],
      [0.1, 2, 0.02, 1.5],
      [Number.NaN, Number.NaN, Number.POSITIVE_INFINITY, 1.25],
    ];
    const text = layerChanges({
      channels,
      frames: { steps: Uint32Array.of(0, 10, 20, 30), values: Float32Array.from(frames.flat()) },
    }).join('\n');
    assert.match(text, /step 0 → at step 30/);
    assert.match(text, /\| hidden1 \| 1\.00 → 2\.00 \| 1\.00 → 1\.25 \|\n\| hidden2 \| 0\.25 → 0\.020 \| – \|/);
    // (0.25 / 1) and (0.02 / 2) over one layer.
    assert.match(text, /multiplied per layer by 0\.25 at the first step and by 0\.010 at the last/);
    assert.match(text, /Moved most, by factor: hidden2\/activated\/std 0\.25 → 0\.020 \(× 0\.080\); hidden1/);
    assert.deepEqual(layerChanges({ channels, frames: { steps: new Uint32Array(0), values: new Float32Array(0) } }), [
      'No frame was recorded.',
    ]);
  });
});
