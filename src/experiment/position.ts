/** Converts offsets in a source to lines and columns. */
import { countUpTo } from '../shared/rising';

export class Lines {
  /** Offset of the first character of each line. */
  private readonly starts: number[] = [0];

  constructor(text: string) {
    for (let k = 0; k < text.length; k++) {
      const code = text.charCodeAt(k);
      if (code === 10 || (code === 13 && text.charCodeAt(k + 1) !== 10)) this.starts.push(k + 1);
    }
  }

  /** Line and column, both starting at 1. */
  at(offset: number): { line: number; column: number } {
    const line = countUpTo(this.starts, offset);
    return { line, column: offset - this.starts[line - 1] + 1 };
  }
}
