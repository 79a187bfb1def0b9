/** Hashes of files of initial weights in resolved experiments, so that a run with different weights is a different run. */
import type { InitializationSpecification } from '../engine/specification';
import { lazyList } from './lazyList';
import { mostListedRuns, type Plan, type Run } from './plan';
import { runSpecification } from './runSpecification';
import type { Experiment, ResolvedLayer } from './schema';

/** SHA-256 of a file by its path; undefined if unknown. */
export type HashOf = (path: string) => string | undefined;

/** The plan whose experiments contain the hash of each file of initial weights. */
export function withHashes(plan: Plan, hashOf: HashOf): Plan {
  const { runs, samples } = plan;
  if (!samples.some(({ experiment }) => JSON.stringify(experiment.network).includes('"kind":"file"'))) return plan;
  const made = (run: Run) => runWithHashes(run, hashOf);
  const isLarge = runs.length > mostListedRuns;
  return {
    ...plan,
    runs: isLarge ? lazyList(runs.length, (index) => made(runs[index])) : runs.map(made),
    samples: samples.map(made),
  };
}

function runWithHashes(run: Run, hashOf: HashOf): Run {
  const { id, arm, point, seed } = run;
  let known: Experiment | null = null;
  const experiment = () => {
    known ??= { ...run.experiment, network: networkWithHashes(run.experiment.network, hashOf) };
    return known;
  };
  return {
    id,
    arm,
    point,
    seed,
    get experiment() {
      return experiment();
    },
    get data() {
      return run.data;
    },
    get specification() {
      return runSpecification(experiment(), seed);
    },
  };
}

function networkWithHashes(network: Experiment['network'], hashOf: HashOf): Experiment['network'] {
  const hashed = (initialization: InitializationSpecification): InitializationSpecification => {
    if (initialization.kind !== 'file' || initialization.sha256 !== undefined) return initialization;
    const sha256 = hashOf(initialization.path);
    return sha256 === undefined ? initialization : { ...initialization, sha256 };
  };
  const layer = (each: ResolvedLayer): ResolvedLayer => {
    if ('residual' in each) return { ...each, residual: each.residual.map(layer) };
    return 'initialization' in each ? { ...each, initialization: hashed(each.initialization) } : each;
  };
  const { layers, initialization, output } = network;
  return {
    ...network,
    layers: layers.map(layer),
    initialization: hashed(initialization),
    output: { ...output, initialization: hashed(output.initialization) },
  };
}
