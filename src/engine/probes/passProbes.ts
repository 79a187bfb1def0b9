/** The probes of a pass that a run asks for, one after the other. */
import { type Channel, isWatched } from '../channels';
import type { Kernels } from '../kernels/kernels';
import type { Network } from '../network';
import type { RunSpecification } from '../specification';
import { Branch } from './branch';
import type { PassProbe, ProbedPass } from './passProbe';
import type { ProbeKind } from './probeChannels';
import type { ProbedExamples } from './probedExamples';
import { Similarity } from './similarity';
import { type Evaluated, TrainTest } from './trainTest';
import { placesOf, putInto } from './updateProbe';
import { VarianceShift } from './varianceShift';

export class PassProbes {
  private readonly probes: readonly PassProbe[];
  private readonly places: ReadonlyMap<string, number>;

  constructor(
    kernels: Kernels,
    network: Network,
    channels: readonly Channel[],
    { watch }: Pick<RunSpecification, 'watch'>,
    evaluated: Evaluated,
    examples: ProbedExamples,
  ) {
    const watched = (layer: string) => isWatched(watch, layer);
    const made: Partial<Record<ProbeKind, () => PassProbe>> = {
      similarity: () => new Similarity(kernels, watched),
      branch: () => new Branch(kernels, watched),
      varianceShift: () => new VarianceShift(kernels, network, watched),
      trainTest: () => new TrainTest(kernels, network, evaluated, examples),
    };
    this.probes = watch.probes.flatMap((kind) => made[kind]?.() ?? []);
    this.places = placesOf(channels);
  }

  /** @param values Values of the pass's frame. */
  measure(values: Float32Array, probed: ProbedPass): void {
    for (const probe of this.probes) probe.measure(probed, putInto(values, this.places, probe.kind));
  }
}
