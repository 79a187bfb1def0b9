/** Output of a command. It is an argument, so that tests can read it. */
import { createColors } from 'picocolors';

export type Colours = ReturnType<typeof createColors>;

export interface Console {
  /** Writes a result and a line break to stdout. */
  out(text: string): void;
  /** Writes a message and a line break to stderr. */
  err(text: string): void;
  /** No colours if stdout is not a terminal or if colours are disabled. */
  outColours: Colours;
  errColours: Colours;
  /** Terminal for a progress bar; null if stderr is not a terminal. */
  terminal: NodeJS.WriteStream | null;
}

/** Streams of this process. */
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

/** The reader may close the pipe early (`bnexp run … | head -1`). Later output is then dropped, and the command continues. */
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

/** Replaces control characters in text from files, because a terminal would execute them as commands. */
export function printable(text: string): string {
  return text.replace(/\p{Cc}/gu, '\ufffd');
}
