/**
 * Ends an exhaustive `switch` over values: a case that is missing does not compile, and a value that came past the types throws.
 * A message of an unknown type is ignored instead: `default: message satisfies never`.
 */
export function unexpected(value: never): never {
  throw new Error(`Unexpected value ${JSON.stringify(value)}`);
}
