/** Writes Python: literals and calls, in lines of at most 79 characters where names allow it. */

/** Maximum length of a line (PEP 8). */
export const mostColumns = 79;

export type PythonValue =
  | null
  | boolean
  | number
  | string
  | PythonCode
  | readonly PythonValue[]
  | { [key: string]: PythonValue };

/** An expression that is written as it is. */
export class PythonCode {
  constructor(readonly text: string) {}
}

export function code(text: string): PythonCode {
  return new PythonCode(text);
}

/** A literal in one line. Lists become tuples, which may be defaults of a dataclass. */
export function literal(value: PythonValue): string {
  if (value === null) return 'None';
  if (value instanceof PythonCode) return value.text;
  switch (typeof value) {
    case 'boolean':
      return value ? 'True' : 'False';
    case 'number':
      return numeral(value);
    case 'string':
      return JSON.stringify(value);
  }
  if (isList(value)) return `(${value.map(literal).join(', ')}${value.length === 1 ? ',' : ''})`;
  const entries = Object.entries(value).map(([key, item]) => `${JSON.stringify(key)}: ${literal(item)}`);
  return `{${entries.join(', ')}}`;
}

function isList(value: object): value is readonly PythonValue[] {
  return Array.isArray(value);
}

/** Numbers have all digits in both languages, but Python's integers and floats differ. */
function numeral(value: number): string {
  const size = Math.abs(value);
  return size > 0 && size < 1e-3 ? value.toExponential() : String(value);
}

/** Arguments of a call: by position, then by name. Undefined ones are left out. */
export interface Arguments {
  positional?: readonly PythonValue[];
  named?: Record<string, PythonValue | undefined>;
}

/** A call in one line. */
export function call(callee: string, { positional = [], named = {} }: Arguments): string {
  return `${callee}(${argumentList({ positional, named }).join(', ')})`;
}

export function argumentList({ positional = [], named = {} }: Arguments): string[] {
  const byName = Object.entries(named).flatMap(([name, value]) =>
    value === undefined ? [] : [`${name}=${literal(value)}`],
  );
  return [...positional.map(literal), ...byName];
}

/**
 * Breaks a statement that is too long after its first opening bracket, with one item of the bracket after the other.
 * @param opening Text up to and with the bracket, and its indentation.
 * @param closing Text from the closing bracket on.
 * @param columns Maximum length of the line.
 */
export function statement(opening: string, items: readonly string[], closing: string, columns = mostColumns): string[] {
  const whole = `${opening}${items.join(', ')}${closing}`;
  if (whole.length <= columns) return [whole];
  const indent = `${/^ */.exec(opening)?.[0] ?? ''}    `;
  const lines: string[] = [];
  let line = indent;
  items.forEach((item, k) => {
    const isLast = k === items.length - 1;
    const piece = isLast ? `${item}${closing}` : `${item},`;
    if (line !== indent && line.length + 1 + piece.length > columns) {
      lines.push(line);
      line = indent;
    }
    line += line === indent ? piece : ` ${piece}`;
  });
  return [marked(opening), ...[...lines, line].map(marked)];
}

/** Style checkers accept a long line, e.g. with the name of an arm, if it has this mark. */
export function marked(line: string): string {
  return line.length > mostColumns ? `${line}  # noqa: E501` : line;
}

/** Lines of text, broken between words. */
export function wrapped(text: string, columns: number): string[] {
  const lines: string[] = [];
  for (const word of text.split(/\s+/).filter((part) => part !== '')) {
    const last = lines.length - 1;
    if (last >= 0 && lines[last].length + 1 + word.length <= columns) lines[last] += ` ${word}`;
    else lines.push(word);
  }
  return lines;
}

/** Text inside a docstring. */
export function docText(text: string): string {
  return text.replaceAll('\\', '\\\\').replaceAll('"""', "'''").replace(/"$/, "'");
}

/** A name that Python accepts, e.g. `batchnorm_rate_1` for `BatchNorm, rate 1`. */
export function identifier(text: string): string {
  const plain = text
    .normalize('NFKD')
    .replace(/[^A-Za-z0-9]+/g, '_')
    .replace(/^_+|_+$/g, '')
    .toLowerCase();
  return /^[a-z]/.test(plain) ? plain : `arm_${plain}`.replace(/_$/, '');
}
