/** The scalar tags of one run that have only a name, and the values of those that the page has watched. */
import type { TagsFound, TagValues } from '../../src/protocol';
import { TagSeries } from './tagSeries';

export class NamedTags {
  /** Tags by name, in the order in which they first appear. */
  readonly byName = new Map<string, number>();
  private readonly series = new Map<number, TagSeries>();
  private generation = 0;

  /** @param run The state of the run. */
  constructor(public run: { state: { step: number } }) {}

  add({ generation, tags }: Pick<TagsFound, 'generation' | 'tags'>): void {
    if (generation !== this.generation) {
      this.byName.clear();
      this.series.clear();
    }
    this.generation = generation;
    for (const { tag, name } of tags) this.byName.set(name, tag);
  }

  /** @returns The problem of a message, which is then left out, or undefined. */
  receive(message: Pick<TagValues, 'tag' | 'from' | 'steps' | 'values' | 'times'>): string | undefined {
    let series = this.series.get(message.tag);
    if (!series) {
      series = new TagSeries(() => this.run.state.step);
      this.series.set(message.tag, series);
    }
    return series.receive(message);
  }

  /** Undefined until its values come. */
  seriesOf(name: string): TagSeries | undefined {
    const tag = this.byName.get(name);
    return tag === undefined ? undefined : this.series.get(tag);
  }
}
