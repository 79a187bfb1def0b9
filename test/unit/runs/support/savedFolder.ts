/** Run folders that contain results without having trained. */
import { mkdirSync } from 'node:fs';
import { join } from 'node:path';
import type { Plan, Run } from '../../../../src/experiment/plan';
import type { RunStatus, RunSummary } from '../../../../src/protocol';
import { hideFromGit } from '../../../../src/runs/folder/layout';
import { savedExperiment } from '../../../../src/runs/folder/runFiles';
import { writeSummaryFile } from '../../../../src/runs/folder/summaryFile';
import { writeWhole } from '../../../../src/runs/folder/wholeFile';
import { writeIndex } from '../../../../src/runs/folder/writeIndex';
import { indexOf } from '../../../../src/runs/session/runIndex';

export interface Saved {
  /** Folder that contains the experiment, its file, and the name of the run folder. */
  base: string;
  file: string;
  stamp: string;
  plan: Plan;
  /** Summary of each run; null for a run without one. */
  summaryOf?: (run: Run) => Partial<RunSummary> | null;
}

/** Makes a run folder, and returns its path. */
export function saveFolder({ base, file, stamp, plan, summaryOf = () => ({}) }: Saved): string {
  const parent = join(base, '.bnexp', 'runs', file.replace(/\.bnexp\.json$/, ''));
  const folder = join(parent, stamp);
  mkdirSync(folder, { recursive: true });
  hideFromGit(join(base, '.bnexp'));
  const [date, time] = stamp.split('T');
  writeIndex(folder, { ...indexOf(plan, file, '0.1.0'), started: `${date}T${time.replaceAll('-', ':')}.000Z` });
  for (const run of plan.runs) {
    const changes = summaryOf(run);
    const own = join(folder, run.id);
    mkdirSync(own, { recursive: true });
    writeWhole(join(own, 'experiment.json'), savedExperiment(run.experiment, run.seed));
    if (changes) writeSummaryFile(own, { ...summary(run), ...changes });
  }
  return folder;
}

function summary({ arm, seed, point }: Run): RunSummary {
  return {
    arm,
    seed,
    point: { ...point },
    status: 'completed' satisfies RunStatus,
    steps: 60,
    divergedAt: null,
    seconds: 2,
    stepsPerSecond: 30,
    final: { trainLoss: 0.5, testLoss: 0.6, trainAccuracy: 0.9, testAccuracy: 0.8 },
    layers: [],
    parametersHash: null,
  };
}
