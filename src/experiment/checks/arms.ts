/** Whether arms can be told apart, and whether claims speak of what there is. */
import type { ResolvedArm } from '../expand';
import { error, type Finding } from '../findings';
import type { Claim } from '../schema';
import { oneOf, quote, suggestion } from '../words';
import { metricFindings, placeFindings } from './metric';

/** Two arms that train the same would differ in nothing, at twice the cost. */
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
    const message = `the arms ${quote(first)} and ${quote(name)} train the same: change one of them, or take one out`;
    return [{ ...error(['arms', name], message), atName: true }];
  });
}

/**
 * @param arms Those arms that are sound.
 * @param names Names of all arms of the file, or none when it names none.
 */
export function claimFindings(
  claim: Claim | Claim[] | undefined,
  arms: readonly ResolvedArm[],
  names: readonly string[],
): Finding[] {
  if (claim === undefined) return [];
  if (names.length === 0) {
    return [{ ...error(['claim'], 'a claim compares two arms, and there are none: add "arms"'), atName: true }];
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
    return [error([...path, 'than'], `an arm cannot do better than itself${otherThan(claim.better, names)}`)];
  }
  if (claim.take === 'stepsTo' && claim.reach === undefined) {
    return [{ ...error([...path, 'take'], '"stepsTo" takes the value that is to be reached: add "reach"') }];
  }
  if (claim.take !== 'stepsTo' && claim.reach !== undefined) {
    return [error([...path, 'reach'], `reach goes with "take": "stepsTo", and here it is ${quote(claim.take)}`)];
  }
  if (claim.within !== undefined && claim.by > 0) {
    return [error([...path, 'within'], 'a claim has "by" or "within", and not both: how much better, or how near')];
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
