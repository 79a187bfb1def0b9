/** Bounds of the memory of a folder of logs, however large its files are. */
import { bytesPerPoint } from './scalarSeries';
import type { Tag } from './tags';

/** Tags of all runs of a folder together. */
export const mostTags = 100_000;

/** Bytes of a tag's name. */
export const longestTag = 1024;

/** Bytes of an image that is stored; longer ones are passed over. */
export const longestImage = 1 << 18;
/** Bytes of a string that are stored; longer ones are cut. */
export const longestText = 1 << 14;

/** Bytes of all points, of all histograms, and of all strings and images. */
const most = { points: 200e6, histograms: 100e6, media: 50e6 };

/** Halved until all series fit. A series has at least the last of them. */
const fewest = { points: 32, histograms: 4, media: 1 };

/** What each series of a folder's tags may store. Shared by all runs. */
export class Budget {
  /** Number of tags. */
  tags = 0;
  /** Points of a scalar: more than the width of a chart in pixels. */
  points = 2048;
  /** Histograms of a tag. */
  histograms = 256;
  /** Strings or images of a tag. */
  media = 8;
  /** Whether further strings and images are stored. */
  hasMediaRoom = true;

  /** Thins all series if they take too much. Called after every few megabytes of a log. */
  enforce(tags: Iterable<Tag>): void {
    const all = [...tags];
    while (this.points > fewest.points && sum(all, pointBytes) > most.points) {
      this.points /= 2;
      for (const { scalars } of all) scalars?.limitTo(this.points);
    }
    while (this.histograms > fewest.histograms && sum(all, histogramBytes) > most.histograms) {
      this.histograms /= 2;
      for (const { histograms } of all) histograms?.limitTo(this.histograms);
    }
    while (this.media > fewest.media && sum(all, mediaBytes) > most.media) {
      this.media /= 2;
      for (const { strings, images } of all) {
        strings?.limitTo(this.media);
        images?.limitTo(this.media);
      }
    }
    this.hasMediaRoom = sum(all, mediaBytes) < most.media;
  }
}

function sum(tags: readonly Tag[], bytes: (tag: Tag) => number): number {
  return tags.reduce((total, tag) => total + bytes(tag), 0);
}

const pointBytes = ({ scalars }: Tag) => (scalars?.capacity ?? 0) * bytesPerPoint;

/** All rows of a tag have about the size of the newest. */
const histogramBytes = ({ histograms }: Tag) =>
  histograms ? histograms.length * (bytesPerRow + 8 * (histograms.newestRow?.counts.length ?? 0)) : 0;

const mediaBytes = ({ strings, images }: Tag) =>
  (strings?.length ?? 0) * (bytesPerRow + 2 * (strings?.newestRow?.text.length ?? 0)) +
  (images?.length ?? 0) * (bytesPerRow + (images?.newestRow?.encoded.length ?? 0));

/** Objects of a row. */
const bytesPerRow = 300;
