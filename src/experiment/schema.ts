/**
 * The experiment file, as one zod schema: the source of the types, the validator and the shipped JSON Schema.
 * Every property's description is what a person reads in the editor's hints. Defaults that depend on nothing stand
 * here, so that the hints show them; the others are made in `resolve.ts`.
 */
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
import { text } from './schema/parts';
import { sweepSchema } from './schema/sweep';
import { type ScheduleFile, trainingSchema } from './schema/training';
import { watchSchema } from './schema/watch';

export { type Claim, readClaims } from './schema/claim';
export type { DataSpecification } from './schema/data';

/** What an arm can patch, and all that a run depends on. */
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
    $schema: text({ max: 1000 }).optional().meta({
      description: 'Where an editor finds the JSON Schema of this file. Not needed in VS Code.',
    }),
    name: text({ max: 200 })
      .default('Experiment')
      .meta({
        description: 'What the experiment is called in charts, lists and results.',
        examples: ['Deep sigmoid net, with and without BatchNorm'],
      }),
    notes: text({ empty: true, max: 100_000 }).default('').meta({
      description: 'Markdown: what to look for, and why.',
    }),
    ...trainedProperties,
    arms: z
      .record(
        z.string(),
        z.record(z.string(), z.unknown(), { error: 'must be an object: what this arm changes, or {} for nothing' }),
        {
          error: 'must be an object of arms by name',
        },
      )
      .optional()
      .meta({
        description:
          'Named variants, each a JSON Merge Patch (RFC 7396) over what stands above: only what it changes, `null` to take a property away, `{}` to change nothing. All arms share the seeds, so they are compared in pairs. Where a patch changes a `kind`, properties that the new kind does not have are left out. Default: the experiment itself is the only arm.',
        examples: [{ without: { network: { normalization: { kind: 'none' } } }, BatchNorm: {} }],
      }),
    sweep: sweepSchema.optional(),
    claim: claimSchema.optional(),
  })
  .meta({ title: 'BatchNorm experiment', description: 'An experiment on batch normalization.' });

/** An experiment as a person writes it. */
export type ExperimentFile = z.input<typeof experimentSchema>;
/** An experiment as it is read: valid, with the defaults that depend on nothing. */
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

/** A hidden layer, every choice made. */
export type ResolvedLayer =
  | ResolvedDense
  | ResolvedConvolution
  | { maxPool: number | 'all'; stride?: number }
  | { averagePool: number | 'all'; stride?: number }
  | { flatten: true }
  | { dropout: number }
  | { residual: ResolvedLayer[]; activation: ActivationSpecification };

/**
 * What one arm trains, every default made. It is itself a file that reads to the same run, which is why a run's
 * folder keeps it.
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
    /** Rising in `at`; absent where there are none. */
    changes?: SettingsChange[];
    seeds: number[];
  };
  watch: WatchSpecification;
}
