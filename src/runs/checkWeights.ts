/** Checks that the files of initial weights fit the networks of a plan. */
import { DataError } from '../engine/data/dataset';
import { inputShape, ShapeError } from '../engine/shape';
import { weightsPlaces } from '../experiment/checks/weights';
import type { DataShape } from '../experiment/dataShape';
import { error, type Finding, warning } from '../experiment/findings';
import type { Run } from '../experiment/plan';
import type { DataFile } from '../protocol';
import { startState } from './model/startState';

/**
 * @param shape Shape of the data of the run.
 * @param read Reads a file. May throw a DataError.
 */
export async function checkWeights(
  { experiment, specification }: Run,
  { features, outputs, image }: DataShape,
  read: (path: string) => Promise<DataFile>,
): Promise<Finding[]> {
  const places = weightsPlaces(experiment);
  if (features === null || outputs === null) return [];
  const findings: Finding[] = [];
  const add = (path: string, say: typeof error, message: string) =>
    findings.push(...(places.get(path) ?? []).map((place) => say(place, message)));
  const files = new Map<string, DataFile>();
  for (const path of places.keys()) {
    try {
      files.set(path, await read(path));
    } catch (cause) {
      if (!(cause instanceof DataError)) throw cause;
      add(path, error, cause.message);
    }
  }
  if (findings.length > 0) return findings;
  try {
    const { layers } = specification;
    const input = inputShape(layers, features, image ?? undefined);
    const start = startState(layers, input, outputs, (path) => files.get(path));
    for (const { path, message } of start?.problems ?? []) add(path, error, message);
    for (const { path, message } of start?.remarks ?? []) add(path, warning, message);
  } catch (cause) {
    // A layer that does not fit its input is reported by the checks of the network.
    if (!(cause instanceof ShapeError)) throw cause;
  }
  return findings;
}
