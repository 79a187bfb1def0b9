/**
 * Ends an exhaustive `switch` over values: a missing case does not compile, and a value that is not in the type throws.
 * A message of an unknown type is ignored instead: `default: message satisfies never`.
 */
export function unexpected(value: never): never {
  throw new Error(`Unexpected value ${JSON.stringify(value)}`);
}
