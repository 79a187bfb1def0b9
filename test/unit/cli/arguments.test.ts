/** Valid arguments, and invalid ones with their messages. */
import assert from 'node:assert/strict';
import { small, World } from './support';

describe('arguments', () => {
  let world: World;
  beforeEach(() => {
    world = new World();
    world.write('small.bnexp.json', small);
  });
  afterEach(() => world.remove());

  const refused: [args: string[], says: RegExp][] = [
    [['run'], /missing required argument 'files'/],
    [['run', 'small.bnexp.json', '--seed', '1'], /unknown option '--seed' \(Did you mean --seeds\?\)/],
    [['run', 'small.bnexp.json', '--seeds', '3-1'], /--seeds.*The range 3-1 runs backwards: write 1-3\./],
    [['run', 'small.bnexp.json', '--seeds', 'one'], /--seeds.*neither a seed nor a range/],
    [['run', 'small.bnexp.json', '--steps', '0'], /--steps.*whole number from 1 to 1,000,000,000/],
    [['run', 'small.bnexp.json', '--steps', '1.5'], /--steps.*whole number/],
    [['run', 'small.bnexp.json', '--jobs', '-1'], /--jobs.*whole number from 1 to 256/],
    [['run', 'small.bnexp.json', '--shard', '5/4'], /no part 5 of 4: the parts are 1\/4 to 4\/4/],
    [['run', 'small.bnexp.json', '--shard', '0/4'], /--shard.*e\.g\. 1\/4/],
    [['run', 'small.bnexp.json', '--shard', '2'], /--shard.*e\.g\. 1\/4/],
    [['run', 'small.bnexp.json', '--arm', 'batchnorm'], /small\.bnexp\.json:1:1: error: .*did you mean "BatchNorm"/],
    [['run', '-', '-'], /standard input \(-\) can be read only once/],
    [['run', 'a/small.bnexp.json', 'small.bnexp.json', '--out', 'x'], /two of the files have the name "small"/],
    [['rnu', 'small.bnexp.json'], /unknown command 'rnu' \(Did you mean run\?\)/],
    [['new'], /missing required argument 'preset'/],
    [['new', 'frist'], /unknown preset "frist": did you mean "first"\?/],
  ];
  for (const [args, says] of refused) {
    it(`refuses bnexp ${args.join(' ')}`, async () => {
      const { code, out, err } = await world.run(...args);
      assert.equal(code, 2);
      assert.equal(out, '');
      assert.match(err, says);
      assert.match(err, /error: /);
      assert.equal(world.sessions.length, 0);
    });
  }

  it('lists the commands if none is given', async () => {
    const { code, err } = await world.run();
    assert.equal(code, 2);
    assert.match(err, /Usage: bnexp/);
  });

  for (const command of ['run', 'check', 'presets', 'new']) {
    it(`shows examples with ${command} --help`, async () => {
      const { code, out } = await world.run(command, '--help');
      assert.equal(code, 0);
      assert.match(out, new RegExp(`Usage: bnexp ${command}`));
      assert.match(out, new RegExp(`Examples:\n  bnexp ${command}`));
    });
  }

  it('prints the package version with --version', async () => {
    const { code, out } = await world.run('--version');
    assert.equal(code, 0);
    assert.match(out, /^\d+\.\d+\.\d+\n$/);
  });

  it('pass arms, seeds, steps and jobs to the session', async () => {
    const args = ['--arm', 'BatchNorm', '--seeds', '4-6,9', '--steps', '7', '--jobs', '3'];
    assert.equal((await world.run('run', 'small.bnexp.json', ...args)).code, 0);
    const [{ options }] = world.sessions;
    assert.deepEqual(
      options.plan.runs.map(({ arm, seed }) => `${arm} ${seed}`),
      ['BatchNorm 4', 'BatchNorm 5', 'BatchNorm 6', 'BatchNorm 9'],
    );
    assert.ok(options.plan.runs.every(({ specification }) => specification.training.steps === 7));
    assert.equal(options.jobs, 3);
  });

  it('accept several arms', async () => {
    await world.run('run', 'small.bnexp.json', '--arm', 'BatchNorm', '--arm', 'without');
    assert.deepEqual(world.sessions[0].options.plan.arms, ['without', 'BatchNorm']);
  });

  it('limit the jobs to between one and the number of runs', async () => {
    await world.run('run', 'small.bnexp.json', '--arm', 'BatchNorm', '--seeds', '1');
    assert.equal(world.sessions[0].options.jobs, 1);
  });
});
