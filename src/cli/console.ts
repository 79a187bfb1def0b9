/**
 * Output of a command. It is an argument, so that tests can read it. Every line for the terminal passes through here, and
 * characters that a terminal would obey (escapes, marks that change the direction of text) are written as visible codes.
 */
import * as l10n from '@vscode/l10n';
import { createColors } from 'picocolors';
import { visible, visibleLines } from '../shared/text';

const colourNames = ['bold', 'red', 'green', 'yellow'] as const;

export type Colours = Record<(typeof colourNames)[number], (text: string) => string>;

export interface Console {
  /** Writes a result and a line break to stdout. */
  out(text: string): void;
  /** Writes a message or progress on one line of stderr. */
  err(text: string): void;
  /** Writes a message of several lines to stderr. */
  errLines(text: string): void;
  /** Writes data for another program to stdout: unchanged, unless stdout is a terminal. */
  data(text: string): void;
  /** No colours if stdout is not a terminal or if colours are disabled. */
  outColours: Colours;
  errColours: Colours;
  /** Terminal for a progress bar; null if stderr is not a terminal. */
  terminal: NodeJS.WriteStream | null;
}

/** The console of a process, whose streams can fail. */
export interface ProcessConsole extends Console {
  /** Whether results could not be written, although the reader had not closed the pipe. */
  hasLostOutput(): boolean;
}

/** One of the two streams of a console. */
export interface Stream {
  write(text: string): void;
  coloured: boolean;
  isTerminal: boolean;
}

/** Streams of this process. */
export function processConsole(process: NodeJS.Process): ProcessConsole {
  const { stdout, stderr, env } = process;
  const streamOf = (stream: NodeJS.WriteStream, onFailure: (cause: NodeJS.ErrnoException) => void): Stream => ({
    write: writer(stream, onFailure),
    coloured: wantsColours(stream, env),
    isTerminal: stream.isTTY === true,
  });
  let hasLostOutput = false;
  const out = streamOf(stdout, (cause) => {
    if (isClosed(cause)) return;
    hasLostOutput = true;
    const problem = l10n.t`standard output cannot be written: ${outProblem(cause)}. No more results are printed; running runs continue and are saved.`;
    console.err(`error: ${problem}`);
  });
  // If stderr cannot be written either, no output remains for an error.
  const err = streamOf(stderr, () => {});
  const console = consoleOn(out, err, stderr.isTTY && env.TERM !== 'dumb' ? stderr : null);
  return { ...console, hasLostOutput: () => hasLostOutput };
}

export function consoleOn(out: Stream, err: Stream, terminal: NodeJS.WriteStream | null): Console {
  return {
    out: (text) => out.write(`${onTerminal(text, visibleLines, out.coloured)}\n`),
    err: (text) => err.write(`${onTerminal(text, visible, err.coloured)}\n`),
    errLines: (text) => err.write(`${onTerminal(text, visibleLines, err.coloured)}\n`),
    data: (text) => out.write(`${out.isTerminal ? visibleLines(text.replace(/\r\n/g, '\n')) : text}\n`),
    outColours: colours(out.coloured),
    errColours: colours(err.coloured),
    terminal,
  };
}

/**
 * Represents the escape that starts a colour until the text is written, so that every real escape is known to be foreign.
 * A noncharacter: `visible` leaves none in text from files.
 */
const mark = '\ufdd0';
const marked = new RegExp(`(${mark}\\d{1,2}m)`);

function colours(wanted: boolean): Colours {
  const real = createColors(wanted);
  const entries = colourNames.map((name) => [name, painter(real[name])]);
  return Object.fromEntries(entries);
}

function painter(paint: (text: string) => string): (text: string) => string {
  const [begin, end] = paint('|').replaceAll('\u001b[', mark).split('|');
  return (text) => `${begin}${text}${end}`;
}

/** @param shown Replaces characters that a terminal would obey. */
function onTerminal(text: string, shown: (text: string) => string, coloured: boolean): string {
  if (!coloured) return shown(text);
  const parts = text.split(marked);
  return parts.map((part, k) => (k % 2 === 1 ? part.replace(mark, '\u001b[') : shown(part))).join('');
}

/**
 * Writes until the stream fails, e.g. because the reader closes the pipe early (`bnexp run … | head -1`). Later output is
 * then dropped, and the command continues.
 * @param onFailure Called once, with the error of the stream.
 */
function writer(stream: NodeJS.WriteStream, onFailure: (cause: NodeJS.ErrnoException) => void): (text: string) => void {
  let isOpen = true;
  const fail = (cause: unknown) => {
    if (!isOpen) return;
    isOpen = false;
    onFailure(cause as NodeJS.ErrnoException);
  };
  stream.on('error', fail);
  return (text) => {
    if (!isOpen) return;
    try {
      stream.write(text);
    } catch (cause) {
      // Writes to files are synchronous, and some versions of Node throw their errors.
      fail(cause);
    }
  };
}

/** The reader may close the pipe early (`bnexp run … | head -1`), which is not an error. */
function isClosed({ code }: NodeJS.ErrnoException): boolean {
  return code === 'EPIPE' || code === 'EOF' || code === 'ERR_STREAM_DESTROYED';
}

function outProblem(cause: NodeJS.ErrnoException): string {
  switch (cause.code) {
    case 'ENOSPC':
      return l10n.t('no space left');
    case 'EDQUOT':
      return l10n.t('the disk quota is used up');
    case 'EIO':
      return l10n.t('the device reports an error');
    case 'EFBIG':
      return l10n.t('the largest file size that the system allows is reached');
    case 'EBADF':
      return l10n.t('it is closed');
    default:
      return cause.message;
  }
}

/** See https://no-color.org. */
export function wantsColours(stream: { isTTY?: boolean }, env: NodeJS.ProcessEnv): boolean {
  if (env.NO_COLOR) return false;
  if (env.FORCE_COLOR) return env.FORCE_COLOR !== '0';
  return stream.isTTY === true && env.TERM !== 'dumb';
}

/** Text from a file on one line of a table or message, without characters that a terminal would obey. */
export const printable = visible;

/** JSON for another program: the same value, with characters that a terminal would obey written as `\u…`. */
export function jsonText(value: unknown, indent?: number): string {
  return visibleLines(JSON.stringify(value, null, indent));
}
