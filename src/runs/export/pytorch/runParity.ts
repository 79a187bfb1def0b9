/** Trains an experiment here and with PyTorch, and compares the two. */
import { spawn } from 'node:child_process';
import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import * as l10n from '@vscode/l10n';
import { makeDataset } from '../../../engine/data/make';
import type { Kernels } from '../../../engine/kernels/kernels';
import type { Plan, Run } from '../../../experiment/plan';
import { withTask } from '../../../experiment/runSpecification';
import { safetensorsBytes } from '../../model/writeSafetensors';
import { filesOf, type PlanFiles } from '../../session/planFiles';
import {
  type Certificate,
  type ComparedTensor,
  explainedSpread,
  judge,
  outcomeOf,
  perturbations,
  tolerances,
  type UncomparedTensor,
} from './certificate';
import { exportPyTorch } from './exportPyTorch';
import driver from './parity.py';
import { hasNoise, parityTensors, withoutNoise } from './parityCase';
import { recordedStart } from './recordedStart';

/** PyTorch cannot be run. The message is a clause with a remedy. */
export class NoPyTorch extends Error {
  override readonly name = 'NoPyTorch';
}

/** Runs of the first seed of one plan that are compared. */
export interface ParityExperiment {
  /** Unique, and valid as the name of a folder. */
  id: string;
  plan: Plan;
  files: PlanFiles;
}

interface Case {
  id: string;
  script: string;
  arm: string;
  seed: number;
  steps: number;
  ours: string;
}

/**
 * Compares all arms at all points, with the first seed of each plan.
 * @param python Command that starts Python.
 * @throws NoPyTorch; NotExpressible; DataError.
 */
export async function runParity(
  experiments: readonly ParityExperiment[],
  { python, steps, kernels }: { python: string; steps: number; kernels: Kernels },
): Promise<Certificate[]> {
  const folder = mkdtempSync(join(tmpdir(), 'batchnorm-lab-parity-'));
  try {
    const prepared = experiments.flatMap((experiment) =>
      prepare(experiment, join(folder, experiment.id), steps, kernels),
    );
    const results = await compare(
      python,
      prepared.map(({ test }) => test),
    );
    return prepared.map(({ test, known }) => {
      const result = results.get(test.id);
      if (!result)
        throw new NoPyTorch(l10n.t`${python} stopped before it compared ${known.run}: run it again, with fewer steps`);
      const { version, perturbations: sizes = [], tensors: compared = [], problem = null } = result;
      const tensors = judge(compared.map(read), sizes);
      return {
        ...known,
        pytorch: version,
        perturbations: sizes,
        outcome: outcomeOf(problem, tensors),
        tensors,
        problem,
      };
    });
  } finally {
    rmSync(folder, { recursive: true, force: true });
  }
}

type Known = Omit<Certificate, 'pytorch' | 'perturbations' | 'outcome' | 'tensors' | 'problem'>;

function prepare(
  { id, plan, files }: ParityExperiment,
  folder: string,
  steps: number,
  kernels: Kernels,
): { test: Case; known: Known }[] {
  const [seed] = plan.seeds;
  const chosen = plan.runs.filter((run) => run.seed === seed);
  const quietRuns = chosen.map(quietRun);
  const quietPlan: Plan = { ...plan, seeds: [seed], runs: quietRuns };
  const exported = exportPyTorch(quietPlan, files, {
    name: 'script',
    start: (run, dataset, own) => recordedStart(run, dataset, kernels, own, Math.min(steps, run.training.steps)),
    dataPath: (path) => path,
    steps,
  });
  const write = (path: string, content: string | Uint8Array) => {
    mkdirSync(dirname(join(folder, path)), { recursive: true });
    writeFileSync(join(folder, path), content);
  };
  write('script.py', exported.script);
  for (const { path, bytes } of exported.files) write(path, bytes());
  return quietRuns.map((run, k) => {
    const dataset = makeDataset(run.data, run.seed, filesOf(run, files));
    const specification = withTask(run.specification, dataset.task);
    const most = Math.min(steps, specification.training.steps);
    kernels.release();
    const { steps: compared, tensors } = parityTensors(specification, dataset, kernels, most, filesOf(run, files));
    const ours = `ours-${k}.safetensors`;
    write(ours, safetensorsBytes(tensors));
    const arm = exported.arms[k];
    return {
      test: {
        id: `${id}/${k}`,
        script: join(folder, 'script.py'),
        arm,
        seed,
        steps: compared,
        ours: join(folder, ours),
      },
      known: {
        experiment: id,
        run: run.id,
        arm,
        seed,
        steps: compared,
        withoutNoise: hasNoise(chosen[k].specification),
      },
    };
  });
}

