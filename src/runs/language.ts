/**
 * The language of this process: the one of its host's display, if there is a translation, and English otherwise. Messages are
 * translated where they are made, by `l10n.t`, also in constants of modules. The entry of each process and thread therefore sets the
 * language before it loads anything else.
 */
import { readFileSync } from 'node:fs';
import { getEnvironmentData, setEnvironmentData } from 'node:worker_threads';
import { brotliDecompressSync } from 'node:zlib';
import * as l10n from '@vscode/l10n';
import { scriptData } from '../shared/scriptData';

/** Key of the environment data of worker threads. */
const environmentKey = 'batchnormLab.translation';

/** Environment variable of a forked process. */
export const translationVariable = 'BATCHNORM_LAB_TRANSLATION';

/** Null for English. */
let translation: l10n.l10nJsonFormat | null = null;

/** Returns the element with which a page finds its translation, as data that no browser executes; empty for English. */
export function translationElement(): string {
  return translation === null
    ? ''
    : // not translated: HTML
      `<script type="application/json" id="translation">${scriptData(translation)}</script>`;
}

/** Returns the file with the translation of this thread, null for English. Its threads inherit it. */
export function translationFile(): string | null {
  const file = getEnvironmentData(environmentKey);
  return typeof file === 'string' ? file : null;
}

/**
 * Sets the language of this thread and of those that it starts.
 * @param file A bundle of `@vscode/l10n` in JSON, compressed with Brotli if its name ends in `.br`.
 * @param contents The same bundle, if it has been read.
 * @throws Error if the file cannot be read.
 */
export function useTranslation(file: string, contents?: l10n.l10nJsonFormat): void {
  use(contents ?? readTranslation(file));
  setEnvironmentData(environmentKey, file);
}

/**
 * Sets the language of a worker thread to that of the thread that started it. A thread whose translation is gone, for instance after
 * an update, works in English.
 */
export function useLanguageOfHost(): void {
  const file = translationFile();
  if (file === null) return;
  try {
    use(readTranslation(file));
  } catch {
    // The messages stay in English.
  }
}

function use(contents: l10n.l10nJsonFormat): void {
  translation = contents;
  l10n.config({ contents });
}

function readTranslation(file: string): l10n.l10nJsonFormat {
  const bytes = readFileSync(file);
  return JSON.parse((file.endsWith('.br') ? brotliDecompressSync(bytes) : bytes).toString('utf8'));
}
