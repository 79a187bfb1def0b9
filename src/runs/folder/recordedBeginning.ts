/** What a run log says of the beginning of a run, as far as another run that shares it has to come to the same. */
import { updateNorm } from '../../engine/channels';
import { layerProbes, networkProbes } from '../../engine/probes/probeChannels';
import type { RecordCheck, Scene } from '../../protocol';
import { type RunLogItem, runLogItems } from '../log/readRunLog';
import { withSource } from './byteSource';
import { runLogOf } from './runLogFiles';

export interface RecordedFrame {
  step: number;
  /** By the name of the channel; what was not measured is not among them. */
  values: ReadonlyMap<string, number>;
}

const parameterTaps = ['weights', 'bias', 'scale', 'shift'];

/** What is on record of a run's beginning. */
export interface Recorded {
  /** In the order of their steps. */
  frames: RecordedFrame[];
  /** Null where none was kept. */
  scene: Scene | null;
}

type Frame = Extract<RunLogItem, { step: number }>;

/**
 * The first and the last frame of what is shared: other data show in the first, and in the last whatever else is other.
 * At the last step itself other settings count already: of its frame only that is compared which they do not touch.
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
    // The one before the last step tells more than that at the last step.
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

/** Probes may tell how far things moved since they were last asked. */
function isOfTraining(tag: string): boolean {
  const [, tap] = tag.split('/');
  return !(tap in layerProbes || tap in networkProbes);
}

/** Nothing of the update that follows the frame, nor of the rate that it takes. */
function isBeforeUpdate(tag: string): boolean {
  const [, tap, quantity] = tag.split('/');
  return isOfTraining(tag) && tap !== 'training' && quantity !== updateNorm;
}

/** What the network has learned. */
function isParameter(tag: string): boolean {
  const [, tap, quantity] = tag.split('/');
  return parameterTaps.includes(tap) && isBeforeUpdate(tag) && quantity !== 'gradientNorm';
}
