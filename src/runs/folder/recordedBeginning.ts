/** Reads the frames of a run log that a fork, which shares the first steps, must reproduce. */
import { updateNorm } from '../../engine/channels';
import { layerProbes, networkProbes } from '../../engine/probes/probeChannels';
import type { RecordCheck, Scene } from '../../protocol';
import { type RunLogItem, runLogItems } from '../log/readRunLog';
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

type Frame = Extract<RunLogItem, { step: number }>;

/**
 * Reads the first and the last shared frame: different data show in the first, all other differences in the last. At the
 * step of the fork its own settings already apply: of that frame, only values that they do not affect are compared.
 */
export function recordedBeginning({ folders, until, otherPass }: RecordCheck): Recorded {
  const isUntouched = otherPass ? isParameter : isBeforeUpdate;
  for (const folder of folders) {
    const { frames, scene } = beginningIn(folder, until);
    if (frames.length === 0) continue;
    const compared = frames.map(({ step, summary }) => ({
      step,
      values: valuesOf(summary, step < until ? isOfTraining : isUntouched),
    }));
    return { frames: compared, scene };
  }
  return { frames: [], scene: null };
}

function beginningIn(folder: string, until: number): { frames: Frame[]; scene: Scene | null } {
  let scene: Scene | null = null;
  let first: Frame | null = null;
  let last: Frame | null = null;
  const file = runLogOf(folder);
  for (const item of file === null ? [] : withSource(file, runLogItems)) {
    if ('heading' in item) scene = item.heading.scene;
    if (!('step' in item)) continue;
    if (item.step > until) break;
    first ??= item;
    // The frame before the step of the fork has more comparable values than the one at it.
    if (item.step < until || last === null) last = item;
  }
  const frames = [...new Set([first, last])].filter((frame): frame is Frame => frame !== null);
  return { frames, scene };
}

function valuesOf({ value: entries }: Frame['summary'], isCompared: (tag: string) => boolean): Map<string, number> {
  const values = new Map<string, number>();
  for (const { tag, value } of entries) {
    if (value.case === 'simpleValue' && isCompared(tag)) values.set(tag, value.value);
  }
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
