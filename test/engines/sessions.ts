/** All experiments in one session, run as the command line and the extension run it. */
import type { Plan } from '../../src/experiment/plan';
import { systemClock } from '../../src/runs/session/clock';
import type { PlanFiles } from '../../src/runs/session/planFiles';
import { ExperimentSession, type SessionOptions } from '../../src/runs/session/session';
import { experiments } from './experiments';
import type { Hashes } from './hashes';
import { planOf, runName } from './trained';

export const everything = { every: 1, evaluateEvery: 1 };
export const nothing = { every: 1e9, evaluateEvery: 1e9, layers: [], taps: [], gradients: false };

/** The runs of all experiments as one plan, with these `watch` settings. */
export function planOfAll(watch: object): Plan {
  const plans = [...experiments].map(([name, { text, files }]) => {
    const { arms, ...rest } = JSON.parse(text);
    // Arm by arm: some differ only in their `watch` settings.
    return Object.entries(arms ?? { experiment: {} }).map(([arm, patch]) => {
      const alone = arms ? { ...rest, watch, arms: { [arm]: patch } } : { ...rest, watch };
      const plan = planOf(name, { text: JSON.stringify(alone), files });
      return { ...plan, runs: plan.runs.map((run) => ({ ...run, id: `${name}/${run.id}` })) };
    });
  });
  return { ...plans[0][0], runs: plans.flat().flatMap(({ runs }) => runs) };
}

const files: PlanFiles = new Map(
  [...experiments.values()].flatMap(({ files }) => [...files].map(([path, bytes]) => [path, { path, bytes }] as const)),
);

export function sessionOf(plan: Plan, options: Pick<SessionOptions, 'jobs' | 'storeFrames' | 'startWorker'>) {
  return new ExperimentSession({
    plan,
    file: 'all.bnexp.json',
    record: null,
    id: 'all',
    clock: systemClock,
    files,
    ...options,
  });
}

/** Final results of a started session's runs; workers train with SIMD. */
export async function hashesOfSession(session: ExperimentSession, plan: Plan): Promise<Hashes> {
  const summaries = await session.ended;
  return Object.fromEntries(
    summaries.map(({ parametersHash, error }, k) => {
      const { id } = plan.runs[k];
      if (parametersHash === null) throw new Error(`${id} has no parameters: ${error}`);
      return [`${runName(id, 'simd')} parameters`, parametersHash];
    }),
  );
}
