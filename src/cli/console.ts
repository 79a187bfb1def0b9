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

/** The console of a process, whose streams can fail. */
export interface ProcessConsole extends Console {
  /** Whether results could not be written, although their reader was there. */
  hasLostOutput(): boolean;
}

/** This process's own streams. */
export function processConsole(process: NodeJS.Process): ProcessConsole {
  const { stdout, stderr, env } = process;
  // Where messages cannot be written either, nobody is there to be told.
  const err = writer(stderr, () => {});
  let hasLostOutput = false;
  const out = writer(stdout, (cause) => {
    if (isClosed(cause)) return;
    hasLostOutput = true;
    err.write(
      `error: standard output cannot be written: ${outProblem(cause)}. Nothing more is printed; runs that train go on and are saved.`,
    );
  });
  return {
    out: out.write,
    err: err.write,
    hasLostOutput: () => hasLostOutput,
    outColours: createColors(wantsColours(stdout, env)),
    errColours: createColors(wantsColours(stderr, env)),
    terminal: stderr.isTTY && env.TERM !== 'dumb' ? stderr : null,
  };
}

/**
 * Writes lines until the stream fails; what is written afterwards is dropped, and the work goes on.
 * @param onFailure Called once, with what the stream failed with.
 */
function writer(stream: NodeJS.WriteStream, onFailure: (cause: NodeJS.ErrnoException) => void) {
  let isOpen = true;
  const fail = (cause: unknown) => {
    if (!isOpen) return;
    isOpen = false;
    onFailure(cause as NodeJS.ErrnoException);
  };
  stream.on('error', fail);
  return {
    write(text: string): void {
      if (!isOpen) return;
      try {
        stream.write(`${text}\n`);
      } catch (cause) {
        // Files are written at once, and some versions of Node throw from there.
        fail(cause);
      }
    },
  };
}

/** Whoever reads may leave early (`bnexp run … | head -1`): that is no fault. */
function isClosed({ code }: NodeJS.ErrnoException): boolean {
  return code === 'EPIPE' || code === 'EOF' || code === 'ERR_STREAM_DESTROYED';
}

function outProblem(cause: NodeJS.ErrnoException): string {
  switch (cause.code) {
    case 'ENOSPC':
      return 'no space left';
    case 'EDQUOT':
      return 'the disk quota is used up';
    case 'EIO':
      return 'the device reports an error';
    case 'EFBIG':
      return 'the largest file size that the system allows is reached';
    case 'EBADF':
      return 'it is closed';
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

/** Text from a file as it may stand on a terminal: control characters there would be commands. */
export function printable(text: string): string {
  return text.replace(/\p{Cc}/gu, '\ufffd');
}
