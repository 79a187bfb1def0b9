/** Inspects the normalizations of a model file: what each one applies, and what looks wrong. */
import * as l10n from '@vscode/l10n';
import { binCount, binOf } from '../../engine/bins';
import { count } from '../../shared/counts';
import {
  type InspectedModel,
  type InspectedNormalization,
  type ModelPart,
  modelParts,
  type Range,
} from '../../shared/inspectedModel';
import { formatBrief, formatCount } from '../../shared/numbers';
import type { ByteSource } from '../log/records';
import { sharesOf } from '../session/histogramHistory';
import type { Normalization } from './normalization';
import { normalizationsByName } from './normalizationsByName';
import { normalizationsOfOnnx } from './normalizationsOfOnnx';
import { type OpenExternal, readOnnx } from './onnx';
import { readSafetensors } from './safetensors';

/** ε that is assumed where a file does not contain it: PyTorch's default. */
export const assumedEpsilon = 1e-5;
/** A scale below this turns a channel almost off: its output varies a thousandth as much as a normalized value. */
export const deadScale = 1e-3;
/** A factor above this amplifies differences that are as small as rounding errors of float16. */
const largeFactor = 1e3;

/**
 * @param external Opens a file of external data of an ONNX model.
 * @throws ModelFileError if it is a file of a different format.
 */
export function inspectModel(
  source: ByteSource,
  format: InspectedModel['format'],
  external: OpenExternal,
): InspectedModel & { values: Normalization[] } {
  const { normalizations, problems, remarks } = read(source, format, external);
  return {
    format,
    normalizations: normalizations.map(inspect),
    problems: [...problems, ...differentEpsilons(normalizations)],
    remarks,
    values: normalizations,
  };
}

function read(source: ByteSource, format: InspectedModel['format'], external: OpenExternal) {
  if (format === 'ONNX') {
    const model = readOnnx(source, external);
    const normalizations = normalizationsOfOnnx(model);
    return { normalizations, problems: model.problems, remarks: [] };
  }
  const { tensors, problems } = readSafetensors(source);
  const normalizations = normalizationsByName(tensors);
  const remarks = [
    l10n.t(
      'safetensors does not contain the order of the layers: they are listed by name. Whether a normalization can become a part of the layer before it is shown for ONNX models.',
    ),
    ...(normalizations.some(({ variance }) => variance)
      ? [
          l10n.t`safetensors does not contain ε: factors are those of ε = ${formatBrief(assumedEpsilon)}, PyTorch’s default.`,
        ]
      : []),
  ];
  return { normalizations, problems, remarks: normalizations.length > 0 ? remarks : [] };
}

function inspect(normalization: Normalization): InspectedNormalization {
  const { name, kind, scale, shift, mean, variance, epsilon, momentum, foldsInto } = normalization;
  const factors = factorsOf(normalization);
  return {
    name,
    kind,
    features: Math.max(0, ...[scale, shift, mean, variance].map((values) => values?.length ?? 0)),
    scale: rangeOf(scale),
    shift: rangeOf(shift),
    mean: rangeOf(mean),
    variance: rangeOf(variance),
    epsilon,
    momentum,
    factor: rangeOf(factors),
    foldsInto,
    findings: findingsOf(normalization, factors),
    shares: sharesOfParts({ scale, shift, mean, variance, factor: factors }),
  };
}

function rangeOf(values: Float64Array | null): Range | null {
  const finite = values?.filter(Number.isFinite);
  if (!finite || finite.length === 0) return null;
  return {
    smallest: finite.reduce((a, b) => Math.min(a, b)),
    mean: finite.reduce((a, b) => a + b) / finite.length,
    largest: finite.reduce((a, b) => Math.max(a, b)),
  };
}

function sharesOfParts(parts: Record<ModelPart, Float64Array | null>): InspectedNormalization['shares'] {
  const shares: InspectedNormalization['shares'] = {};
  for (const part of modelParts) {
    const values = parts[part];
    if (!values) continue;
    const counts = new Uint32Array(binCount);
    for (const value of values) {
      const bin = binOf(value);
      if (bin >= 0) counts[bin]++;
    }
    shares[part] = sharesOf(counts);
  }
  return shares;
}

/** |γ| / √(σ² + ε), from Ioffe and Szegedy (2015), section 3.1. */
function factorsOf({ scale, variance, epsilon }: Normalization): Float64Array | null {
  if (!variance || (scale && scale.length !== variance.length)) return null;
  return variance.map((value, k) => Math.abs(scale?.[k] ?? 1) / Math.sqrt(value + (epsilon ?? assumedEpsilon)));
}

function findingsOf(normalization: Normalization, factors: Float64Array | null): string[] {
  const { scale, shift, mean, variance, momentum, batches, isTraining, problems } = normalization;
  const findings = [...problems];
  const share = (values: Float64Array, test: (value: number) => boolean) => {
    const found = values.filter(test).length;
    return found === 0 ? null : l10n.t`${formatCount(found)} of ${count(values.length, 'channel')}`;
  };
  for (const [values, what] of [
    [scale, l10n.t('scale')],
    [shift, l10n.t('shift')],
    [mean, l10n.t('running mean')],
    [variance, l10n.t('running variance')],
  ] as const) {
    const bad = values && share(values, (value) => !Number.isFinite(value));
    if (bad) findings.push(l10n.t`the ${what} of ${bad} is NaN or infinite`);
  }
  const dead = scale && share(scale, (value) => Math.abs(value) < deadScale);
  if (dead) findings.push(l10n.t`${dead} almost off: |scale| below ${deadScale}`);
  const flat = variance && share(variance, (value) => value <= 0);
  if (flat) findings.push(l10n.t`the running variance of ${flat} is 0 or negative`);
  const large = factors && share(factors, (value) => value > largeFactor);
  if (large) findings.push(l10n.t`the factor of ${large} is above ${formatCount(largeFactor)}`);
  const isUntouched = mean?.every((value) => value === 0) && variance?.every((value) => value === 1);
  if (batches === 0 || (isUntouched && (mean?.length ?? 0) > 0)) {
    findings.push(l10n.t('the running statistics were never updated: the mean is 0 and the variance 1 everywhere'));
  }
  if (momentum === 0) findings.push(l10n.t('momentum 0: the running statistics are those of the last batch alone'));
  if (momentum === 1) findings.push(l10n.t('momentum 1: the running statistics never change'));
  if (isTraining) findings.push(l10n.t('training mode: it uses the statistics of each batch, not the running ones'));
  return findings;
}

function differentEpsilons(normalizations: readonly Normalization[]): string[] {
  const counts = new Map<number, number>();
  for (const { epsilon } of normalizations) {
    if (epsilon !== null) counts.set(epsilon, (counts.get(epsilon) ?? 0) + 1);
  }
  if (counts.size < 2) return [];
  const words = [...counts]
    .sort(([, a], [, b]) => b - a)
    .map(([epsilon, n]) => l10n.t`${formatBrief(epsilon)} in ${count(n, 'layer')}`);
  return [l10n.t`ε differs between layers: ${words.slice(0, 5).join(', ')}${words.length > 5 ? ', …' : ''}.`];
}
