/** A Slurm cluster of two nodes on this machine, with its own keys, ports and folders, for tests of job arrays. */
import { type ChildProcess, execFileSync, spawn, spawnSync } from 'node:child_process';
import { randomBytes } from 'node:crypto';
import {
  chmodSync,
  existsSync,
  mkdirSync,
  mkdtempSync,
  readdirSync,
  readFileSync,
  readlinkSync,
  rmSync,
  writeFileSync,
} from 'node:fs';
import { createServer } from 'node:net';
import { hostname, tmpdir } from 'node:os';
import { join } from 'node:path';
import { until } from './until';

const programs = ['munged', 'slurmctld', 'slurmd', 'sbatch', 'squeue', 'sinfo'];
const searched = ['/usr/sbin', '/usr/bin', '/sbin', '/bin'];

/** Why no cluster can be started here, or null. */
export function slurmAbsence(): string | null {
  if (process.platform !== 'linux') return 'Slurm runs on Linux';
  const missing = programs.filter((name) => !searched.some((folder) => existsSync(join(folder, name))));
  if (missing.length > 0)
    return `needs ${missing.join(', ')}: Debian's munge, slurmctld, slurmd and slurm-client contain them`;
  return process.getuid?.() === 0 ? null : 'slurmctld and slurmd of a test need root';
}

/** Nodes of the cluster. */
export const nodes = ['n1', 'n2'] as const;
export type Node = (typeof nodes)[number];

export class Slurm {
  private readonly folder = mkdtempSync(join(tmpdir(), 'batchnorm-lab-slurm-'));
  private readonly daemons = new Map<string, ChildProcess>();
  /** Environment in which the commands of Slurm find this cluster. */
  readonly environment: Record<string, string> = {
    PATH: [...searched, process.env.PATH ?? ''].join(':'),
    SLURM_CONF: join(this.folder, 'slurm.conf'),
  };

  /** @throws Error with the logs of the daemons if the nodes do not start. */
  async start(): Promise<void> {
    chmodSync(this.folder, 0o755);
    for (const name of ['munge', 'state', ...nodes.map((node) => `spool-${node}`)]) {
      mkdirSync(join(this.folder, name), { mode: 0o755 });
    }
    const own = join(this.folder, 'munge');
    writeFileSync(join(own, 'key'), randomBytes(1024), { mode: 0o600 });
    const files = { key: 'key', socket: 'socket', pid: 'pid', log: 'log', seed: 'seed' };
    const options = Object.entries(files).map(
      ([what, name]) => `--${what}${what === 'socket' ? '' : '-file'}=${join(own, name)}`,
    );
    this.daemon('munged', ['--foreground', ...options]);
    await until(() => existsSync(join(own, 'socket')));
    const [control, ...ports] = await freePorts(1 + nodes.length);
    writeFileSync(this.environment.SLURM_CONF, this.configuration(control, ports));
    this.daemon('slurmctld', ['-D', '-i']);
    for (const node of nodes) this.daemon('slurmd', ['-D', '-N', node], node);
    try {
      await until(
        () => this.ask('sinfo', '--noheader', '--Node', '--format=%t').match(/idle/g)?.length === nodes.length,
        20_000,
      );
    } catch (cause) {
      throw new Error(`the nodes of Slurm did not start:\n${this.logs()}`, { cause });
    }
  }

  /** Output of a command of Slurm. */
  ask(command: string, ...args: string[]): string {
    return spawnSync(command, args, { env: this.environment, encoding: 'utf8' }).stdout ?? '';
  }

  /** Kills a node with all that runs there, as a power failure does. */
  lose(node: Node): void {
    const daemon = this.daemons.get(node);
    for (const id of [daemon?.pid ?? 0, ...this.processesOn(node)]) kill(id);
    this.daemons.delete(node);
  }

  /** Processes of the jobs on a node: their steps, which write to the log of the node, and what these started. */
  processesOn(node: Node): number[] {
    const all = processes();
    const log = join(this.folder, `slurmd-${node}.log`);
    const steps = all.filter(({ id, command }) => /^slurmstepd/.test(command) && opens(id, log));
    const found = new Set(steps.map(({ id }) => id));
    for (let before = 0; before < found.size; ) {
      before = found.size;
      for (const { id, parent } of all) if (found.has(parent)) found.add(id);
    }
    return [...found];
  }

