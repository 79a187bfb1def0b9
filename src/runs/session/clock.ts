/** Timers of a session, handed in so that a test or another host can drive them. */
export interface Clock {
  /** Milliseconds since some moment; only runs forward. */
  now(): number;
  /** Calls back after `milliseconds`. @returns Cancels the call. */
  after(milliseconds: number, callback: () => void): () => void;
  /** Calls back every `milliseconds`. @returns Ends the calls. */
  every(milliseconds: number, callback: () => void): () => void;
}

/** The timers that Node, the extension host and browsers all have. */
export const systemClock: Clock = {
  now: () => performance.now(),
  after(milliseconds, callback) {
    const timer = setTimeout(callback, milliseconds);
    return () => clearTimeout(timer);
  },
  every(milliseconds, callback) {
    const timer = setInterval(callback, milliseconds);
    return () => clearInterval(timer);
  },
};
