/** The hashes that every engine is held against, and what is said of those that differ. */
import assert from 'node:assert/strict';
import type { Hashes } from './hashes';
import kept from './hashes.json';

export const keptHashes: Hashes = kept;

/** More than these are counted, not listed. */
const mostListed = 12;

const remedy =
  'Functions come first in this list, and what is trained with them after them: begin with the first. Where the same ' +
  'hashes differ in all engines, the engine itself now computes something else; if that is meant, ' +
  '`node scripts/engines/hashes.mjs --write` keeps the new hashes. Where one engine alone differs, something in ' +
  'it is not fixed by IEEE 754 or by the language, and has to be.';

/** Names of what sessions come to, whose workers train with SIMD. */
export const sessionNames = Object.keys(keptHashes).filter((name) => name.endsWith(' (simd) parameters'));

/**
 * @param names What must be there; all that is kept without.
 * @throws AssertionError that says what differs in which engine.
 */
export function assertKept(hashes: Hashes, engine: string, names: readonly string[] = Object.keys(keptHashes)): void {
  const all = [...new Set([...names, ...Object.keys(hashes)])];
  assert.ok(all.length > 0, `${engine} has computed nothing.`);
  const differing = all.flatMap((name) => {
    if (keptHashes[name] === undefined) return `${name}: new, and not kept`;
    if (hashes[name] === undefined) return `${name}: kept, and no longer computed`;
    return hashes[name] === keptHashes[name] ? [] : `${name}: ${hashes[name]}, kept is ${keptHashes[name]}`;
  });
  if (differing.length === 0) return;
  const listed = differing.slice(0, mostListed);
  if (differing.length > mostListed) listed.push(`and ${differing.length - mostListed} more`);
  assert.fail(`${engine}: ${differing.length} of ${all.length} hashes differ.\n  ${listed.join('\n  ')}\n${remedy}`);
}
