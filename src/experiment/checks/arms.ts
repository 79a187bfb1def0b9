/** Checks that arms differ, and that claims name existing arms. */
import type { ResolvedArm } from '../expand';
import { error, type Finding } from '../findings';
import type { Claim } from '../schema';
import { oneOf, quote, suggestion } from '../words';
import { metricFindings, placeFindings } from './claimMetric';

/** Identical arms would train the same network at twice the cost. */
export function sameArms(arms: readonly ResolvedArm[]): Finding[] {
  const seen = new Map<string, string>();
  return arms.flatMap(({ name, experiment }) => {
    const { data, network, training, watch } = experiment;
    const key = JSON.stringify({ data, layers: network.layers, output: network.output, training, watch });
    const first = seen.get(key);
    if (first === undefined) {
      seen.set(key, name);
      return [];
    }
    const message = `the arms ${quote(first)} and ${quote(name)} are identical: change one of them, or remove one`;
    return [{ ...error(['arms', name], message), atName: true }];
  });
}

/**
 * @param arms Valid arms.
 * @param names Names of all arms of the file; empty if the file has no arms.
 */
export function claimFindings(
  claim: Claim | Claim[] | undefined,
  arms: readonly ResolvedArm[],
  names: readonly string[],
): Finding[] {
  if (claim === undefined) return [];
  if (names.length === 0) {
    return [{ ...error(['claim'], 'a claim compares two arms, but the file has none: add "arms"'), atName: true }];
  }
  if (!Array.isArray(claim)) return oneClaim(claim, ['claim'], arms, names);
  return claim.flatMap((each, index) => oneClaim(each, ['claim', index], arms, names));
}

function oneClaim(
  claim: Claim,
  path: (string | number)[],
  arms: readonly ResolvedArm[],
  names: readonly string[],
): Finding[] {
  const unknown = (['better', 'than'] as const).flatMap((role) => {
    const name = claim[role];
    if (names.includes(name)) return [];
    return [error([...path, role], `there is no arm ${quote(name)}${suggestion(name, names)}`)];
  });
  if (unknown.length > 0) return unknown;
  if (claim.better === claim.than) {
    return [error([...path, 'than'], `an arm cannot be compared with itself${otherThan(claim.better, names)}`)];
  }
  if (claim.take === 'stepsTo' && claim.reach === undefined) {
    return [{ ...error([...path, 'take'], '"stepsTo" requires the value to reach: add "reach"') }];
  }
  if (claim.take !== 'stepsTo' && claim.reach !== undefined) {
    return [error([...path, 'reach'], `"reach" requires "take": "stepsTo", but here "take" is ${quote(claim.take)}`)];
  }
  if (claim.within !== undefined && claim.by > 0) {
    return [error([...path, 'within'], 'a claim cannot have both "by" and "within": remove one of them')];
  }
  for (const role of ['better', 'than'] as const) {
    const arm = arms.find(({ name }) => name === claim[role]);
    const found = arm ? placeFindings(claim, path, arm) : [];
    if (found.length > 0) return found;
  }
  return metricFindings(claim, path);
}

function otherThan(name: string, names: readonly string[]): string {
  const others = names.filter((other) => other !== name);
  return others.length > 0 && others.length <= 10 ? `: compare it with ${oneOf(others)}` : '';
}
