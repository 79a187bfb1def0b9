/** Checks that the axes of a sweep name existing properties, have valid values, and change something. */

import * as l10n from '@vscode/l10n';
import { formatCount } from '../../shared/numbers';
import { type Axis, type Grid, type Point, pointInWords, valueInWords } from '../../shared/sweep/grid';
import { indexOf, parsePointer, pointerFromWords, pointerOf } from '../../shared/sweep/pointer';
import type { Arm } from '../arms';
import { ratePointer } from '../claims/ways';
import { error, type Finding, warning } from '../findings';
import { isObject, type JsonObject } from '../mergePatch';
import { optional, type Remedy, remove, rename, setTo } from '../remedies';
import type { Claim, Experiment } from '../schema';
import { mostAxes } from '../schema/sweep';
import { placesOf, propertiesAt } from '../schemaQueries';
import { childOf, withPoint } from '../sweep/apply';
import { closest, count, oneOf, pathInWords, quote, suggestion } from '../words';

/** Maximum number of runs with a sweep. */
const mostSweptRuns = 10_000_000;
/** Maximum size of a grid whose points are all checked. In a larger grid each axis is checked alone. */
const mostCheckedPoints = 64;

const roots = ['data', 'network', 'training'];

type Path = (string | number)[];

/** An arm before the sweep's values are applied. */
export interface SweptArm {
  arm: Arm;
  /** The arm's experiment without the sweep, as written. */
  trained: JsonObject;
  experiment: Experiment;
}

/** Resolves the experiment of an arm at a point, with findings. */
export type ReadPoint = (
  arm: SweptArm,
  point: Point,
) => { experiment: Experiment | null; findings: readonly Finding[] };

/** Checks of the sweep that are independent of the arms. */
export function axisFindings(sweep: JsonObject): Finding[] {
  const pointers = Object.keys(sweep);
  if (pointers.length === 0)
    return [
      error(['sweep'], l10n.t('sweep has no axis: add at least one, or remove "sweep"'), [
        optional(setTo(['sweep', ratePointer], [0.01, 0.1, 1], l10n.t('Add learning rates'))),
        optional(remove(['sweep'])),
      ]),
    ];
  if (pointers.length > mostAxes) {
    return [error(['sweep'], l10n.t`${pointers.length} axes are more than the ${mostAxes} that a sweep can have`)];
  }
  const paths = pointers.map(parsePointer);
  return pointers.flatMap((pointer, k) => {
    const problem = pointerProblem(pointer, paths[k]);
    if (problem) return [atName(pointer, problem.message, pointerRemedies(pointer, problem, pointers))];
    const above = pointers.find((_, other) => other !== k && isWithin(paths[k] ?? [], paths[other] ?? ['']));
    if (above !== undefined) {
      return [
        atName(
          pointer,
          l10n.t`this property is part of the axis ${quote(above)}, which would overwrite it: remove one of them`,
          [pointer, above].map((each) => optional(removeAxis(each, pointers.length))),
        ),
      ];
    }
    return repeated(pointer, sweep[pointer]);
  });
}

function atName(pointer: string, message: string, remedies: readonly Remedy[] = []): Finding {
  return { ...error(['sweep', pointer], message, remedies), atName: true };
}

/** @param axes Number of axes. Without the last one there is no sweep. */
function removeAxis(pointer: string, axes: number): Remedy {
  return axes === 1 ? remove(['sweep']) : remove(['sweep', pointer], l10n.t`Remove the axis ${quote(pointer)}`);
}

interface PointerProblem {
  message: string;
  /** The pointer that was meant. */
  meant?: string;
}

/** Corrects the pointer, or removes the axis. */
function pointerRemedies(pointer: string, { meant = '' }: PointerProblem, others: readonly string[]): Remedy[] {
  const isNew = meant !== '' && meant !== pointer && !others.includes(meant);
  return [...(isNew ? [rename(['sweep', pointer], meant)] : []), optional(removeAxis(pointer, others.length))];
}

function pointerProblem(pointer: string, path: string[] | null): PointerProblem | null {
  const meant = pointerFromWords(pointer);
  if (path === null) {
    const message = l10n.t`the name of an axis is a JSON Pointer, which starts with / and writes ~ as ~0${meant === '' ? '' : `: ${quote(meant)}`}`;
    return { message, meant };
  }
  const [root] = path;
  if (path.length === 1 && root !== '' && roots.includes(root)) {
    return {
      message: l10n.t`an axis must be a property in ${quote(root)}, not all of it: extend the pointer, e.g. "/training/optimizer/learningRate"`,
    };
  }
  if (root === 'watch') return { message: l10n.t('watching does not change training, so there is nothing to compare') };
  if (!roots.includes(root)) {
    const near = closest(root, roots);
    const instead = near && pointerOf([near, ...path.slice(1)]);
    const message = instead
      ? l10n.t`an axis must be in ${oneOf(roots)}: did you mean ${quote(instead)}?`
      : l10n.t`an axis must be in ${oneOf(roots)}`;
    return { message, ...(instead && { meant: instead }) };
  }
  if (root === 'training' && path[1] === 'seeds') {
    return {
      message: l10n.t(
        'seeds cannot be an axis: every point runs with all seeds, so that points and arms are compared in pairs',
      ),
    };
  }
  return null;
}

