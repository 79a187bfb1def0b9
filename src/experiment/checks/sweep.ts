/** Whether the axes of a sweep lead somewhere, fit there, and change something. */

import { type Axis, type Grid, type Point, pointInWords, valueInWords } from '../../shared/sweep/grid';
import { indexOf, parsePointer, pointerFromWords } from '../../shared/sweep/pointer';
import type { Arm } from '../arms';
import { ratePointer } from '../claims/ways';
import { error, type Finding, warning } from '../findings';
import { isObject, type JsonObject } from '../mergePatch';
import type { Claim, Experiment } from '../schema';
import { mostAxes } from '../schema/sweep';
import { propertiesAt } from '../schemaQueries';
import { childOf, withPoint } from '../sweep/apply';
import { closest, count, oneOf, pathInWords, quote, suggestion } from '../words';

/** With a sweep; beyond these nobody waits for the end. */
export const mostSweptRuns = 10_000_000;
/** Of a grid no larger than this every point is checked, else each axis by itself. */
const mostCheckedPoints = 64;

const roots = ['data', 'network', 'training'];

type Path = (string | number)[];

/** An arm as the sweep finds it. */
export interface SweptArm {
  arm: Arm;
  /** What it trains without the sweep, as written. */
  trained: JsonObject;
  experiment: Experiment;
}

/** What an arm trains at a point, and what is wrong with that. */
export type ReadPoint = (arm: SweptArm, point: Point) => { experiment: Experiment | null; findings: Finding[] };

/** What the sweep itself says, whatever the arms are. */
export function axisFindings(sweep: JsonObject): Finding[] {
  const pointers = Object.keys(sweep);
  if (pointers.length === 0) return [error(['sweep'], 'sweep has no axis: name at least one, or take "sweep" out')];
  if (pointers.length > mostAxes) {
    return [error(['sweep'], `${pointers.length} axes are more than the ${mostAxes} that a sweep can have`)];
  }
  const paths = pointers.map(parsePointer);
  return pointers.flatMap((pointer, k) => {
    const problem = pointerProblem(pointer, paths[k]);
    if (problem) return [atName(pointer, problem)];
    const above = pointers.find((_, other) => other !== k && isWithin(paths[k] ?? [], paths[other] ?? ['']));
    if (above !== undefined) {
      return [
        atName(
          pointer,
          `this place lies in that of the axis ${quote(above)}, which would overwrite it: keep one of them`,
        ),
      ];
    }
    return repeated(pointer, sweep[pointer]);
  });
}

function atName(pointer: string, message: string): Finding {
  return { ...error(['sweep', pointer], message), atName: true };
}

function pointerProblem(pointer: string, path: string[] | null): string | null {
  const meant = pointerFromWords(pointer);
  if (path === null) {
    return `an axis is named by a JSON Pointer, which begins with / and writes ~ as ~0${meant === '' ? '' : `: ${quote(meant)}`}`;
  }
  const [root] = path;
  if (path.length === 1 && root !== '' && roots.includes(root)) {
    return `an axis is a place in ${quote(root)}, not the whole of it: go on, as in "/training/optimizer/learningRate"`;
  }
  if (root === 'watch') return 'watching changes nothing that is trained, so there is nothing to compare';
  if (!roots.includes(root)) {
    const near = closest(root, roots);
    return `a sweep goes over places in ${oneOf(roots)}${near ? `: did you mean ${quote(`/${[near, ...path.slice(1)].join('/')}`)}?` : ''}`;
  }
  if (root === 'training' && path[1] === 'seeds') {
    return 'seeds are no axis: every point is run with all of them, so that points and arms are compared in pairs';
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
    return [error(['sweep', pointer, index], `the value ${valueInWords(value)} stands here twice`)];
  });
}

/** Whether the place lies in the other one, or is it. */
function isWithin(path: readonly string[], other: readonly string[]): boolean {
  return other.length <= path.length && other.every((part, k) => part === path[k]);
}

/** How many runs it comes to. */
export function sweepSizeFindings(grid: Grid, arms: number, seeds: number): Finding[] {
  const runs = grid.size * arms * seeds;
  if (runs <= mostSweptRuns) return [];
  const message = `${count(grid.size, 'point')} × ${count(arms, 'arm')} × ${count(seeds, 'seed')} are ${count(runs, 'run')}, more than the ${mostSweptRuns.toLocaleString('en-US')} of one sweep: take fewer values or axes`;
  return [{ ...error(['sweep'], message), atName: true }];
}

/** What the axes mean for the arms. @param arms Those that are sound without the sweep. */
export function sweepFindings(grid: Grid, arms: readonly SweptArm[], read: ReadPoint): Finding[] {
  const findings = grid.axes.flatMap((axis) => arms.flatMap((arm) => placeFindings(axis, arm)));
  if (findings.some(({ severity }) => severity === 'error')) return findings;
  for (const axis of grid.axes) findings.push(...valueFindings(axis, arms, read));
  if (findings.some(({ severity }) => severity === 'error') || grid.axes.length < 2) return findings;
  return [...findings, ...pointFindings(grid, arms, read)];
}

function inArm({ arm }: SweptArm, finding: Finding): Finding {
  return arm.patch === null ? finding : { ...finding, arm: arm.name };
}

