/** `bnexp run --shard`: parts of a plan, given as numbers or by the environment of a job array. */
import assert from 'node:assert/strict';
import { type Environment, shardOf } from '../../../src/cli/shards';
import type { Plan } from '../../../src/experiment/plan';
import { planOf } from '../runs/support/experiments';
import { small, World } from './support';

const seeds = (count: number) => Array.from({ length: count }, (_, k) => k + 1);
const planWith = (count: number) => planOf({ ...small, training: { ...small.training, seeds: seeds(count) } });

describe('shards', () => {
  let world: World;
  beforeEach(() => {
    world = new World();
    world.write('small.bnexp.json', small);
  });
  afterEach(() => world.remove());

  const trained = () => world.sessions[0].options.plan.runs.map(({ id }) => id);
  const run = (shard: string, environment: Environment = {}) => {
    world.environment = environment;
    return world.run('run', 'small.bnexp.json', '--shard', shard);
  };

  it('share no run, and together contain all', () => {
    const plan = planWith(7);
    for (const count of [1, 2, 3, 5, 14, 20]) {
      const shards: Plan[] = Array.from({ length: count }, (_, k) => shardOf(plan, { index: k + 1, count }));
      const sizes = shards.map(({ runs }) => runs.length);
      assert.ok(Math.max(...sizes) - Math.min(...sizes) <= 1, 'shards are of equal size');
      const ids = shards.flatMap(({ runs }) => runs.map(({ id }) => id));
      assert.deepEqual([...ids].sort(), plan.runs.map(({ id }) => id).sort());
    }
  });

  it('have the same number of runs of each arm, so that a slow arm is shared', () => {
    for (const count of [2, 4, 8]) {
      for (const index of seeds(count)) {
        const { runs } = shardOf(planWith(32), { index, count });
        const ofFirst = runs.filter(({ arm }) => arm === 'without').length;
        assert.equal(ofFirst, runs.length / 2, `${index}/${count}`);
      }
    }
  });

  it('run alone, and succeed without runs', async () => {
    await run('2/3');
    assert.deepEqual(trained(), ['BatchNorm/seed-1']);
    const { code, out, err } = await world.run('run', 'small.bnexp.json', '--shard', '5/5', '--json');
    assert.equal(code, 0);
    assert.deepEqual(JSON.parse(out).runs, []);
    assert.match(err, /this shard contains no runs/);
    assert.equal(world.sessions.length, 1);
  });

  const slurm = (id: number, least: number, most: number, count: number) => ({
    SLURM_ARRAY_TASK_ID: String(id),
    SLURM_ARRAY_TASK_MIN: String(least),
    SLURM_ARRAY_TASK_MAX: String(most),
    SLURM_ARRAY_TASK_COUNT: String(count),
  });
  const found: [says: string, shard: string, environment: Environment, part: string][] = [
    ['a Slurm array from 0', 'auto', slurm(2, 0, 3, 4), '3 of 4'],
    ['a Slurm array from 1', 'auto', slurm(4, 1, 4, 4), '1 of 4'],
    ['a Slurm task that is submitted again alone', 'auto/4', slurm(2, 2, 2, 1), '3 of 4'],
    ['a Slurm array with gaps', 'auto/4', slurm(3, 1, 3, 2), '4 of 4'],
    ['a Kubernetes Indexed Job', 'auto/4', { JOB_COMPLETION_INDEX: '0' }, '1 of 4'],
    ['AWS Batch', 'auto', { AWS_BATCH_JOB_ARRAY_INDEX: '3', AWS_BATCH_JOB_ARRAY_SIZE: '4' }, '4 of 4'],
    ["GitLab's parallel jobs", 'auto', { CI_NODE_INDEX: '2', CI_NODE_TOTAL: '4' }, '2 of 4'],
  ];
  for (const [says, shard, environment, part] of found) {
    it(`are found in ${says}`, async () => {
      const { code, err } = await run(shard, environment);
      assert.equal(code, 0, err);
      assert.match(err, new RegExp(`^This task runs part ${part}\\.$`, 'm'));
      assert.equal(trained().length, 1);
    });
  }

  it('of a Slurm array are all different, from whichever number it starts', async () => {
    for (const least of [0, 1, 7]) {
      const all = new Set<string>();
      for (let id = least; id < least + 4; id++) {
        world.sessions.length = 0;
        await run('auto', slurm(id, least, least + 3, 4));
        for (const each of trained()) all.add(each);
      }
      assert.equal(all.size, 4);
    }
  });

  const refused: [says: string, shard: string, environment: Environment, message: RegExp][] = [
    ['no job array', 'auto', {}, /none of their variables is set here: write --shard I\/N/],
    ['a Slurm array with gaps', 'auto', slurm(6, 1, 6, 3), /TASK_ID=6: the array has gaps .* Write --shard auto\/N/],
    [
      'a Slurm array whose tasks would share a part',
      'auto/3',
      slurm(7, 1, 7, 3),
      /from 1 to 7, so several of them would run the same of 3 parts: .*--array=0-2/,
    ],
    ['a single Slurm task', 'auto', slurm(3, 3, 3, 1), /has gaps or a single task/],
    ['Kubernetes, which does not tell the number', 'auto', { JOB_COMPLETION_INDEX: '1' }, /number of completions/],
    [
      'a task beyond the parts',
      'auto/4',
      { JOB_COMPLETION_INDEX: '4' },
      /JOB_COMPLETION_INDEX=4 is beyond the 4 parts/,
    ],
    ['a variable that is no number', 'auto/4', { SLURM_ARRAY_TASK_ID: 'x' }, /none of their variables/],
  ];
  for (const [says, shard, environment, message] of refused) {
    it(`are refused for ${says}`, async () => {
      const { code, err } = await run(shard, environment);
      assert.equal(code, 2);
      assert.match(err, message);
      assert.equal(world.sessions.length, 0);
    });
  }
});
