/** Compares a fork of a past run, which trains the shared steps again, with their recorded frames. */
import * as l10n from '@vscode/l10n';
import type { Channel } from '../../engine/channels';
import type { Frame } from '../../engine/results';
import type { RecordCheck, Scene, ShownExamples } from '../../protocol';
import type { Recorded, RecordedFrame } from '../folder/recordedBeginning';

/** A run differs from the recorded frames. The message names the value and the consequence. */
export class NotAsRecorded extends Error {
  override readonly name = 'NotAsRecorded';
}

export class SharedSteps {
  /** Recorded frames that have not been compared yet. */
  private readonly frames: RecordedFrame[];

  /** @throws NotAsRecorded if there is nothing to compare with, or the data differ. */
  constructor(
    { frames, scene }: Recorded,
    private readonly check: RecordCheck,
    private readonly watched: { channels: readonly Channel[]; scene: Scene | null },
  ) {
    this.frames = [...frames];
    const names = new Set(watched.channels.map(({ name }) => name));
    if (!frames.some(({ values }) => [...values.keys()].some((name) => names.has(name)))) {
      const what = l10n.t`no recorded value up to step ${check.until} can be compared with it`;
      throw new NotAsRecorded(`${what}. ${check.otherwise}`);
    }
    // For a fork at the first step with different minibatches, frames alone would detect few differences.
    if (scene && watched.scene && !haveSameExamples(scene, watched.scene)) this.refuse(l10n.t('its examples differ'));
  }

  isDue(step: number): boolean {
    return this.frames[0]?.step === step;
  }

  /** @throws NotAsRecorded if a value differs in any bit. */
  compare({ step, values }: Frame): void {
    if (!this.isDue(step)) return;
    const recorded = this.frames.shift() as RecordedFrame;
    const other = this.watched.channels.flatMap(({ name, tap }, place) => {
      const was = recorded.values.get(name);
      const is = values[place];
      // Other versions may evaluate the test set at different steps by default.
      const isUnevaluated = tap === 'test' && Number.isNaN(is);
      return was === undefined || isUnevaluated || Object.is(was, is) ? [] : [{ name, was, is }];
    });
    if (other.length === 0) return;
    const [{ name, was, is }] = other;
    this.refuse(
      other.length === 1
        ? l10n.t`at step ${step} ${name} was ${shown(was)} and is ${shown(is)}`
        : l10n.t`at step ${step} ${name} was ${shown(was)} and is ${shown(is)}, and ${other.length - 1} more of ${recorded.values.size} values differ`,
    );
  }

  /** @throws NotAsRecorded if it ended before its last shared step. */
  end(step: number): void {
    if (step < this.check.until) this.refuse(l10n.t`it already diverged at step ${step}`);
  }

  private refuse(what: string): never {
    throw new NotAsRecorded(l10n.t`trained again, it differs from the recorded run: ${what}. ${this.check.otherwise}`);
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
