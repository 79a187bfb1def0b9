/**
 * Codes and numbers that the AssemblyScript of the kernels shares with the engine. Each is declared once, in TypeScript;
 * `npm run generate` writes them to `assembly/shared.ts`. In the other direction it writes the functions and structures of
 * `assembly/` to `exports.ts`.
 */
import { infinityBits, lowestBits, mantissaShift, sideBins } from '../../bins';
import { type ActivationKind, activationKinds } from '../../specification';
import { type Deviation, deviations } from '../kernels';
import type { Code } from './exports';

/** Bytes of the 8 float32 that are side by side in a panel. */
export const groupBytes = 32;

/** Rows and depth of the block of strips that a product copies at a time; see `assembly/strips.ts`. */
export const blockRows = 96;
export const blockDepth = 256;

/** Enumerations of `assembly/shared.ts`, by name. A member's code is its place in the list. */
export const enumerations = { ActivationKind: activationKinds, Deviation: deviations };

/** Numbers of `assembly/shared.ts`, by name. */
export const constants = {
  groupBytes,
  blockRows,
  blockDepth,
  lowestBits,
  sideBins,
  mantissaShift,
  infinityBits,
};

export const activationCodes: Record<ActivationKind, Code<'ActivationKind'>> = codesOf(activationKinds);
export const deviationCodes: Record<Deviation, Code<'Deviation'>> = codesOf(deviations);

function codesOf<Member extends string, Enumeration extends keyof typeof enumerations>(members: readonly Member[]) {
  return Object.fromEntries(members.map((member, code) => [member, code])) as Record<Member, Code<Enumeration>>;
}
