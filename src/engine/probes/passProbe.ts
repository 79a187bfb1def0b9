/** What the probes of a pass have in common: they read a training pass, also the last one, and never write to it. */
import type { LossResult } from '../kernels/kernels';
import type { Pass } from '../network';
import type { ProbeKind } from './probeChannels';
import type { Put } from './updateProbe';

/** A training pass, forward and backward, before its update. */
export interface ProbedPass {
  pass: Pass;
  /** Rows of its examples in the training set. */
  indices: Uint32Array;
  result: LossResult;
  /** Updates done. */
  step: number;
}

export interface PassProbe {
  readonly kind: ProbeKind;
  measure(probed: ProbedPass, put: Put): void;
}