function repeated(pointer: string, values: unknown): Finding[] {
  if (!Array.isArray(values)) return [];
  const seen = new Set<string>();
  return values.flatMap((value, index) => {
    const key = JSON.stringify(value);
    if (!seen.has(key)) {
      seen.add(key);
      return [];
    }
    const path = ['sweep', pointer, index];
    return [
      error(path, l10n.t`the value ${valueInWords(value)} appears twice`, [
        remove(path, l10n.t('Remove the second value')),
      ]),
    ];
  });
}

/** Whether the first path is inside the second one, or equal to it. */
function isWithin(path: readonly string[], other: readonly string[]): boolean {
  return other.length <= path.length && other.every((part, k) => part === path[k]);
}

/** Checks the total number of runs. */
export function sweepSizeFindings(grid: Grid, arms: number, seeds: number): Finding[] {
  const runs = grid.size * arms * seeds;
  if (runs <= mostSweptRuns) return [];
  const message = l10n.t`${count(grid.size, 'point')} × ${count(arms, 'arm')} × ${count(seeds, 'seed')} are ${count(runs, 'run')}, more than the ${formatCount(mostSweptRuns)} of one sweep: use fewer values or axes`;
  return [{ ...error(['sweep'], message), atName: true }];
}

/** Checks the axes with the arms. @param arms The arms that are valid without the sweep. */
export function sweepFindings(grid: Grid, arms: readonly SweptArm[], read: ReadPoint): Finding[] {
  const findings = grid.axes.flatMap((axis) => arms.flatMap((arm) => placeFindings(axis, arm)));
  if (findings.some(({ severity }) => severity === 'error')) return findings;
  for (const axis of grid.axes) findings.push(...valueFindings(axis, grid.axes.length, arms, read));
  if (findings.some(({ severity }) => severity === 'error') || grid.axes.length < 2) return findings;
  return [...findings, ...pointFindings(grid, arms, read)];
}

function inArm({ arm }: SweptArm, finding: Finding): Finding {
  return arm.patch === null ? finding : { ...finding, arm: arm.name };
}

/** Checks that the pointer names an existing property of this arm. */
function placeFindings({ pointer }: Axis, swept: SweptArm): Finding[] {
  const path = parsePointer(pointer) ?? [];
  // Applies a placeholder value, which expands abbreviated forms along the path.
  const root = withPoint(swept.trained, { [pointer]: null }, swept.experiment);
  let place: unknown = root;
  const walked: Path = [];
  for (const part of path) {
    const where = pathInWords(walked) || l10n.t('an experiment');
    if (Array.isArray(place)) {
      const index = indexOf(part);
      const length = lengthAt(swept, walked) ?? place.length;
      if (index === null || index >= length) {
        const message =
          length === 1
            ? l10n.t`${where} has ${count(1, 'item')}: ${quote(part)} is none of only 0`
            : l10n.t`${where} has ${count(length, 'item')}: ${quote(part)} is none of 0 to ${length - 1}`;
        return [inArm(swept, atName(pointer, message))];
      }
      walked.push(index);
    } else {
      const known = propertiesAt(root, walked);
      if (!known.includes(part)) {
        const message = l10n.t`${quote(part)} is not a property of ${where}${suggestion(part, known)}`;
        const near = closest(part, known);
        const rest = path.slice(walked.length + 1);
        const meant = near === undefined ? elsewhere(walked, part) : pointerOf([...walked, near, ...rest]);
        return [inArm(swept, atName(pointer, message, meant === undefined ? [] : [rename(['sweep', pointer], meant)]))];
      }
      walked.push(part);
    }
    place = childOf(place, walked[walked.length - 1]);
  }
  return overwritten(pointer, path, swept);
}

/** Pointer to a property of the name inside the object, if there is only one. */
function elsewhere(walked: Path, name: string): string | undefined {
  const above = walked.join('.');
  const places = placesOf(name).filter((place) => place.startsWith(`${above}.`) && place !== 'training.changes');
  return places.length === 1 ? pointerOf([...places[0].split('.'), name]) : undefined;
}

function lengthAt({ trained }: SweptArm, path: Path): number | undefined {
  let value: unknown = trained;
  for (const part of path) value = childOf(value, part);
  return Array.isArray(value) ? value.length : undefined;
}

