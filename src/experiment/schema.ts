/**
 * The experiment file as one zod schema: the source of the types, the validator and the shipped JSON Schema.
 * Editors show each property's description as a hint. Constant defaults are here, so that the hints show them.
 * `resolve.ts` computes defaults that depend on other properties.
 */
import * as l10n from '@vscode/l10n';
import * as z from 'zod';
import type {
  ActivationSpecification,
  DenseSpecification,
  InitializationSpecification,
  NormalizationSpecification,
  OptimizerSpecification,
  WatchSpecification,
} from '../engine/specification';
import type { SettingsChange } from '../shared/settings';
import { claimSchema } from './schema/claim';
import { type DataSpecification, dataSchema } from './schema/data';
import { networkSchema } from './schema/network';
import { real, text } from './schema/parts';
import { sweepSchema } from './schema/sweep';
import { type ScheduleFile, trainingSchema } from './schema/training';
import { watchSchema } from './schema/watch';

export { type Claim, readClaims } from './schema/claim';
export type { DataSpecification } from './schema/data';

/** Properties that an arm can patch, and that determine a run. */
const trainedProperties = {
  data: dataSchema,
  network: networkSchema,
  training: trainingSchema.default(() => trainingSchema.parse({})),
  watch: watchSchema.default(() => watchSchema.parse({})),
};

/** The part of an experiment that an arm patches. */
export const trainedSchema = z.strictObject(trainedProperties);

/** Names of the properties that an arm can patch. */
export const trainedNames = Object.keys(trainedProperties) as (keyof typeof trainedProperties)[];

export const mostArms = 1000;

export const experimentSchema = z
  .strictObject({
    $schema: text({ max: 1000 })
      .optional()
      .meta({
        description: l10n.t('URL of the JSON Schema of this file. Not needed in VS Code.'),
      }),
    name: text({ max: 200 })
      .default('Experiment')
      .meta({
        description: l10n.t('Name of the experiment in charts, lists and results.'),
        examples: [l10n.t('Deep sigmoid net, with and without BatchNorm')],
      }),
    notes: text({ empty: true, max: 100_000 })
      .default('')
      .meta({
        description: l10n.t('Notes in Markdown: what to look for, and why.'),
      }),
    pace: real({ above: 0, max: 1e6 })
      .optional()
      .meta({
        description: l10n.t(
          'Steps per second of each run in VS Code, so that people can watch it train. The panel can change it. The results are the same at any pace, and the command line ignores it. Default: as fast as it can.',
        ),
        examples: [100],
      }),
    ...trainedProperties,
    arms: z
      .record(
        z.string(),
        z.record(z.string(), z.unknown(), {
          error: l10n.t('must be an object with the changes of this arm, or {} for none'),
        }),
        {
          error: l10n.t('must be an object with one property per arm'),
        },
      )
      .optional()
      .meta({
        description: l10n.t(
          'Named variants of the experiment. Each is a JSON Merge Patch (RFC 7396) with only the changes: `null` removes a property, `{}` changes nothing. All arms share the seeds, so they are compared in pairs. If a patch changes a `kind`, properties that the new kind does not have are removed. Default: the experiment itself is the only arm.',
        ),
        examples: [{ without: { network: { normalization: { kind: 'none' } } }, BatchNorm: {} }],
      }),
    sweep: sweepSchema.optional(),
    claim: claimSchema.optional(),
  })
  .meta({ title: l10n.t('BatchNorm experiment'), description: l10n.t('An experiment on batch normalization.') });

/** An experiment as written in a file. */
export type ExperimentFile = z.input<typeof experimentSchema>;
/** A valid experiment with constant defaults filled in. */
export type ParsedExperiment = z.output<typeof experimentSchema>;
/** The part of it that an arm patches. */
export type ParsedTrained = z.output<typeof trainedSchema>;

type Learning = Omit<DenseSpecification, 'kind' | 'name' | 'units'>;

export interface ResolvedDense extends Learning {
  dense: number;
}

export interface ResolvedConvolution extends Learning {
  conv: number;
  kernel: number;
  stride: number;
  padding: number | 'same';
}

/** A hidden layer with all defaults filled in. */
export type ResolvedLayer =
  | ResolvedDense
  | ResolvedConvolution
  | { maxPool: number | 'all'; stride?: number }
  | { averagePool: number | 'all'; stride?: number }
  | { flatten: true }
  | { dropout: number }
  | { residual: ResolvedLayer[]; activation: ActivationSpecification };

/**
 * One arm with all defaults filled in. It is itself a valid experiment file that gives the same run, so a run folder
 * contains it.
 */
export interface Experiment {
  name: string;
  notes: string;
  data: DataSpecification;
  network: {
    layers: ResolvedLayer[];
    activation: ActivationSpecification;
    initialization: InitializationSpecification;
    normalization: NormalizationSpecification;
    output: Learning;
  };
  training: {
    optimizer: OptimizerSpecification;
    schedule: ScheduleFile;
    batchSize: number;
    steps: number;
    maxGradientNorm?: number;
    /** Above 0. */
    labelNoise?: number;
    /** Sorted by `at`; absent if there are none. */
    changes?: SettingsChange[];
    seeds: number[];
  };
  watch: WatchSpecification;
}
