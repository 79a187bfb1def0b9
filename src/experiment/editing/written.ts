/** Writes values as experiments are written: short objects and lists in one line, longer ones with a line for each part. */

/** Text of a value that is written as it is. */
export class Verbatim {
  constructor(readonly text: string) {}
}

const longestLine = 100;
const step = '  ';

/** @param indentation Indentation of the line in which the value begins. */
export function written(value: unknown, indentation = ''): string {
  const inline = inOneLine(value);
  if (value instanceof Verbatim) return inline;
  if (indentation.length + inline.length <= longestLine || typeof value !== 'object' || value === null) return inline;
  const inner = indentation + step;
  const parts = Array.isArray(value)
    ? value.map((item) => written(item, inner))
    : Object.entries(value).map(([name, part]) => `${JSON.stringify(name)}: ${written(part, inner)}`);
  const [open, close] = Array.isArray(value) ? '[]' : '{}';
  return `${open}\n${parts.map((part) => inner + part).join(',\n')}\n${indentation}${close}`;
}

function inOneLine(value: unknown): string {
  if (typeof value !== 'object' || value === null) return JSON.stringify(value);
  if (value instanceof Verbatim) return value.text;
  if (Array.isArray(value)) return `[${value.map(inOneLine).join(', ')}]`;
  const parts = Object.entries(value).map(([name, part]) => `${JSON.stringify(name)}: ${inOneLine(part)}`);
  return parts.length === 0 ? '{}' : `{ ${parts.join(', ')} }`;
}
