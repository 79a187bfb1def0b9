/** The shipped icon font has the icons of the page, and only those. */
import assert from 'node:assert/strict';
import { readFileSync, statSync } from 'node:fs';
import { createRequire } from 'node:module';
import { join } from 'node:path';
import { loadScript } from '../../support/scripts';

describe('icons of the page', () => {
  const codicons = loadScript<typeof import('../../../scripts/lib/codicons.mjs')>('lib/codicons.mjs');
  const font = createRequire(join(process.cwd(), 'package.json')).resolve('@vscode/codicons/dist/codicon.ttf');

  it('keeps the rules of named icons, their characters, and everything that is no icon', async () => {
    const { usedIcons } = await codicons;
    const style = [
      '.codicon { font: 16px codicon }',
      '.codicon-add:before { content: "\\ea60" }',
      '.codicon-debug-stop:before { content: "\\ead7" }',
      '.codicon-close:before { content: "\\ea76" }',
      '@keyframes codicon-spin { 100% { transform: rotate(360deg) } }',
    ];
    const reduced = usedIcons(style.join('\n'), "icon('close'); const tool = { icon: 'debug-stop' };");
    assert.equal(reduced.style, [style[0], style[2], style[3], style[4]].join('\n'));
    assert.equal(reduced.characters, '\uead7\uea76');
  });

  it('leaves out most of the font', async () => {
    const { pageFont } = await codicons;
    const { length } = await pageFont(font);
    assert.ok(length > 1000 && length < statSync(font).size / 5, `${length} bytes`);
  });

  it('knows every icon that the page makes by its name', async () => {
    const { pageSource } = await codicons;
    const style = readFileSync(font.replace(/ttf$/, 'css'), 'utf8');
    const named = [...pageSource().matchAll(/\bicon(?:: |\()'([\w-]+)'/g)].map(([, name]) => name);
    assert.ok(named.length > 15, `${named.length} icons are found`);
    assert.deepEqual(
      named.filter((name) => !style.includes(`.codicon-${name}:before`)),
      [],
    );
  });
});
