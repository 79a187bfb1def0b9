// @ts-check
/** English messages of the sources, and translations of them in `l10n/`. */
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { getL10nJson } from '@vscode/l10n-dev';
import { filesUnder, root } from '../files.mjs';
import { loadSource } from '../sources.mjs';
import { sourcesWithWords } from './words.mjs';

/** @typedef {Record<string, string>} Translation By key: the English message, with its comment if it has one. */

/**
 * Returns the keys of the messages in some sources, and the message of each.
 * @param {readonly string[]} [files] Relative to the project.
 * @returns {Promise<Translation>}
 */
export async function messagesIn(files = sourcesWithWords()) {
  const use = "import * as l10n from '@vscode/l10n';";
  const sources = files.map((file) => readFileSync(join(root, file), 'utf8')).filter((text) => text.includes(use));
  // As one source, which is read five times faster than its files.
  const contents = [use, ...sources.map((text) => text.replace(use, ''))].join('\n');
  const bundle = await getL10nJson([{ contents, extension: '.ts' }]);
  return Object.fromEntries(
    Object.entries(bundle).map(([key, value]) => [key, typeof value === 'string' ? value : value.message]),
  );
}

/**
 * Returns the words of the presets, which are files and no sources: names, notes, claims and comments.
 * @returns {Promise<Translation>}
 */
export async function presetMessages() {
  const { wordsOf } = await loadSource('src/experiment/presetWords.ts');
  const files = filesUnder(join(root, 'examples'), '.bnexp.json').map((file) => readFileSync(file, 'utf8'));
  const words = files.flatMap((file) => wordsOf(file).map((/** @type {{ text: string }} */ { text }) => text));
  return Object.fromEntries(words.map((text) => [text, text]));
}

/**
 * @param {string} language
 * @returns {Translation}
 */
export function translation(language) {
  return JSON.parse(readFileSync(join(root, 'l10n', `bundle.l10n.${language}.json`), 'utf8'));
}

/** Numbers of the placeholders in a message, sorted. @param {string} message */
export function placeholders(message) {
  return [...message.matchAll(/\{(\d+)\}/g)]
    .map(([, number]) => number)
    .sort()
    .join();
}
