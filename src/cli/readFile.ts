/** Reads the text of an experiment file, or returns why it cannot. It never reads more than the maximum size. */

import { readdirSync } from 'node:fs';
import { basename, dirname, resolve } from 'node:path';
import * as l10n from '@vscode/l10n';
import { largestText } from '../experiment/parse';
import { bytesInWords, closest, quote } from '../experiment/words';
import { FileTooLargeError, NotRegularFileError, readRegularFile } from '../runs/folder/regularFile';

/** Maximum size in bytes: a UTF-16 unit has at most three bytes in UTF-8. */
const mostBytes = 3 * largestText;

export const stdinName = '-';

export type ReadText = { text: string; problem: null } | { text: null; problem: string };

interface Surroundings {
  cwd: string;
  stdin: AsyncIterable<Uint8Array>;
}

/** @param name File name as given on the command line; `-` is standard input. */
export async function readText(name: string, { cwd, stdin }: Surroundings): Promise<ReadText> {
  if (name === stdinName) return decode(await upTo(mostBytes, stdin));
  const path = resolve(cwd, name);
  try {
    return decode(readRegularFile(path, mostBytes));
  } catch (error) {
    if (error instanceof FileTooLargeError) return tooLarge(error.size);
    return refuse(readProblem(path, error as NodeJS.ErrnoException));
  }
}

function refuse(problem: string): ReadText {
  return { text: null, problem };
}

function tooLarge(bytes: number): ReadText {
  return refuse(
    l10n.t`the file is too large (${bytesInWords(bytes)}): an experiment has a few kilobytes, and at most ${largestText / 1e6} million characters. Put the data into a separate file and name it in "data".`,
  );
}

/** All bytes, or null if there are more than the limit: standard input can be endless. */
async function upTo(most: number, stream: AsyncIterable<Uint8Array>): Promise<Buffer | null> {
  const parts: Uint8Array[] = [];
  let length = 0;
  for await (const part of stream) {
    length += part.length;
    if (length > most) return null;
    parts.push(part);
  }
  return Buffer.concat(parts);
}

function decode(bytes: Buffer | null): ReadText {
  if (bytes === null) return tooLarge(mostBytes + 1);
  try {
    // Keep a byte order mark, because offsets include it.
    return { text: new TextDecoder('utf-8', { fatal: true, ignoreBOM: true }).decode(bytes), problem: null };
  } catch {
    return refuse(l10n.t('the file is not UTF-8 text: save it with the encoding UTF-8'));
  }
}

function readProblem(path: string, error: NodeJS.ErrnoException): string {
  if (error instanceof NotRegularFileError) {
    if (error.type === 'folder') return l10n.t`this is a folder: specify an experiment file${inFolder(path)}`;
    const type = error.type === 'device' ? l10n.t('device') : error.type;
    return l10n.t`this is a ${type}, not a file: pass the experiment on standard input, with - in place of the name`;
  }
  switch (error.code) {
    case 'ENOENT':
    case 'ENOTDIR':
      return l10n.t`the file does not exist${inFolder(dirname(path), basename(path))}`;
    case 'EACCES':
    case 'EPERM':
      return l10n.t('the file cannot be read: check its permissions');
    default:
      return l10n.t`the file cannot be read: ${error.message}`;
  }
}

/** Suggests the experiment that was probably intended. */
function inFolder(folder: string, name?: string): string {
  let experiments: string[];
  try {
    experiments = readdirSync(folder).filter((file) => file.endsWith('.bnexp.json'));
  } catch {
    return '';
  }
  const meant = name === undefined ? experiments[0] : closest(stem(name), experiments.map(stem));
  const file = experiments.find((experiment) => experiment === meant || stem(experiment) === meant);
  if (file === undefined) return '';
  return name === undefined ? l10n.t`, such as ${quote(file)}` : l10n.t`: did you mean ${quote(file)}?`;
}

/** File name without folder and extension. */
export function stem(name: string): string {
  return basename(name).replace(/(\.bnexp)?\.jsonc?$|\.bnexp$/i, '');
}
