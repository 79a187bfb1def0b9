/** Reads the frames of a run log that a fork, which shares the first steps, must reproduce. */
import { updateNorm } from '../../engine/channels';
import { layerProbes, networkProbes } from '../../engine/probes/probeChannels';
import type { RecordCheck, Scene } from '../../protocol';
import { type LoggedFrame, runLogItems } from '../log/readRunLog';
import { withSource } from './byteSource';
import { runLogOf } from './runLogFiles';

export interface RecordedFrame {
  step: number;
  /** Measured values by the name of the channel. */
  values: ReadonlyMap<string, number>;
}

const parameterTaps = ['weights', 'bias', 'scale', 'shift'];

/** The recorded first steps of a run. */
export interface Recorded {
  /** In the order of their steps. */
  frames: RecordedFrame[];
  /** Null if none was saved. */
  scene: Scene | null;
}

/**
 * Reads the first and the last shared frame: different data show in the first, all other differences in the last. At the
 * step of the fork its own settings already apply: of that frame, only values that they do not affect are compared.
 */
export function recordedBeginning({ folders, until, otherPass }: RecordCheck): Recorded {
  const isUntouched = otherPass ? isParameter : isBeforeUpdate;
  for (const folder of folders) {
    const { frames, channels, scene } = beginningIn(folder, until);
    if (frames.length === 0) continue;
    const compared = frames.map(({ step, values }) => ({
      step,
      values: valuesOf(values, channels, step < until ? isOfTraining : isUntouched),
    }));
    return { frames: compared, scene };
  }
  return { frames: [], scene: null };
}

interface Beginning {
  frames: LoggedFrame[];
  channels: readonly string[];
  scene: Scene | null;
}

function beginningIn(folder: string, until: number): Beginning {
  let channels: readonly string[] = [];
  let scene: Scene | null = null;
  let first: LoggedFrame | null = null;
  let last: LoggedFrame | null = null;
  const file = runLogOf(folder);
  for (const item of file === null ? [] : withSource(file, runLogItems)) {
    if ('heading' in item) ({ channels, scene } = item.heading);
    if (!('step' in item)) continue;
    if (item.step > until) break;
    first ??= item;
    // The frame before the step of the fork has more comparable values than the one at it.
    if (item.step < until || last === null) last = item;
  }
  const frames = [...new Set([first, last])].filter((frame): frame is LoggedFrame => frame !== null);
  return { frames, channels, scene };
}

function valuesOf(
  frame: Float32Array,
  channels: readonly string[],
  isCompared: (tag: string) => boolean,
): Map<string, number> {
  const values = new Map<string, number>();
  channels.forEach((name, channel) => {
    if (!Number.isNaN(frame[channel]) && isCompared(name)) values.set(name, frame[channel]);
  });
  return values;
}

/** Excludes probes: their values can depend on when they were last measured. */
function isOfTraining(tag: string): boolean {
  const [, tap] = tag.split('/');
  return !(tap in layerProbes || tap in networkProbes);
}

/** Excludes values of the update that follows the frame, and its learning rate. */
function isBeforeUpdate(tag: string): boolean {
  const [, tap, quantity] = tag.split('/');
  return isOfTraining(tag) && tap !== 'training' && quantity !== updateNorm;
}

/** Statistics of parameters. */
function isParameter(tag: string): boolean {
  const [, tap, quantity] = tag.split('/');
  return parameterTaps.includes(tap) && isBeforeUpdate(tag) && quantity !== 'gradientNorm';
}
