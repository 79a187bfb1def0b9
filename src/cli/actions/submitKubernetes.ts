/** What `bnexp submit kubernetes` does. */
import * as l10n from '@vscode/l10n';
import type { IJob } from 'kubernetes-models/batch/v1/Job';
import type { IConfigMap } from 'kubernetes-models/v1/ConfigMap';
import { memoryOfRun } from '../../runs/resources';
import { visible } from '../../shared/text';
import type { Context } from '../context';
import { exitCode, UsageError } from '../exit';
import { shellWord } from '../shellWords';
import { version } from '../version';
import { yaml } from '../yaml';
import {
  jobName,
  runArguments,
  type Submission,
  type SubmissionOptions,
  sizeInEnglish,
  submissionOf,
} from './submission';

export interface KubernetesOptions extends SubmissionOptions {
  image?: string;
  claim: string;
}

/** Bytes of a ConfigMap, according to the documentation of Kubernetes. */
const largestConfigMap = 1 << 20;
/** Bytes of Node, its code, and what it has read. */
const memoryOfNode = 500e6;
/** Attempts of a part after the first. Lost nodes are rare; a part that fails always for its own reason should end. */
const retries = 6;
const [volume, experiments] = ['/runs', '/experiment'];

export async function submitKubernetes(file: string, options: KubernetesOptions, context: Context): Promise<number> {
  const submission = await submissionOf(file, options, context);
  if (!submission) return exitCode.wrongInput;
  const { console } = context;
  console.data(manifest(submission, options).replace(/\n$/, ''));
  if (options.image === undefined)
    console.err(
      l10n.t(
        'Replace the placeholder REGISTRY by an image that contains bnexp, or give --image: docs/scaling.md has its Dockerfile.',
      ),
    );
  return exitCode.done;
}

/** A ConfigMap with the experiment, and an Indexed Job that trains it, as YAML. */
export function manifest(submission: Submission, options: KubernetesOptions): string {
  const { plan, name, dataPaths } = submission;
  const { config, job, folder } = resourcesOf(submission, options);
  const own = job.metadata?.name ?? '';
  const comments = [
    // not translated: the manifest is for a cluster, whose administrators may read another language
    `${visible(plan.name || name)}: ${sizeInEnglish(submission, options.shards)}. Written by bnexp submit kubernetes.`,
    '',
    // not translated: a comment of the manifest
    `The claim ${options.claim} must be a volume that pods on all nodes can write at the same time (ReadWriteMany).`,
    ...(dataPaths.length === 0 ? [] : [`Copy to its folder data: ${dataPaths.map(shellWord).map(visible).join(', ')}`]), // not translated: a comment
    '',
    // not translated: a comment
    '  kubectl apply --filename=THIS_FILE',
    `  kubectl wait --for=condition=complete --timeout=-1s job/${own}`, // not translated: a command
    '',
    'Then, where the volume is mounted:', // not translated: a comment
    '',
    `  bnexp verdict ${folder}`, // not translated: a command
    '',
    // not translated: a comment
    'If parts have failed for good, delete the job and apply it again: complete runs are not trained twice.',
  ];
  return [
    ...comments.map((line) => (line === '' ? '#' : `# ${line}`)),
    yaml(config).trimEnd(),
    '---',
    yaml(job).trimEnd(),
    '',
  ].join('\n');
}

/** The two resources, and the run folder as pods see it. */
export function resourcesOf(
  { name, plan, shapes, text, hash, copy, dataPaths }: Submission,
  options: KubernetesOptions,
): { config: IConfigMap; job: IJob; folder: string } {
  const { shards, cpus, claim, image = `REGISTRY/batchnorm-lab:${version}` } = options;
  if (Buffer.byteLength(text) > largestConfigMap - 4096)
    throw new UsageError(
      l10n.t`${name} is too large for a ConfigMap, which has at most 1 MiB: shorten its comments or lists`,
    );
  const own = `${jobName(name)}-${hash}`;
  const folder = options.out ?? `${volume}/${own}`;
  if (!folder.startsWith(`${volume}/`))
    throw new UsageError(
      l10n.t`--out must be a folder in the volume, which pods see as ${volume}: write --out ${volume}/NAME`,
    );
  // The name of the file may contain characters that keys of a ConfigMap may not.
  const key = /^[\w.-]+$/.test(copy) ? copy : `experiment.${hash}.bnexp.json`;
  const memory = Math.ceil((memoryOfNode + cpus * memoryOfRun(plan, shapes)) / 2 ** 20);
  const requests = { cpu: String(cpus), memory: `${memory}Mi` };
  const args = runArguments(`${experiments}/${key}`, folder, dataPaths.length > 0 ? `${volume}/data` : null, options);
  const labels = { 'app.kubernetes.io/name': 'bnexp' };
  return {
    folder,
    config: {
      apiVersion: 'v1',
      kind: 'ConfigMap',
      metadata: { name: own, labels },
      immutable: true,
      data: { [key]: text },
    },
    job: {
      apiVersion: 'batch/v1',
      kind: 'Job',
      metadata: { name: own, labels },
      spec: {
        completionMode: 'Indexed', // not translated: a value of Kubernetes
        completions: shards,
        parallelism: shards,
        backoffLimitPerIndex: retries,
        template: {
          metadata: { labels },
          spec: {
            restartPolicy: 'Never', // not translated: a value of Kubernetes
            containers: [
              {
                name: 'bnexp',
                image,
                command: ['bnexp', ...args, '--quiet', '--shard', `auto/${shards}`],
                resources: { requests },
                volumeMounts: [
                  { name: 'experiment', mountPath: experiments, readOnly: true },
                  { name: 'runs', mountPath: volume },
                ],
              },
            ],
            volumes: [
              { name: 'experiment', configMap: { name: own } },
              { name: 'runs', persistentVolumeClaim: { claimName: claim } },
            ],
          },
        },
      },
    },
  };
}
