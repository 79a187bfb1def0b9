/** What was found in a model file. */
import * as l10n from '@vscode/l10n';
import { formatValue } from './numbers';

export type NormalizationKind = 'batch' | 'instance' | 'layer' | 'group' | 'rms' | 'unknown';

/** Values of a list, without those that are not finite. */
export interface Range {
  smallest: number;
  mean: number;
  largest: number;
}

/** What a normalization has for each channel: its parameters, the statistics that it keeps, and the factor |scale| / √(variance + ε). */
export const modelParts = ['scale', 'shift', 'mean', 'variance', 'factor'] as const;
export type ModelPart = (typeof modelParts)[number];

export const partNames: Record<ModelPart, string> = {
  scale: l10n.t('scale γ'),
  shift: l10n.t('shift β'),
  mean: l10n.t('running mean'),
  variance: l10n.t('running variance'),
  factor: l10n.t('factor γ/√(σ²+ε)'),
};

export interface InspectedNormalization extends Record<ModelPart, Range | null> {
  name: string;
  kind: NormalizationKind;
  /** 0 if the file contains no values of it. */
  features: number;
  epsilon: number | null;
  momentum: number | null;
  /** The layer before it, of which it could become a part; null if there is none or if the file does not say. */
  foldsInto: string | null;
  /** What looks wrong, as clauses. */
  findings: string[];
  /** Histograms of the finite values, as shares in the bins of the engine. */
  shares: Partial<Record<ModelPart, Uint16Array>>;
}

export interface InspectedModel {
  format: 'safetensors' | 'ONNX';
  normalizations: InspectedNormalization[];
  /** What looks wrong in the model as a whole or in its file, and what could not be read, as sentences. */
  problems: string[];
  /** What a reader should know about the numbers, as sentences. */
  remarks: string[];
}

/** Smallest and largest value; empty without values. */
export function rangeInWords(range: Range | null): string {
  if (!range) return '';
  const [smallest, largest] = [range.smallest, range.largest].map(formatValue);
  return smallest === largest ? smallest : `${smallest} … ${largest}`;
}

const kindNames: Record<NormalizationKind, string> = {
  batch: l10n.t({ message: 'batch', comment: 'Kind of normalization' }),
  instance: l10n.t({ message: 'instance', comment: 'Kind of normalization' }),
  layer: l10n.t({ message: 'layer', comment: 'Kind of normalization' }),
  group: l10n.t({ message: 'group', comment: 'Kind of normalization' }),
  rms: 'RMS',
  unknown: l10n.t({ message: 'layer, group or RMS', comment: 'Kind of normalization' }),
};

/** `layer, group or RMS` where the file does not say. */
export function kindInWords(kind: NormalizationKind): string {
  return kindNames[kind];
}
