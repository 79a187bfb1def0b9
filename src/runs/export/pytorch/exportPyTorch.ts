/** The script that trains an experiment with PyTorch, and the files that it reads. */
import * as l10n from '@vscode/l10n';
import type { Dataset } from '../../../engine/data/dataset';
import { makeDataset } from '../../../engine/data/make';
import { inputShape } from '../../../engine/shape';
import type { RunSpecification } from '../../../engine/specification';
import { dataFiles } from '../../../experiment/dataFiles';
import { dataShape } from '../../../experiment/dataShape';
import type { Plan, Run } from '../../../experiment/plan';
import { type Task, withTask } from '../../../experiment/runSpecification';
import { bytesInWords, count } from '../../../experiment/words';
import type { ImageShape } from '../../../shared/image';
import { torchState } from '../../model/torchState';
import { safetensorsBytes, type WrittenTensor } from '../../model/writeSafetensors';
import { filesOf, type PlanFiles, type RunFiles } from '../../session/planFiles';
import { requireGroupsInOrder } from '../groupsInOrder';
import { NotExpressible } from '../notExpressible';
import { recordedData } from './recordedData';
import { pytorchScript, type Recorded, type ScriptArm } from './script';

export interface PyTorchExport {
  script: string;
  /** Files in the folder of the script, by their paths in it; each is made when it is read. */
  files: { path: string; bytes: () => Uint8Array }[];
  /** Names of the arms in the script, in the order of the runs of a seed. */
  arms: string[];
}

export interface PyTorchOptions {
  /** Name of the script's file, without `.py`. */
  name: string;
  /**
   * Makes what a run starts from, as `recordedStart` does, so that the script starts from the same; null if the script draws its
   * own initial weights, data and minibatches.
   */
  start: ((run: RunSpecification, dataset: Dataset, files: RunFiles) => WrittenTensor[]) | null;
  /** Path of a data file, from the folder of the script. */
  dataPath: (path: string) => string;
  /** Number of recorded minibatches; default: all. */
  steps?: number;
}

/** Arms at points of the sweep. More make a script that nobody reads. */
const mostArms = 100;
/** Bytes of all files together. */
const mostBytes = 2e9;

/** @throws NotExpressible; DataError. */
export function exportPyTorch(plan: Plan, files: PlanFiles, options: PyTorchOptions): PyTorchExport {
  const number = plan.arms.length * plan.pointCount;
  if (number > mostArms) {
    throw new NotExpressible(
      l10n.t`the experiment has ${count(number, 'arm')} at points of the sweep, and a script contains at most ${mostArms}: choose some with --arm, or remove an axis`,
    );
  }
  const runs = plan.runs.filter(({ seed }) => seed === plan.seeds[0]);
  requireNoAugmentation(runs);
  const arms = armsOf(runs, files);
  const recorded: Recorded = options.start
    ? 'everything'
    : runs.some(({ data }) => data.kind === 'csv' || data.kind === 'png')
      ? 'data'
      : 'nothing';
  const folder = `${options.name}_start`;
  const script = pytorchScript({
    title: plan.name,
    notes: plan.notes,
    seeds: plan.seeds,
    arms,
    recorded,
    recordedFolder: folder,
    logs: `runs/${options.name}`,
    dataPath: options.dataPath,
  });
  if (recorded === 'nothing') return { script, files: [], arms: arms.map(({ name }) => name) };
  requireRoom(arms, plan, options);
  const starts = plan.runs.map((run) => ({
    path: `${folder}/${run.id}.safetensors`,
    bytes: () => safetensorsBytes(startOf(run, files, options)),
  }));
  return { script, files: starts, arms: arms.map(({ name }) => name) };
}

/** @throws NotExpressible */
function requireNoAugmentation(runs: readonly Run[]): void {
  const changed = runs.find(
    ({ data }) => 'augment' in data && data.augment && (data.augment.shift > 0 || data.augment.flip),
  );
  if (!changed) return;
  throw new NotExpressible(
    l10n.t`the training images of ${JSON.stringify(changed.arm)} are changed at random (data.augment), which scripts of PyTorch do not do: remove "augment", or choose other arms with --arm`,
  );
}

function armsOf(runs: readonly Run[], files: PlanFiles): ScriptArm[] {
  const facts = new Map<string, DataFacts>();
  return runs.map((run) => {
    const key = JSON.stringify(run.data);
    const known = facts.get(key) ?? factsOf(run, files);
    facts.set(key, known);
    return armOf(run, known, foundPaths(run, files));
  });
}

interface DataFacts {
  task: Task;
  features: number;
  image: ImageShape | undefined;
  outputs: number;
  train: number;
  test: number;
}

/** Facts about the data of a run; files are read for them, generated data need not be made. */
function factsOf(run: Run, files: PlanFiles): DataFacts {
  if (dataFiles(run.data).length === 0) {
    const { features, image, outputs, train, test } = dataShape(run.data);
    const known = (value: number | null) => value ?? 1;
    const numbers = { features: known(features), outputs: known(outputs), train: known(train), test: known(test) };
    return { task: 'classification', image: image ?? undefined, ...numbers };
  }
  const dataset = makeDataset(run.data, run.seed, filesOf(run, files));
  const { task, featureCount, classCount, targetCount, image, train, test } = dataset;
  const outputs = task === 'classification' ? classCount : targetCount;
  return { task, features: featureCount, image, outputs, train: train.count, test: test.count };
}

function foundPaths(run: Run, files: PlanFiles): string[] {
  const own = filesOf(run, files);
  return dataFiles(run.data).map(({ property, path }) => own[property]?.path ?? path);
}

function armOf(
  run: Run,
  { task, features, image, outputs, train, test }: DataFacts,
  dataPaths: readonly string[],
): ScriptArm {
  const specification = withTask(run.specification, task);
  const { layers } = specification;
  const input = inputShape(layers, features, image);
  requireGroupsInOrder(layers, torchState(layers, input, outputs));
  const folder = run.id.slice(0, run.id.lastIndexOf('/'));
  return {
    name: folder === '' || Object.keys(run.point).length === 0 ? run.arm : folder,
    folder,
    specification,
    data: run.data,
    dataPaths,
    input,
    outputs,
    train,
    test,
  };
}

function startOf(run: Run, files: PlanFiles, { start }: PyTorchOptions): WrittenTensor[] {
  const dataset = makeDataset(run.data, run.seed, filesOf(run, files));
  const specification = withTask(run.specification, dataset.task);
  if (start) return start(specification, dataset, filesOf(run, files));
  return recordedData(specification, dataset, inputShape(specification.layers, dataset.featureCount, dataset.image));
}

/** @throws NotExpressible if the files would be too large. */
function requireRoom(arms: readonly ScriptArm[], plan: Plan, { steps, start }: PyTorchOptions): void {
  const bytes = arms.reduce((sum, { specification, train, test, input }) => {
    const { training } = specification;
    const features = input.channels * input.height * input.width;
    const batches = start ? training.batchSize * Math.min(steps ?? training.steps, training.steps) : 0;
    return sum + 4 * ((train + test) * features + batches);
  }, 0);
  if (bytes * plan.seeds.length <= mostBytes) return;
  throw new NotExpressible(
    l10n.t`its examples and minibatches would take ${bytesInWords(bytes * plan.seeds.length)} of files: choose fewer with --seeds, --arm or --steps`,
  );
}
