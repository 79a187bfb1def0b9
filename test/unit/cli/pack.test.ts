/** `bnexp pack`: run folders of earlier versions become smaller, and every value stays. */
import assert from 'node:assert/strict';
import { copyFileSync, mkdirSync, readdirSync, readFileSync, rmSync, truncateSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { readExperiment } from '../../../src/experiment/read';
import { beginRun, writeSummary } from '../../../src/runs/folder/runFiles';
import { readLogFile } from '../../../src/runs/folder/runLogFiles';
import { writeIndex } from '../../../src/runs/folder/writeIndex';
import { indexOf } from '../../../src/runs/session/runIndex';
import { small, summaryOf, World } from './support';

/** A log of the run BatchNorm/seed-1, written by the version before logs were packed. */
const tagged = 'test/fixtures/runs/tagged.tfevents';
const logName = 'events.out.tfevents.1700000000.bnexp';

describe('bnexp pack', () => {
  let world: World;
  let own: string;
  beforeEach(() => {
    world = new World();
    const { plan } = readExperiment(JSON.stringify({ ...small, arms: { BatchNorm: {} } }), { seeds: [1] });
    assert.ok(plan);
    const folder = join(world.cwd, 'kept');
    mkdirSync(folder);
    writeIndex(folder, indexOf(plan, 'small.bnexp.json', '0.1.0'));
    own = beginRun(folder, plan.runs[0]);
    copyFileSync(tagged, join(own, logName));
    writeSummary(folder, plan.runs[0], { ...summaryOf('BatchNorm', 1), status: 'cancelled' });
  });
  afterEach(() => world.remove());

  const log = () => join(own, logName);

  it('makes the log smaller, keeps every value, and is not taken for damage', async () => {
    const [before, size] = [readLogFile(log()), readFileSync(log()).length];
    const damage = (await world.run('verdict', 'kept')).err;
    const { code, out, err } = await world.run('pack', 'kept');
    assert.equal(code, 0, err);
    assert.match(out, /^kept: .* → .* \(1 log packed\)\n$/);
    assert.notEqual(readFileSync(log()).length, size);
    const { survey: _, end: __, ...values } = readLogFile(log());
    const { survey: ___, end: ____, ...expected } = before;
    assert.deepEqual(values, expected);
    assert.equal((await world.run('verdict', 'kept')).err, damage);
    assert.match((await world.run('pack', 'kept')).out, /\(0 logs packed, 1 already packed\)/);
  });

  it('leaves a damaged log as it is, and reports it', async () => {
    truncateSync(log(), 900);
    const bytes = readFileSync(log());
    const { code, err } = await world.run('pack', 'kept');
    assert.equal(code, 1);
    assert.match(err, /warning: BatchNorm\/seed-1: .* is not complete after byte \d+: it stays as it is/);
    assert.deepEqual(readFileSync(log()), bytes);
    assert.equal(readdirSync(own).length, 3);
  });

  it('refuses what is not a run folder', async () => {
    writeFileSync(join(world.cwd, 'file'), '');
    for (const name of ['file', 'nothing']) {
      const { code, err } = await world.run('pack', name);
      assert.equal(code, 2);
      assert.match(err, /does not exist: give a run folder|is not a run folder/);
    }
    rmSync(join(world.cwd, 'kept'), { recursive: true });
    mkdirSync(join(world.cwd, 'kept'));
    assert.match((await world.run('pack', 'kept')).err, /is not a run folder/);
  });
});
