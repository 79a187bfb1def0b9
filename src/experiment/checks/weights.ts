/** Checks the files of initial weights: their paths, and where messages about their content belong. */
import { watchable } from '../../engine/channels';
import type { Finding } from '../findings';
import { placedLayers } from '../layers';
import type { Experiment } from '../schema';
import { fileFinding, type Host } from './data';

/** Places in the experiment that name a file of initial weights, by the path of the file. */
export function weightsPlaces({ network }: Pick<Experiment, 'network'>): Map<string, (string | number)[][]> {
  const { layers, paths } = placedLayers(network);
  const places = new Map<string, (string | number)[][]>();
  const add = (file: string, place: (string | number)[]) => {
    const known = places.get(file) ?? [];
    if (!known.some((each) => each.join() === place.join())) known.push(place);
    places.set(file, known);
  };
  for (const layer of watchable(layers)) {
    if (layer.kind === 'residual' || layer.initialization.kind !== 'file') continue;
    const isInherited = JSON.stringify(layer.initialization) === JSON.stringify(network.initialization);
    const above = isInherited ? ['network'] : (paths.get(layer.name) ?? []);
    add(layer.initialization.path, [...above, 'initialization', 'path']);
  }
  return places;
}

export function weightsFindings(experiment: Experiment, host: Host): Finding[] {
  return [...weightsPlaces(experiment)].flatMap(([file, places]) =>
    places.flatMap((place) => fileFinding(file, place, host) ?? []),
  );
}
