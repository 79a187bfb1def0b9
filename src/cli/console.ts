/**
 * Where a command writes. Commands get it handed in, so that tests can read what they wrote. Every line to the terminal
 * passes here, and what a terminal would obey in it (escapes, marks that turn the direction of text) is written out.
 */
import { createColors } from 'picocolors';
import { visible, visibleLines } from '../shared/text';

const colourNames = ['bold', 'red', 'green', 'yellow'] as const;

export type Colours = Record<(typeof colourNames)[number], (text: string) => string>;

export interface Console {
  /** Results: writes the text and a line break to stdout. */
  out(text: string): void;
  /** A message or progress, on one line of stderr. */
  err(text: string): void;
  /** The same, of several lines. */
  errLines(text: string): void;
  /** Data for another program, to stdout: exactly as they are, unless stdout is a terminal. */
  data(text: string): void;
  /** Plain where stdout is no terminal or colours are not wanted. */
  outColours: Colours;
  errColours: Colours;
  /** The terminal that a progress bar can be drawn on; null where stderr is none. */
  terminal: NodeJS.WriteStream | null;
}

/** One of the two streams of a console. */
export interface Stream {
  write(text: string): void;
  coloured: boolean;
  isTerminal: boolean;
}

/** This process's own streams. */
export function processConsole(process: NodeJS.Process): Console {
  const { stdout, stderr, env } = process;
  const stream = (stream: NodeJS.WriteStream): Stream => ({
    write: writer(stream),
    coloured: wantsColours(stream, env),
    isTerminal: stream.isTTY === true,
  });
  return consoleOn(stream(stdout), stream(stderr), stderr.isTTY && env.TERM !== 'dumb' ? stderr : null);
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
 * Stands for the escape that begins a colour until the text is written, so that every real escape is known to be foreign.
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

/** @param shown Writes out what the terminal would obey. */
function onTerminal(text: string, shown: (text: string) => string, coloured: boolean): string {
  if (!coloured) return shown(text);
  const parts = text.split(marked);
  return parts.map((part, k) => (k % 2 === 1 ? part.replace(mark, '\u001b[') : shown(part))).join('');
}

/** Whoever reads may leave early (`bnexp run … | head -1`): what is written afterwards is dropped, and the work goes on. */
function writer(stream: NodeJS.WriteStream): (text: string) => void {
  let open = true;
  stream.on('error', (error: NodeJS.ErrnoException) => {
    open = false;
    if (error.code !== 'EPIPE') throw error;
  });
  return (text) => {
    if (open) stream.write(text);
  };
}

/** See https://no-color.org. */
export function wantsColours(stream: { isTTY?: boolean }, env: NodeJS.ProcessEnv): boolean {
  if (env.NO_COLOR) return false;
  if (env.FORCE_COLOR) return env.FORCE_COLOR !== '0';
  return stream.isTTY === true && env.TERM !== 'dumb';
}

/** Text from a file on one line of a table or message, with nothing in it that a terminal obeys. */
export const printable = visible;

/** JSON for another program: the same value, with what a terminal would obey written as `\u…`. */
export function jsonText(value: unknown, indent?: number): string {
  return visibleLines(JSON.stringify(value, null, indent));
}
