/** `bnexp submit slurm` in a real Slurm of two nodes, one of which is lost: the verdict is that of one machine, to the byte. */
import assert from 'node:assert/strict';
import { spawnSync } from 'node:child_process';
import { existsSync, mkdirSync, readdirSync, readFileSync, statSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { skip } from '../support/skip';
import { Slurm, slurmAbsence } from '../support/slurm';
import { until } from '../support/until';
import { tiny } from '../unit/runs/folder/support/folders';
import { temporaryFolder } from '../unit/runs/support/experiments';

const cli = join(process.cwd(), 'dist/cli.js');

describe('an array job in a real Slurm', function () {
  this.timeout(120_000);
  const folder = temporaryFolder();
  const slurm = new Slurm();
  // The characters that the script must quote. Slurm replaces those after % in names of logs.
  const shared = 'shared \'disk\' "é" $HOME %j';
  const experiment = {
    ...tiny,
    training: { ...tiny.training, steps: 20_000, seeds: [1, 2, 3, 4, 5, 6, 7, 8] },
    watch: { every: 500, predictions: false },
  };

  before(async function () {
    const reason = slurmAbsence();
    if (reason !== null) skip(this, reason);
    mkdirSync(folder.path(shared));
    writeFileSync(folder.path(shared, 'x.bnexp.json'), JSON.stringify(experiment));
    await slurm.start();
  });
  after(() => slurm.stop());

  const bnexp = (...args: string[]) => {
    const { status, stdout, stderr } = spawnSync(process.execPath, [cli, ...args], {
      cwd: folder.path(shared),
      env: slurm.environment,
      encoding: 'utf8',
    });
    assert.equal(status, 0, stderr);
    return stdout;
  };
  const completed = () =>
    new Map(
      readdirSync(folder.path(shared, 'array'), { recursive: true, encoding: 'utf8' })
        .filter((name) => name.endsWith('summary.json'))
        .map((name) => [name, statSync(folder.path(shared, 'array', name)).ino]),
    );

  it('gives the verdict of one machine, although a node is lost, and trains no completed run again', async () => {
    bnexp('submit', 'slurm', 'x.bnexp.json', '--shards', '4', '--out', 'array');
    const onLost = await until(() => {
      const jobs =
        completed().size > 2 && slurm.ask('squeue', '--noheader', '--nodelist=n2', '--states=R', '--format=%A');
      return jobs && slurm.processesOn('n2').length > 2 && jobs;
    });
    slurm.lose('n2');
    const before = completed();
    assert.ok(before.size < 16, 'the node was lost while it trained');
    bnexp('run', 'x.bnexp.json', '--quiet', '--out', 'whole');
    const report = folder.path(shared, 'array/verdict.md');
    await until(() => existsSync(report) && slurm.ask('squeue', '--noheader') === '', 90_000).catch((cause) => {
      throw new Error(`${slurm.ask('squeue')}${slurm.logs()}`, { cause });
    });
    const after = completed();
    assert.equal(after.size, 16);
    for (const [name, file] of before) assert.equal(after.get(name), file, `${name} was trained twice`);
    const [lost] = onLost.split('\n');
    assert.match(slurm.ask('scontrol', 'show', 'job', lost), /Requeue=1 Restarts=1/, 'the part was retried');
    for (const format of ['--json', '--markdown'])
      assert.equal(bnexp('verdict', 'array', format), bnexp('verdict', 'whole', format));
    assert.equal(readFileSync(report, 'utf8').trim(), bnexp('verdict', 'whole', '--markdown').trim());
    assert.equal(bnexp('export', 'csv', 'array', '-'), bnexp('export', 'csv', 'whole', '-'));
  });
});