/** Whether the pointer leads to a property that there is in this arm. */
function placeFindings({ pointer }: Axis, swept: SweptArm): Finding[] {
  const path = parsePointer(pointer) ?? [];
  // Written out along the way, with a value that stands for any other.
  const root = withPoint(swept.trained, { [pointer]: null }, swept.experiment);
  let place: unknown = root;
  const walked: Path = [];
  for (const part of path) {
    const where = pathInWords(walked) || 'an experiment';
    if (Array.isArray(place)) {
      const index = indexOf(part);
      const length = lengthAt(swept, walked) ?? place.length;
      if (index === null || index >= length) {
        const range = length === 1 ? 'only 0' : `0 to ${length - 1}`;
        return [
          inArm(swept, atName(pointer, `${where} has ${count(length, 'item')}: ${quote(part)} is none of ${range}`)),
        ];
      }
      walked.push(index);
    } else {
      const known = propertiesAt(root, walked);
      if (!known.includes(part)) {
        const message = `${quote(part)} is not a property of ${where}${suggestion(part, known)}`;
        return [inArm(swept, atName(pointer, message))];
      }
      walked.push(part);
    }
    place = childOf(place, walked[walked.length - 1]);
  }
  return overwritten(pointer, path, swept);
}

function lengthAt({ trained }: SweptArm, path: Path): number | undefined {
  let value: unknown = trained;
  for (const part of path) value = childOf(value, part);
  return Array.isArray(value) ? value.length : undefined;
}

/** The point comes after the arm: what the arm says of the same place is never heard. */
function overwritten(pointer: string, path: readonly string[], { arm }: SweptArm): Finding[] {
  let value: unknown = arm.patch;
  const walked: Path = ['arms', arm.name];
  for (const part of path) {
    value = childOf(value, Array.isArray(value) ? (indexOf(part) ?? part) : part);
    if (value === undefined) return [];
    walked.push(part);
  }
  const message = `this is overwritten: the sweep comes after the arms, and its axis ${quote(pointer)} sets the same place at every point. Take it out here or there`;
  return [warning(walked, message)];
}

/** Each value by itself, in every arm; and whether the axis changes anything in any of them. */
function valueFindings(axis: Axis, arms: readonly SweptArm[], read: ReadPoint): Finding[] {
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
  const all =
    axis.values.length === 1 ? 'its only value is what stands there already' : 'all its values train the same';
  return [atName(axis.pointer, `this axis changes nothing in any arm: ${all}`)];
}

/** What a run's result depends on. */
export function trainedKey({ data, network, training }: Experiment): string {
  const { seeds: _, ...trained } = training;
  return JSON.stringify([data, network.layers, network.output, trained]);
}

/** A finding at the value that brings it about, or in it. */
function atValue({ pointer }: Axis, index: number, { path, ...finding }: Finding): Finding {
  const place = parsePointer(pointer) ?? [];
  const within = isWithin(path.map(String), place) ? path.slice(place.length) : [];
  return { ...finding, path: ['sweep', pointer, index, ...within] };
}

/** Values that are right one by one may not fit each other. */
function pointFindings(grid: Grid, arms: readonly SweptArm[], read: ReadPoint): Finding[] {
  const told = new Set<string>();
  const findings: Finding[] = [];
  for (const index of grid.sample(mostCheckedPoints)) {
    if (grid.size > mostCheckedPoints && index !== 0 && index !== grid.size - 1) continue;
    const point = grid.point(index);
    for (const arm of arms) {
      for (const { message, severity } of read(arm, point).findings) {
        if (told.has(message)) continue;
        told.add(message);
        const said = `at ${pointInWords(point, grid.axes)}: ${message}`;
        findings.push(inArm(arm, { severity, message: said, path: ['sweep'], atName: true }));
      }
    }
  }
  return findings;
}

/** Whether a claim compares in a way that there is a sweep for. @param claims With their places. */
export function compareFindings(claims: Claim | Claim[] | undefined, grid: Grid, hasSweep: boolean): Finding[] {
  const list: [Claim, Path][] = Array.isArray(claims)
    ? claims.map((claim, index) => [claim, ['claim', index]])
    : claims
      ? [[claims, ['claim']]]
      : [];
  return list.flatMap(([{ compare }, path]): Finding[] => {
    if (compare === 'same') return [];
    const at = [...path, 'compare'];
    if (!hasSweep) return [error(at, `${quote(compare)} compares over a sweep, and there is none: add "sweep"`)];
    // A sweep that is wrong has been told so.
    if (compare !== 'largest-converging' || grid.axes.length === 0) return [];
    const rates = grid.axes.find(({ pointer }) => pointer === ratePointer);
    if (rates) return [];
    return [error(at, `${quote(compare)} takes a sweep over learning rates: add the axis ${quote(ratePointer)}`)];
  });
}

/** The sweep of a file that is written well enough to be looked at. */
export function sweepOf(file: JsonObject): Record<string, unknown[]> | null {
  const { sweep } = file;
  if (!isObject(sweep)) return null;
  return Object.values(sweep).every((values) => Array.isArray(values) && values.length > 0)
    ? (sweep as Record<string, unknown[]>)
    : null;
}
