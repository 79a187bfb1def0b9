/** The tags of one run that have only a name, or strings or images, and the values of those that the page has watched. */
import type { TagMedia, TagsFound, TagValues } from '../../src/protocol';
import { TagSeries } from './tagSeries';

/** In rising order of steps. */
export type MediaRows = Required<Pick<TagMedia, 'strings' | 'images'>>;

export class NamedTags {
  /** Tags by name, in the order in which they first appear. */
  readonly byName = new Map<string, number>();
  private readonly series = new Map<number, TagSeries>();
  /** Tags of strings and images by name, in the order in which they first appear. */
  readonly media = new Map<string, number>();
  private readonly rows = new Map<number, MediaRows>();
  private generation = 0;

  /** @param run The state of the run. */
  constructor(public run: { state: { step: number } }) {}

  add({ generation, tags }: Pick<TagsFound, 'generation' | 'tags'>): void {
    if (generation !== this.generation) {
      this.byName.clear();
      this.series.clear();
      this.media.clear();
      this.rows.clear();
    }
    this.generation = generation;
    for (const { tag, name, kind } of tags) (kind === 'media' ? this.media : this.byName).set(name, tag);
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

  receiveMedia({ tag, strings, images }: Pick<TagMedia, 'tag' | 'strings' | 'images'>): void {
    const known = this.rows.get(tag) ?? { strings: [], images: [] };
    this.rows.set(tag, { strings: strings ?? known.strings, images: images ?? known.images });
  }

  /** Undefined until they come. */
  mediaOf(name: string): MediaRows | undefined {
    const tag = this.media.get(name);
    return tag === undefined ? undefined : this.rows.get(tag);
  }

  /** Undefined until its values come. */
  seriesOf(name: string): TagSeries | undefined {
    const tag = this.byName.get(name);
    return tag === undefined ? undefined : this.series.get(tag);
  }
}