/** Reports a property of an arm that the sweep overwrites, because points are applied after arms. */
function overwritten(pointer: string, path: readonly string[], { arm }: SweptArm): Finding[] {
  let value: unknown = arm.patch;
  const walked: Path = ['arms', arm.name];
  for (const part of path) {
    value = childOf(value, Array.isArray(value) ? (indexOf(part) ?? part) : part);
    if (value === undefined) return [];
    walked.push(part);
  }
  const message = l10n.t`this is overwritten: the sweep is applied after the arms, and its axis ${quote(pointer)} sets the same property at every point. Remove one of them`;
  return [warning(walked, message, [remove(walked)])];
}

/** Checks each value alone, in every arm, and that the axis changes something in at least one arm. */
function valueFindings(axis: Axis, axes: number, arms: readonly SweptArm[], read: ReadPoint): Finding[] {
  const findings: Finding[] = [];
  let changes = arms.length === 0;
  for (const arm of arms) {
    const trained = new Set(axis.values.length === 1 ? [trainedKey(arm.experiment)] : []);
    axis.values.forEach((value, index) => {
      const { experiment, findings: found } = read(arm, { [axis.pointer]: value });
      for (const finding of found) findings.push(inArm(arm, atValue(axis, index, finding)));
      if (experiment) trained.add(trainedKey(experiment));
    });
    changes ||= trained.size > 1;
  }
  if (changes || findings.length > 0) return findings;
  const message =
    axis.values.length === 1
      ? l10n.t('this axis changes nothing in any arm: its only value is the current one')
      : l10n.t('this axis changes nothing in any arm: all its values produce identical runs');
  return [atName(axis.pointer, message, [optional(removeAxis(axis.pointer, axes))])];
}

/** The part of an experiment that determines a run's result. */
function trainedKey({ data, network, training }: Experiment): string {
  const { seeds: _, ...trained } = training;
  return JSON.stringify([data, network.layers, network.output, trained]);
}

/** Locates a finding at or in the value that causes it. */
function atValue({ pointer }: Axis, index: number, { path, remedies: _, ...finding }: Finding): Finding {
  const place = parsePointer(pointer) ?? [];
  const within = isWithin(path.map(String), place) ? path.slice(place.length) : [];
  return { ...finding, path: ['sweep', pointer, index, ...within] };
}

/** Checks combinations, because values that are valid alone may conflict. */
function pointFindings(grid: Grid, arms: readonly SweptArm[], read: ReadPoint): Finding[] {
  const reported = new Set<string>();
  const findings: Finding[] = [];
  for (const index of grid.sample(mostCheckedPoints)) {
    if (grid.size > mostCheckedPoints && index !== 0 && index !== grid.size - 1) continue;
    const point = grid.point(index);
    for (const arm of arms) {
      for (const { message, severity } of read(arm, point).findings) {
        if (reported.has(message)) continue;
        reported.add(message);
        const said = l10n.t`at ${pointInWords(point, grid.axes)}: ${message}`;
        findings.push(inArm(arm, { severity, message: said, path: ['sweep'], atName: true }));
      }
    }
  }
  return findings;
}

/** Checks that the sweep has what a claim's comparison needs. @param claims Claims with their paths. */
export function compareFindings(claims: Claim | Claim[] | undefined, grid: Grid, hasSweep: boolean): Finding[] {
  const list: [Claim, Path][] = Array.isArray(claims)
    ? claims.map((claim, index) => [claim, ['claim', index]])
    : claims
      ? [[claims, ['claim']]]
      : [];
  return list.flatMap(([{ compare }, path]): Finding[] => {
    if (compare === 'same') return [];
    const at = [...path, 'compare'];
    const withRates = optional(setTo(['sweep', ratePointer], [0.01, 0.1, 1], l10n.t('Add a sweep of learning rates')));
    if (!hasSweep) {
      const remedies = [withRates, optional(remove(at))];
      return [error(at, l10n.t`${quote(compare)} compares over a sweep, but the file has none: add "sweep"`, remedies)];
    }
    // Errors of the sweep are already reported.
    if (compare !== 'largest-converging' || grid.axes.length === 0) return [];
    const rates = grid.axes.find(({ pointer }) => pointer === ratePointer);
    if (rates) return [];
    const message = l10n.t`${quote(compare)} requires a sweep over learning rates: add the axis ${quote(ratePointer)}`;
    return [error(at, message, [withRates, optional(remove(at))])];
  });
}

/** The sweep of a file, if its form is valid enough to check. */
export function sweepOf(file: JsonObject): Record<string, unknown[]> | null {
  const { sweep } = file;
  if (!isObject(sweep)) return null;
  return Object.values(sweep).every((values) => Array.isArray(values) && values.length > 0)
    ? (sweep as Record<string, unknown[]>)
    : null;
}
