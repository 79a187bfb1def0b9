/**
 * The channels of the probes that cost steps of their own; each is off unless `watch.probes` names it. A probe's name is
 * the tap of its channels, and the file of the same name says what it measures and how.
 */
import { unexpected } from '../../shared/unexpected';

/** Probes of a layer, and their quantities. */
export const layerProbes = {
  drift: ['mean', 'variance', 'wasserstein'],
  frameDrift: ['mean', 'variance', 'wasserstein'],
  gradientDrift: ['norm', 'relative', 'cosine'],
  effectiveRate: ['rate', 'update', 'turn'],
  takenBack: ['share', 'expected', 'change'],
  equilibrium: ['expected', 'ratio'],
  similarity: ['rank', 'cosine'],
  varianceShift: ['mean', 'variance', 'output'],
  branch: ['share', 'variance', 'skipVariance'],
} as const;

/** Probes of the whole network. */
export const networkProbes = {
  landscape: ['lossMin', 'lossMax', 'lossRange', 'gradientChangeMin', 'gradientChangeMax', 'smoothness'],
  trainTest: [
    'batchLoss',
    'runningLoss',
    'preciseLoss',
    'preciseTestLoss',
    'batchAccuracy',
    'runningAccuracy',
    'preciseAccuracy',
    'preciseTestAccuracy',
  ],
  sharpness: ['eigenvalue', 'threshold', 'ratio', 'residual', 'iterations'],
  noiseScale: ['scale', 'variance', 'squaredNorm'],
} as const;

export type LayerProbe = keyof typeof layerProbes;
export type NetworkProbe = keyof typeof networkProbes;
export type ProbeKind = LayerProbe | NetworkProbe;

export function isNetworkProbe(probe: ProbeKind): probe is NetworkProbe {
  return probe in networkProbes;
}

/** What of a layer that learns decides on what can be asked of it. */
export interface ProbedLayer {
  /** The first layer that learns, which reads the data. */
  first: boolean;
  normalizesValues: boolean;
  /** Weight normalization or standardization. */
  normalizesWeights: boolean;
  hasRunningStatistics: boolean;
}

/** Quantities of the whole network; a regression has no accuracies. */
export function networkQuantities(probe: NetworkProbe, classification: boolean): readonly string[] {
  return networkProbes[probe].filter((quantity) => classification || !quantity.endsWith('Accuracy'));
}

/** Quantities of the sum of a residual block. */
export function sumQuantities(probe: LayerProbe): readonly string[] {
  return probe === 'similarity' || probe === 'branch' ? layerProbes[probe] : [];
}

/** A layer's quantities of a probe; none where the question has no sense. */
export function probeQuantities(probe: LayerProbe, layer: ProbedLayer): readonly string[] {
  switch (probe) {
    case 'drift':
    case 'gradientDrift':
      // No layer stands before the first one that could move its input.
      return layer.first ? [] : layerProbes[probe];
    case 'frameDrift':
      return layerProbes.frameDrift;
    case 'effectiveRate':
      // Only where the weights' length changes nothing is the rate more than the learning rate says.
      return layerProbes.effectiveRate.filter(
        (quantity) => quantity !== 'rate' || layer.normalizesValues || layer.normalizesWeights,
      );
    case 'takenBack':
      return layer.normalizesValues ? layerProbes.takenBack : [];
    case 'equilibrium':
      return layer.normalizesValues || layer.normalizesWeights ? layerProbes.equilibrium : [];
    case 'similarity':
      return layerProbes.similarity;
    case 'varianceShift':
      return layer.hasRunningStatistics ? layerProbes.varianceShift : [];
    case 'branch':
      return [];
    default:
      return unexpected(probe);
  }
}