function quietRun(run: Run): Run {
  const { id, arm, point, seed, data, experiment } = run;
  return { id, arm, point, seed, data, experiment, specification: withoutNoise(run.specification) };
}

/** A tensor as `parity.py` prints it: JSON has no infinity, which is a string. */
type PrintedTensor =
  | { name: string; missing: true }
  | { name: string; shapes: [string, string] }
  | ({ name: string; scale: number | string; difference: number | string; error: number | string } & {
      spreads: (number | string)[];
      nearest: number | string;
    });

interface Result {
  version: string;
  perturbations?: number[];
  tensors?: PrintedTensor[];
  problem?: string;
}

function read(tensor: PrintedTensor): ComparedTensor | UncomparedTensor {
  const { name } = tensor;
  if ('missing' in tensor) return { name, problem: l10n.t('is missing in PyTorch') };
  if ('shapes' in tensor) {
    const [ours, theirs] = tensor.shapes;
    return { name, problem: l10n.t`has the shape ${ours}, in PyTorch ${theirs}` };
  }
  return {
    name,
    scale: Number(tensor.scale),
    difference: Number(tensor.difference),
    error: Number(tensor.error),
    spreads: tensor.spreads.map(Number),
    nearest: Number(tensor.nearest),
  };
}

/** Starts one process for all cases: the import of PyTorch takes seconds. */
function compare(python: string, cases: readonly Case[]): Promise<Map<string, Result>> {
  return new Promise((resolve, reject) => {
    const child = spawn(python, ['-c', driver], { stdio: ['pipe', 'pipe', 'pipe'] });
    let out = '';
    let err = '';
    child.stdout.on('data', (data) => {
      out += data;
    });
    child.stderr.on('data', (data) => {
      err += data;
    });
    child.on('error', ({ message }) => {
      reject(
        new NoPyTorch(l10n.t`${python} cannot be started (${message}): name a Python that has PyTorch with --python`),
      );
    });
    child.on('close', (code) => {
      const results = new Map<string, Result>();
      try {
        for (const line of out.split('\n')) {
          if (line.trim() === '') continue;
          const { missing, old, id, ...result } = JSON.parse(line);
          if (missing) {
            reject(
              new NoPyTorch(
                l10n.t`${python} has no PyTorch: install it (pip install torch), or name a Python that has it with --python`,
              ),
            );
            return;
          }
          if (old) {
            reject(
              new NoPyTorch(
                l10n.t`${python} has PyTorch ${old}: 1.12 or newer is needed. Update it, or name another Python with --python`,
              ),
            );
            return;
          }
          results.set(id, result);
        }
      } catch {
        reject(new NoPyTorch(l10n.t`${python} printed something other than results: ${out.slice(0, 200)}`));
        return;
      }
      if (code !== 0 && results.size < cases.length) {
        const last = err.trim().split('\n').at(-1) ?? '';
        reject(new NoPyTorch(l10n.t`${python} stopped with code ${String(code)}: ${last}`));
        return;
      }
      resolve(results);
    });
    child.stdin.on('error', () => {
      // It closes with the process, whose end is reported.
    });
    child.stdin.end(JSON.stringify({ cases, tolerances, perturbations, explained: explainedSpread }));
  });
}
