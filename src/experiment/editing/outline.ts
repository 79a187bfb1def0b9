/**
 * What is known of an experiment while it is being written: its syntax tree even where the text is not yet JSON, and its arms as far as
 * they are valid. Completions, hovers and lenses read it. One outline belongs to one version of the text; its parts are made when they are
 * needed.
 */
import { getNodeValue, type Node } from 'jsonc-parser';
import { armsOf, patched } from '../arms';
import { channelNames } from '../checks/claimMetric';
import { isObject, type JsonObject } from '../mergePatch';
import { resolve } from '../resolve';
import type { Experiment } from '../schema';
import { validateTrained } from '../validate';
import { editedText } from './edits';

export class Outline {
  readonly tree: Node | undefined;
  /** The file as far as it could be parsed. */
  readonly file: JsonObject;
  private readonly experiments = new Map<string, Experiment | null>();
  private readonly channels = new Map<Experiment, string[]>();

  constructor(readonly text: string) {
    this.tree = editedText(text).tree;
    const value: unknown = this.tree && getNodeValue(this.tree);
    this.file = isObject(value) ? value : {};
  }

  /** Names of the arms; empty if the file has none. */
  get armNames(): string[] {
    return isObject(this.file.arms) ? Object.keys(this.file.arms) : [];
  }

  /** The experiment without arms and sweep; null if it is not valid yet. */
  get base(): Experiment | null {
    return this.known('', () => patched(this.file, { name: '', patch: null }));
  }

  /** An arm; null if there is none of this name, or it is not valid yet. */
  arm(name: string): Experiment | null {
    const arm = armsOf(this.file).find((each) => each.name === name && each.patch !== null);
    return arm ? this.known(`/${name}`, () => patched(this.file, arm)) : null;
  }

  /** The channels that each of these experiments has, in the order of the first. */
  channelsOf(experiments: readonly Experiment[]): string[] {
    const [first, ...others] = experiments.map((experiment) => {
      const known = this.channels.get(experiment) ?? channelNames(experiment);
      this.channels.set(experiment, known);
      return known;
    });
    const sets = others.map((names) => new Set(names));
    return (first ?? []).filter((name) => sets.every((set) => set.has(name)));
  }

  private known(key: string, make: () => JsonObject): Experiment | null {
    const known = this.experiments.get(key);
    if (known !== undefined) return known;
    const experiment = firstValid(make());
    this.experiments.set(key, experiment);
    return experiment;
  }
}

/** The experiment, without the part that is being written if it is not valid: what is watched, then how it is trained. */
function firstValid(trained: JsonObject): Experiment | null {
  const { watch: _, ...unwatched } = trained;
  const { training: __, ...untrained } = unwatched;
  for (const each of [trained, unwatched, untrained]) {
    const { value } = validateTrained(each);
    if (value) return resolve({ name: '', notes: '' }, value);
  }
  return null;
}
