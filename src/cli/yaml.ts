/** Writes YAML 1.2. Everything that could be read as anything but a string is quoted. */

type Value = string | number | boolean | readonly Value[] | { readonly [key: string]: Value | undefined };

/** Text of a value, with a line break at its end. */
export function yaml(value: object): string {
  return `${lines(value as Value).join('\n')}\n`;
}

function lines(value: Value): string[] {
  if (Array.isArray(value)) {
    return value.flatMap((item) => {
      const [first, ...rest] = lines(item);
      return [`- ${first}`, ...rest.map(indented)];
    });
  }
  if (typeof value !== 'object') return scalar(value);
  const entries = Object.entries(value).filter((entry): entry is [string, Value] => entry[1] !== undefined);
  if (entries.length === 0) return ['{}'];
  return entries.flatMap(([key, own]) => {
    const name = word(key);
    const [first, ...rest] = lines(own);
    if (Array.isArray(own) && own.length > 0) return [`${name}:`, ...[first, ...rest].map(indented)];
    if (typeof own === 'object' && first !== '{}') return [`${name}:`, ...[first, ...rest].map(indented)];
    return [`${name}: ${first}`, ...rest.map(indented)];
  });
}

function indented(line: string): string {
  return line === '' ? '' : `  ${line}`;
}

/** Words that YAML 1.1 or 1.2 reads as booleans or null. */
const keywords = /^(?:y|yes|n|no|true|false|on|off|null)$/i;

/** The first line continues the line of the key. */
function scalar(value: string | number | boolean): string[] {
  if (typeof value !== 'string') return [String(value)];
  // A literal block. Its first line sets the indentation, so it must not start with a blank.
  if (/^\S[^\n]*\n[\s\S]*\S\n?$/.test(value) && !/[^\n\t\x20-\x7e\u00a1-\u1fff\u3000-\ud7ff]/.test(value)) {
    return [value.endsWith('\n') ? '|' : '|-', ...value.replace(/\n$/, '').split('\n')];
  }
  return [word(value)];
}

function word(text: string): string {
  if (/^[A-Za-z/][\w./-]*$/.test(text) && !keywords.test(text)) return text;
  return JSON.stringify(text).replace(/[\x7f-\x9f\u2028\u2029\ufeff]/g, escaped);
}

function escaped(character: string): string {
  return `\\u${character.charCodeAt(0).toString(16).padStart(4, '0')}`;
}