  /** Stops everything that was started, also after a failure. */
  async stop(): Promise<void> {
    for (const node of nodes) for (const id of this.processesOn(node)) kill(id);
    for (const daemon of [...this.daemons.values()].reverse()) {
      daemon.kill('SIGTERM');
      await until(() => daemon.exitCode !== null || daemon.signalCode !== null, 10_000).catch(() =>
        kill(daemon.pid ?? 0),
      );
    }
    rmSync(this.folder, { recursive: true, force: true });
  }

  logs(): string {
    return readdirSync(this.folder)
      .filter((name) => name.endsWith('.log'))
      .map((name) => `${name}:\n${readFileSync(join(this.folder, name), 'utf8')}`)
      .join('\n');
  }

  private daemon(program: string, args: string[], name = program): void {
    this.daemons.set(name, spawn(program, args, { env: this.environment, stdio: 'ignore' }));
  }

  private configuration(control: number, ports: readonly number[]): string {
    const host = hostname().split('.')[0];
    const own = (name: string) => join(this.folder, name);
    return `
ClusterName=bnexp
SlurmctldHost=${host}(127.0.0.1)
SlurmctldPort=${control}
SlurmUser=root
SlurmdUser=root
AuthType=auth/munge
AuthInfo=socket=${own('munge/socket')},cred_expire=5
CredType=cred/munge
MailProg=/bin/true
MpiDefault=none
ProctrackType=proctrack/linuxproc
TaskPlugin=task/none
SelectType=select/cons_tres
SelectTypeParameters=CR_CPU
SwitchType=switch/none
ReturnToService=2
StateSaveLocation=${own('state')}
SlurmdSpoolDir=${own('spool-%n')}
SlurmctldPidFile=${own('slurmctld.pid')}
SlurmdPidFile=${own('slurmd-%n.pid')}
SlurmctldLogFile=${own('slurmctld.log')}
SlurmdLogFile=${own('slurmd-%n.log')}
SlurmdTimeout=5
SlurmctldTimeout=5
MessageTimeout=5
KillWait=2
AccountingStorageType=accounting_storage/none
JobAcctGatherType=jobacct_gather/none
SchedulerParameters=sched_interval=1,bf_interval=1,sched_min_interval=0
${nodes.map((node, k) => `NodeName=${node} NodeHostname=${host} NodeAddr=127.0.0.1 Port=${ports[k]} CPUs=2 State=UNKNOWN`).join('\n')}
PartitionName=main Nodes=ALL Default=YES MaxTime=INFINITE State=UP
`;
  }
}

async function freePorts(count: number): Promise<number[]> {
  const servers = Array.from({ length: count }, () => createServer());
  const ports: number[] = [];
  for (const server of servers) {
    await new Promise((resolve) => server.listen(0, '127.0.0.1', () => resolve(null)));
    const address = server.address();
    if (address !== null && typeof address === 'object') ports.push(address.port);
  }
  for (const server of servers) await new Promise((resolve) => server.close(resolve));
  return ports;
}

function processes(): { id: number; parent: number; command: string }[] {
  const rows = execFileSync('ps', ['-e', '-o', 'pid=,ppid=,args='], { encoding: 'utf8' }).trim().split('\n');
  return rows.flatMap((row) => {
    const [, id, parent, command] = /^\s*(\d+)\s+(\d+)\s+(.*)$/.exec(row) ?? [];
    return id === undefined ? [] : [{ id: Number(id), parent: Number(parent), command }];
  });
}

/** Whether a process has a file open. */
function opens(id: number, file: string): boolean {
  try {
    const folder = `/proc/${id}/fd`;
    return readdirSync(folder).some((name) => readlinkSync(join(folder, name)) === file);
  } catch {
    return false;
  }
}

function kill(id: number): void {
  try {
    if (id > 0) process.kill(id, 'SIGKILL');
  } catch {
    // It has ended.
  }
}
