/** The stored hashes that every engine is compared with, and the report of differences. */
import assert from 'node:assert/strict';
import type { Hashes } from './hashes';
import stored from './hashes.json';

export const storedHashes: Hashes = stored;

/** Further differences are counted, not listed. */
const maximumListed = 12;

const remedy =
  'The list starts with functions, followed by the networks trained with them: begin with the first entry. If the same ' +
  'hashes differ in all engines, the engine of this project has changed; if the change is intended, ' +
  '`node scripts/engines/hashes.mjs --write` stores the new hashes. If only one engine differs, the code uses ' +
  'something that neither IEEE 754 nor the language specifies: replace it.';

/** Names of session results, whose workers train with SIMD. */
export const sessionNames = Object.keys(storedHashes).filter((name) => name.endsWith(' (simd) parameters'));

/**
 * @param names Names that must be present. Default: all stored names.
 * @throws AssertionError with the differences and the engine.
 */
export function assertStored(
  hashes: Hashes,
  engine: string,
  names: readonly string[] = Object.keys(storedHashes),
): void {
  const all = [...new Set([...names, ...Object.keys(hashes)])];
  assert.ok(all.length > 0, `${engine} computed nothing.`);
  const differing = all.flatMap((name) => {
    if (storedHashes[name] === undefined) return `${name}: new, and not stored`;
    if (hashes[name] === undefined) return `${name}: stored, but no longer computed`;
    return hashes[name] === storedHashes[name] ? [] : `${name}: ${hashes[name]}, stored is ${storedHashes[name]}`;
  });
  if (differing.length === 0) return;
  const listed = differing.slice(0, maximumListed);
  if (differing.length > maximumListed) listed.push(`and ${differing.length - maximumListed} more`);
  assert.fail(`${engine}: ${differing.length} of ${all.length} hashes differ.\n  ${listed.join('\n  ')}\n${remedy}`);
}
