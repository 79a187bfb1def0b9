/** Holds a run that trains the first steps of an earlier one again against what is on record of them. */
import type { Channel } from '../../engine/channels';
import type { Frame } from '../../engine/results';
import type { RecordCheck, Scene, ShownExamples } from '../../protocol';
import type { Recorded, RecordedFrame } from '../folder/recordedBeginning';

/** A run that is other than what is on record: which value of it, and what that means. */
export class NotAsRecorded extends Error {
  override readonly name = 'NotAsRecorded';
}

export class SharedSteps {
  /** Those that are still to come. */
  private readonly frames: RecordedFrame[];

  /** @throws NotAsRecorded where there is nothing to compare with, or the data are others. */
  constructor(
    { frames, scene }: Recorded,
    private readonly check: RecordCheck,
    private readonly watched: { channels: readonly Channel[]; scene: Scene | null },
  ) {
    this.frames = [...frames];
    const names = new Set(watched.channels.map(({ name }) => name));
    if (!frames.some(({ values }) => [...values.keys()].some((name) => names.has(name)))) {
      const what = `nothing is on record of the steps up to ${check.until} that it could be compared with`;
      throw new NotAsRecorded(`${what}. ${check.otherwise}`);
    }
    // Beyond what frames tell: of a fork at the first step they tell little where the minibatches are others.
    if (scene && watched.scene && !haveSameExamples(scene, watched.scene)) this.refuse('its examples are others');
  }

  isDue(step: number): boolean {
    return this.frames[0]?.step === step;
  }

  /** @throws NotAsRecorded where a value is other by a bit. */
  compare({ step, values }: Frame): void {
    if (!this.isDue(step)) return;
    const recorded = this.frames.shift() as RecordedFrame;
    const other = this.watched.channels.flatMap(({ name }, place) => {
      const was = recorded.values.get(name);
      return was === undefined || Object.is(was, values[place]) ? [] : [{ name, was, is: values[place] }];
    });
    if (other.length === 0) return;
    const [{ name, was, is }] = other;
    const more = other.length > 1 ? `, and ${other.length - 1} more of ${recorded.values.size} values are other` : '';
    this.refuse(`at step ${step} ${name} was ${shown(was)} and is ${shown(is)}${more}`);
  }

  /** @throws NotAsRecorded where it ended before the steps were done that it shares. */
  end(step: number): void {
    if (step < this.check.until) this.refuse(`it diverged at step ${step} already`);
  }

  private refuse(what: string): never {
    throw new NotAsRecorded(`trained again, it does not come to what is on record: ${what}. ${this.check.otherwise}`);
  }
}

/** As many digits as a float32 has. */
function shown(value: number): string {
  return String(Number(value.toPrecision(9)));
}

function haveSameExamples(a: Scene, b: Scene): boolean {
  const numbers = ({ features, labels, levels }: ShownExamples) => [...features, ...labels, ...levels];
  const [before, now] = [a, b].map(({ points, examples }) => [...numbers(points), ...numbers(examples)]);
  return before.length === now.length && before.every((number, k) => Object.is(number, now[k]));
}
