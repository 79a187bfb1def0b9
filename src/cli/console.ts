/** Where a command writes. Commands get it handed in, so that tests can read what they wrote. */
import { createColors } from 'picocolors';

export type Colours = ReturnType<typeof createColors>;

export interface Console {
  /** Results: writes the text and a line break to stdout. */
  out(text: string): void;
  /** Messages and progress: the same to stderr. */
  err(text: string): void;
  /** Plain where stdout is no terminal or colours are not wanted. */
  outColours: Colours;
  errColours: Colours;
  /** The terminal that a progress bar can be drawn on; null where stderr is none. */
  terminal: NodeJS.WriteStream | null;
}

/** This process's own streams. */
export function processConsole(process: NodeJS.Process): Console {
  const { stdout, stderr, env } = process;
  return {
    out: writer(stdout),
    err: writer(stderr),
    outColours: createColors(wantsColours(stdout, env)),
    errColours: createColors(wantsColours(stderr, env)),
    terminal: stderr.isTTY && env.TERM !== 'dumb' ? stderr : null,
  };
}

/** Whoever reads may leave early (`bnexp run … | head -1`): what is written afterwards is dropped, and the work goes on. */
function writer(stream: NodeJS.WriteStream): (text: string) => void {
  let open = true;
  stream.on('error', (error: NodeJS.ErrnoException) => {
    open = false;
    if (error.code !== 'EPIPE') throw error;
  });
  return (text) => {
    if (open) stream.write(`${text}\n`);
  };
}

/** See https://no-color.org. */
export function wantsColours(stream: { isTTY?: boolean }, env: NodeJS.ProcessEnv): boolean {
  if (env.NO_COLOR) return false;
  if (env.FORCE_COLOR) return env.FORCE_COLOR !== '0';
  return stream.isTTY === true && env.TERM !== 'dumb';
}

/** Text from a file as it may stand on a terminal: control characters there would be commands. */
export function printable(text: string): string {
  return text.replace(/\p{Cc}/gu, '\ufffd');
}
