/** Checks that arms differ, and that claims name existing arms. */
import * as l10n from '@vscode/l10n';
import { listWithAnd } from '../../shared/lists';
import type { ResolvedArm } from '../expand';
import { error, type Finding } from '../findings';
import { add, changeTo, optional, type Path, type Remedy, remove, setTo } from '../remedies';
import type { Claim } from '../schema';
import { closest, oneOf, quote, suggestion } from '../words';
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
    const message = l10n.t`the arms ${quote(first)} and ${quote(name)} are identical: change one of them, or remove one`;
    const remedy = optional(remove(['arms', name], l10n.t`Remove the arm ${quote(name)}`));
    return [{ ...error(['arms', name], message, [remedy]), atName: true }];
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
    const message = l10n.t('a claim compares two arms, but the file has none: add "arms"');
    return [{ ...error(['claim'], message, bothArms(claim)), atName: true }];
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
    const message = l10n.t`there is no arm ${quote(name)}${suggestion(name, names)}`;
    return [error([...path, role], message, armRemedies([...path, role], name, arms, names, claim))];
  });
  if (unknown.length > 0) return unknown;
  if (claim.better === claim.than) {
    const others = names.filter((name) => name !== claim.better);
    const remedies = others.slice(0, mostOffered).map((name) => changeTo([...path, 'than'], name));
    return [
      error(
        [...path, 'than'],
        l10n.t`an arm cannot be compared with itself${otherThan(claim.better, names)}`,
        others.length === 1 ? remedies : remedies.map(optional),
      ),
    ];
  }
  if (claim.take === 'stepsTo' && claim.reach === undefined) {
    const reach = claim.metric.endsWith('ccuracy') ? 0.9 : 0.1;
    return [
      error([...path, 'take'], l10n.t('"stepsTo" requires the value to reach: add "reach"'), [
        optional(add([...path, 'reach'], reach)),
      ]),
    ];
  }
  if (claim.take !== 'stepsTo' && claim.reach !== undefined) {
    return [
      error([...path, 'reach'], l10n.t`"reach" requires "take": "stepsTo", but here "take" is ${quote(claim.take)}`, [
        optional(setTo([...path, 'take'], 'stepsTo')),
        optional(remove([...path, 'reach'])),
      ]),
    ];
  }
  if (claim.within !== undefined && claim.by > 0) {
    const remedies = ['by', 'within'].map((name) => optional(remove([...path, name])));
    return [
      error([...path, 'within'], l10n.t('a claim cannot have both "by" and "within": remove one of them'), remedies),
    ];
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
  return others.length > 0 && others.length <= 10 ? l10n.t`: compare it with ${oneOf(others)}` : '';
}

/** Maximum number of remedies of one finding that differ in a name. */
const mostOffered = 5;

/** Patches that make an arm differ from the others, by the normalization that they set. */
const normalizations = ['batch', 'none', 'layer', 'rms', 'batch-renorm', 'instance'];

/** The normalization that the name of an arm suggests. */
function suggested(name: string): string | undefined {
  if (/without|^no|none|plain|base|control/i.test(name)) return 'none';
  return ['layer', 'group', 'instance', 'rms', 'renorm', 'batch', 'bn'].find((each) =>
    name.toLowerCase().includes(each),
  );
}

/** Corrects the name of an arm in a claim, or adds the arm. */
function armRemedies(
  path: Path,
  name: string,
  arms: readonly ResolvedArm[],
  names: readonly string[],
  claim: Claim,
): Remedy[] {
  const other = path.at(-1) === 'better' ? claim.than : claim.better;
  const meant = closest(
    name,
    names.filter((each) => each !== other),
  );
  const used = new Set<string>(arms.map(({ experiment }) => experiment.network.normalization.kind));
  const wish = suggested(name);
  const normalization = [...(wish === undefined ? [] : [wish]), ...normalizations].find(
    (each) => normalizations.includes(each) && !used.has(each),
  );
  const isNew = name.trim() !== '' && name.length <= 100 && name !== '__proto__';
  const added =
    isNew && normalization !== undefined
      ? [
          setTo(
            ['arms', name],
            { network: { normalization } },
            l10n.t`Add the arm ${quote(name)} with normalization ${quote(normalization)}`,
          ),
        ]
      : [];
  return meant === undefined ? added : [changeTo(path, meant), ...added.map(optional)];
}

/** Adds the arms of a claim to a file without arms. */
function bothArms(claim: Claim | Claim[]): Remedy[] {
  const names = [...new Set([claim].flat().flatMap(({ than, better }) => [than, better]))];
  if (names.length < 2 || names.length > normalizations.length || names.includes('__proto__')) return [];
  const order = ['none', 'batch', ...normalizations.slice(2)];
  const arms = Object.fromEntries(names.map((name, k) => [name, { network: { normalization: order[k] } }]));
  return [setTo(['arms'], arms, l10n.t`Add the arms ${listWithAnd(names.map(quote))}`)];
}
