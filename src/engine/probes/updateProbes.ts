/** The probes of an update that a run asks for, one after the other, and their places in a frame. */
import { unexpected } from '../../shared/unexpected';
import { type Channel, isWatched } from '../channels';
import type { Kernels, Tensor } from '../kernels/kernels';
import type { Network, Pass } from '../network';
import { streams } from '../random';
import type { RunSpecification } from '../specification';
import { Drift, FrameDrift } from './drift';
import { EffectiveRate } from './effectiveRate';
import { Equilibrium } from './equilibrium';
import { GradientDrift } from './gradientDrift';
import { Landscape } from './landscape';
import { NoiseScale } from './noiseScale';
import type { ProbeKind } from './probeChannels';
import type { ProbedExamples } from './probedExamples';
import { type Circumstances, ProbedUpdate } from './probedUpdate';
import { Sharpness } from './sharpness';
import { TakenBack } from './takenBack';
import { placesOf, putInto, type UpdateProbe } from './updateProbe';

/** Whether a probe measures an update; the others read a pass. */
export function isUpdateProbe(kind: ProbeKind): boolean {
  return (order as readonly ProbeKind[]).includes(kind);
}

/** Those that read the pass as the step left it come before those that run it again. */
const order = [
  'effectiveRate',
  'equilibrium',
  'frameDrift',
  'takenBack',
  'drift',
  'gradientDrift',
  'landscape',
  'sharpness',
  'noiseScale',
] as const satisfies readonly ProbeKind[];
type UpdateProbeKind = (typeof order)[number];

export class UpdateProbes {
  private readonly update: ProbedUpdate;
  private readonly probes: readonly UpdateProbe[];
  private readonly places: ReadonlyMap<string, number>;

  constructor(
    kernels: Kernels,
    network: Network,
    pass: Pass,
    channels: readonly Channel[],
    run: Pick<RunSpecification, 'watch' | 'training' | 'seed'>,
    { features, examples }: { features: Tensor; examples: ProbedExamples },
  ) {
    const { watch } = run;
    this.update = new ProbedUpdate(kernels, network, pass, features);
    const watched = (layer: string) => isWatched(watch, layer);
    this.probes = order
      .filter((kind) => watch.probes.includes(kind))
      .map((kind) => probeOf(kind, watched, run, examples));
    this.places = placesOf(channels);
  }

  /** Before the forward pass of a step that is to be probed. */
  beforePass(): void {
    this.update.saveStatistics();
  }

  /** Between its backward pass and its update. */
  beforeUpdate(): void {
    this.update.saveParameters();
  }

  /** Measures after the update. @param values Values of the step's frame. */
  measure(values: Float32Array, circumstances: Circumstances): void {
    this.update.begin(circumstances);
    for (const probe of this.probes) {
      probe.measure(this.update, putInto(values, this.places, probe.kind));
    }
    this.update.end();
  }
}

function probeOf(
  kind: UpdateProbeKind,
  watched: (layer: string) => boolean,
  { training: { optimizer }, seed }: Pick<RunSpecification, 'training' | 'seed'>,
  examples: ProbedExamples,
): UpdateProbe {
  switch (kind) {
    case 'drift':
      return new Drift(watched);
    case 'frameDrift':
      return new FrameDrift(watched);
    case 'gradientDrift':
      return new GradientDrift(watched);
    case 'landscape':
      return new Landscape();
    case 'effectiveRate':
      return new EffectiveRate(watched, optimizer.kind);
    case 'takenBack':
      return new TakenBack(watched);
    case 'equilibrium':
      return new Equilibrium(watched, optimizer);
    case 'sharpness':
      return new Sharpness(optimizer, streams(seed)('sharpness'));
    case 'noiseScale':
      return new NoiseScale(examples);
    default:
      return unexpected(kind);
  }
}
