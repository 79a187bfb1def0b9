// @ts-check
/**
 * Licence notices of the packages that are part of the shipped files. esbuild's metafiles name the packages, and their folders in
 * `node_modules` contain the licences.
 */
import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { root } from './files.mjs';
import { Problem } from './processes.mjs';

/** @typedef {Pick<import('esbuild').Metafile, 'outputs'>} Metafile */

/**
 * @typedef {object} Notice
 * @property {string} name
 * @property {string} version
 * @property {string} licence SPDX expression.
 * @property {string[]} copyright Lines.
 * @property {string[]} terms Everything that the licence requires to be passed on.
 */

/** File in `dist/` with the notices of all packages. */
export const noticesFile = 'THIRD_PARTY_NOTICES.txt';

/** File in `dist/` with the notices of the page of an exported run: a line that names all packages, then their licences. */
export const replayNoticesFile = 'replayNotices.txt';

/** Bundles of the page of an exported run. */
const replayOutputs = /^dist\/(panel|replay)\.(js|css)$|\.ttf$/;

/** Licences that allow a package to be part of a shipped file that carries its notice. */
const permitted = ['MIT', 'ISC', 'BSD-2-Clause', 'BSD-3-Clause', '0BSD', 'Apache-2.0', 'CC-BY-4.0'];

/**
 * Folders of the packages that the outputs contain, relative to the root and sorted.
 * @param {readonly Metafile[]} metafiles
 * @param {(output: string) => boolean} [isWanted] Chooses outputs by their path.
 * @returns {string[]}
 */
export function bundledPackages(metafiles, isWanted = () => true) {
  /** @type {Set<string>} */
  const folders = new Set();
  for (const { outputs } of metafiles) {
    for (const [output, { inputs }] of Object.entries(outputs)) {
      if (!isWanted(output)) continue;
      for (const [input, { bytesInOutput }] of Object.entries(inputs)) {
        if (bytesInOutput === 0) continue;
        const [folder] = /^.*node_modules\/(?:@[^/]+\/)?[^/]+/.exec(input) ?? [];
        if (folder) folders.add(folder);
        // The compiler adds parts of its standard library to what it compiles.
        if (input.startsWith('assembly:')) folders.add('node_modules/assemblyscript');
      }
    }
  }
  return [...folders].sort();
}

/**
 * Notice of a package. Throws a `Problem` if its licence is not permitted or its text is missing.
 * @param {string} folder Relative to `base`.
 * @param {string} [base]
 * @returns {Notice}
 */
export function noticeOf(folder, base = root) {
  const at = join(base, folder);
  /** @type {{ name: string, version: string, license?: unknown, author?: string | { name: string } }} */
  const manifest = JSON.parse(readFileSync(join(at, 'package.json'), 'utf8'));
  const licence = String(manifest.license).replace(/^\((.*)\)$/, '$1');
  if (!licence.split(' AND ').every((one) => permitted.includes(one))) {
    throw new Problem(
      `${folder} has the licence ${licence}. Check that it may be bundled, and add it to scripts/lib/notices.mjs.`,
    );
  }
  const names = readdirSync(at).filter((name) => /^(licen[cs]e|copying|notice)/i.test(name) && !/\.[jt]s$/.test(name));
  const found = names.sort().map((name) => readFileSync(join(at, name), 'utf8'));
  const terms = (found.length > 0 ? found : termsElsewhere(manifest.name, at)).map(plain);
  if (terms.length === 0) {
    throw new Problem(`${folder} has no licence text. Add where its text is to scripts/lib/notices.mjs.`);
  }
  const lines = terms.flatMap((text) => text.split('\n').map((line) => line.trim()));
  const copyright = [...new Set(lines.filter((line) => /^(copyright (\(c\)|©|\d)|\(c\) )/i.test(line)))];
  const author = typeof manifest.author === 'object' ? manifest.author.name : manifest.author;
  if (copyright.length === 0) {
    if (!author) throw new Problem(`${folder} names no copyright holder in its licence or package.json.`);
    copyright.push(`Copyright (c) ${author.replace(/ *[<(].*/, '')}`);
  }
  return {
    name: manifest.name,
    version: manifest.version,
    licence,
    copyright: copyright.map((line) => line.replace(/\.? *all rights reserved\.?/i, '').trim()),
    terms,
  };
}

/**
 * Licences of packages without a licence file.
 * @param {string} name
 * @param {string} folder Absolute.
 * @returns {string[]}
 */
function termsElsewhere(name, folder) {
  // MIT, by its package.json. The text is that of a package of the same author.
  if (name === '@vscode/l10n') return [readFileSync(join(root, 'node_modules/@vscode/test-electron/LICENSE'), 'utf8')];
  if (name !== '@bufbuild/protobuf') return [];
  // Its own code is under the Apache License 2.0, and parts that come from Google are under a BSD licence. Both are in comments.
  const comments = ['proto-int64.js', 'wire/varint.js'].map((file) => {
    const [comment] = /^(\/\/.*\n)+/.exec(readFileSync(join(folder, 'dist/esm', file), 'utf8')) ?? [''];
    return comment.replace(/^\/\/ ?/gm, '');
  });
  return [...comments, readFileSync(join(root, 'node_modules/assemblyscript/LICENSE'), 'utf8')];
}

/** Replaces the legal code of CC BY 4.0, which asks for its address only. @param {string} text */
function plain(text) {
  const lines = text.replace(/^\ufeff/, '').replaceAll('\r\n', '\n');
  return lines.startsWith('Attribution 4.0 International')
    ? `Icons licensed under Creative Commons Attribution 4.0 International, https://creativecommons.org/licenses/by/4.0/legalcode.
They may be reduced to those that are used. There are no warranties; see sections 3 and 5 of the licence.`
    : lines.trim();
}

/**
 * One line that names each package with its licence and copyright.
 * @param {readonly Notice[]} notices
 */
export function noticesLine(notices) {
  return notices
    .map(({ name, version, licence, copyright }) => `${name} ${version} (${licence}, ${copyright.join(', ')})`)
    .join('; ');
}

/**
 * The licences of all packages. Identical licences are printed once.
 * @param {readonly Notice[]} notices
 */
export function noticesText(notices) {
  /** @type {Map<string, string>} Name of the first package with a licence, by the licence. */
  const first = new Map();
  const sections = notices.map(({ name, version, licence, terms }) => {
    const own = terms.map((text) => {
      const before = first.get(text);
      first.set(text, before ?? name);
      return before ? `The licence text is the same as that of ${before} above.` : text;
    });
    return [`${name} ${version}`, `Licence: ${licence}`, ...own].join('\n\n');
  });
  return `${sections.join(`\n\n${'-'.repeat(80)}\n\n`)}\n`;
}

/**
 * Contents of the notice files in `dist/`, by name.
 * @param {readonly Metafile[]} metafiles Metafiles of all shipped bundles.
 * @returns {Record<string, string>}
 */
export function noticeFiles(metafiles) {
  const all = bundledPackages(metafiles).map((folder) => noticeOf(folder));
  const replay = bundledPackages(metafiles, (output) => replayOutputs.test(output)).map((folder) => noticeOf(folder));
  return {
    [noticesFile]: `BatchNorm Lab contains parts of the following packages.\n\n${noticesText(all)}`,
    [replayNoticesFile]: `${noticesLine(replay)}\n\n${noticesText(replay)}`,
  };
}
