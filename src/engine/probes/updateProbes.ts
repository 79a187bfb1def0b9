/** The probes of an update that a run asks for, one after the other, and their places in a frame. */
import { unexpected } from '../../shared/unexpected';
import { type Channel, isWatched } from '../channels';
import type { Kernels } from '../kernels/kernels';
import type { Network, Pass } from '../network';
import type { RunSpecification } from '../specification';
import { Drift, FrameDrift } from './drift';
import { EffectiveRate } from './effectiveRate';
import { GradientDrift } from './gradientDrift';
import { Landscape } from './landscape';
import type { ProbeKind } from './probeChannels';
import { type Circumstances, ProbedUpdate } from './probedUpdate';
import { TakenBack } from './takenBack';
import type { UpdateProbe } from './updateProbe';

/** Those that read the pass as the step left it come before those that run it again. */
const order: readonly ProbeKind[] = ['effectiveRate', 'frameDrift', 'takenBack', 'drift', 'gradientDrift', 'landscape'];

export class UpdateProbes {
  private readonly update: ProbedUpdate;
  private readonly probes: readonly UpdateProbe[];
  /** Index of each channel in a frame, by name. */
  private readonly places: ReadonlyMap<string, number>;

  constructor(
    kernels: Kernels,
    network: Network,
    pass: Pass,
    channels: readonly Channel[],
    { watch, training }: Pick<RunSpecification, 'watch' | 'training'>,
  ) {
    this.update = new ProbedUpdate(kernels, network, pass);
    const watched = (layer: string) => isWatched(watch, layer);
    this.probes = order
      .filter((kind) => watch.probes.includes(kind))
      .map((kind) => probeOf(kind, watched, training.optimizer.kind));
    this.places = new Map(channels.map(({ name }, place) => [name, place]));
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
      probe.measure(this.update, (layer, quantities) => {
        for (const [quantity, value] of Object.entries(quantities)) {
          const place = this.places.get(`${layer}/${probe.kind}/${quantity}`);
          if (place !== undefined) values[place] = value;
        }
      });
    }
    this.update.end();
  }
}

function probeOf(
  kind: ProbeKind,
  watched: (layer: string) => boolean,
  optimizer: RunSpecification['training']['optimizer']['kind'],
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
      return new EffectiveRate(watched, optimizer);
    case 'takenBack':
      return new TakenBack(watched);
    default:
      return unexpected(kind);
  }
}
