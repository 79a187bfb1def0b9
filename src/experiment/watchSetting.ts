/**
 * What a run records where its experiment does not say, from a setting of the editor. Only what is recorded at a frame can be
 * set: the steps of frames, evaluations and predictions stay as they are without the setting, because claims read them. So the setting
 * changes neither the training nor a verdict.
 */
import * as l10n from '@vscode/l10n';
import type { WatchSpecification } from '../engine/specification';
import type { JsonObject } from './mergePatch';
import type { Plan } from './plan';
import { watchSchema } from './schema/watch';

/** Properties of `watch` that can be set. */
export const watchSettings = ['gradients', 'units', 'histograms', 'predictions', 'probes'] as const;

type Settable = (typeof watchSettings)[number];

export type WatchSetting = { readonly [Name in Settable]?: unknown };

/** The valid properties of a setting; undefined if there are none. */
export function validWatchSetting(setting: unknown): WatchSetting | undefined {
  if (typeof setting !== 'object' || setting === null) return undefined;
  const given = setting as JsonObject;
  const entries = watchSettings.flatMap((name) => {
    if (given[name] === undefined) return [];
    const parsed = watchSchema.shape[name].safeParse(given[name]);
    return parsed.success ? [[name, parsed.data] as const] : [];
  });
  return entries.length === 0 ? undefined : Object.fromEntries(entries);
}

/** Properties of the setting that apply, because an experiment does not have them. @param written `watch` as it is in the file. */
export function appliedSettings(setting: WatchSetting, written: JsonObject): Settable[] {
  return watchSettings.filter((name) => setting[name] !== undefined && written[name] === undefined);
}

/** @param resolved What is recorded without the setting. */
export function withWatchSetting(
  resolved: WatchSpecification,
  setting: WatchSetting,
  written: JsonObject,
): WatchSpecification {
  const applied = Object.fromEntries(appliedSettings(setting, written).map((name) => [name, setting[name]]));
  const { histograms } = applied;
  if (typeof histograms === 'boolean') applied.histograms = histograms ? [...new Set(resolved.taps)] : [];
  return { ...resolved, ...applied };
}

/** Remarks on a plan, as sentences: what the setting changed. */
export function watchRemarks({ watchedBySetting = [] }: Pick<Plan, 'watchedBySetting'>): string[] {
  if (watchedBySetting.length === 0) return [];
  return [
    l10n.t`From the setting batchnormLab.watch, because the file does not have them: ${watchedBySetting.map((name) => `watch.${name}`).join(', ')}. The training and the verdicts are the same without it.`,
  ];
}
