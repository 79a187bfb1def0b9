// @ts-check
/** Reduces VS Code's icon font and its style to the icons of the page, a tenth of their size. */
import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import subsetFont from 'subset-font';
import { root } from './files.mjs';

const rule = /\.codicon-([\w-]+):before ?\{ ?content: ?"\\([0-9a-f]+)" ?\}\s*/g;

/**
 * The style without the rules of unused icons, and the characters of the used ones.
 * @param {string} style Style of all icons.
 * @param {string} source Code that names icons in string literals.
 * @returns {{ style: string, characters: string }}
 */
export function usedIcons(style, source) {
  const literals = new Set([...source.matchAll(/'([\w-]+)'/g)].map(([, literal]) => literal));
  let characters = '';
  const reduced = style.replace(rule, (whole, name, code) => {
    if (!literals.has(name)) {
      return '';
    }
    characters += String.fromCodePoint(Number.parseInt(code, 16));
    return whole;
  });
  return { style: reduced, characters };
}

/** Code of the page. */
export function pageSource() {
  return readdirSync(join(root, 'webview'), { recursive: true, encoding: 'utf8' })
    .filter((name) => name.endsWith('.ts'))
    .map((name) => readFileSync(join(root, 'webview', name), 'utf8'))
    .join('\n');
}

/** The font with the icons of the page. @param {string} path The whole font, with its style beside it. */
export function pageFont(path) {
  const { characters } = usedIcons(readFileSync(path.replace(/ttf$/, 'css'), 'utf8'), pageSource());
  return subsetFont(readFileSync(path), characters, { targetFormat: 'truetype' });
}

/** @type {import('esbuild').Plugin} */
export const pageIcons = {
  name: 'page icons',
  setup(build) {
    build.onLoad({ filter: /codicon\.css$/ }, ({ path }) => {
      const { style } = usedIcons(readFileSync(path, 'utf8'), pageSource());
      return { contents: style, loader: 'css' };
    });
    build.onLoad({ filter: /codicon\.ttf$/ }, async ({ path }) => ({ contents: await pageFont(path), loader: 'file' }));
  },
};
