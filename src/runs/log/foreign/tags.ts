/** The tags of one run and what was logged under each, found by the bytes of their names. */
import type { Channel } from '../../../engine/channels';
import type { ThinnedRows } from '../../session/thinnedRows';
import { channelOfTag } from './channelOfTag';
import type { Buckets } from './histogram';
import type { ScalarSeries } from './scalarSeries';

export const tagKinds = ['scalar', 'histogram', 'text', 'image'] as const;
export type TagKind = (typeof tagKinds)[number];

export interface HistogramRow extends Buckets {
  wallTime: number;
}

export interface TextRow {
  wallTime: number;
  text: string;
  /** Whether the end of a long string is missing. */
  isCut: boolean;
}

export interface ImageRow {
  wallTime: number;
  width: number;
  height: number;
  /** A PNG, JPEG or GIF, as logged. */
  encoded: Uint8Array;
}

/** One tag of one run. A tag that was logged with several kinds of values has several series. */
export class Tag {
  scalars: ScalarSeries | null = null;
  histograms: ThinnedRows<HistogramRow> | null = null;
  strings: ThinnedRows<TextRow> | null = null;
  images: ThinnedRows<ImageRow> | null = null;
  /** Plugin of TensorBoard, which only the first value of a tag must name; empty if unknown. */
  plugin = '';
  /** Number of values that were read, those included that were replaced or thinned out. */
  values = 0;
  /** Times that a value has the same step as one before, which it replaces. */
  repeats = 0;
  /** Times that steps went back, which makes the later values before void. */
  restarts = 0;
  /** Values of an older file that came after those of a newer one: two processes write at the same time. */
  outdated = 0;
  /** Times that stored values were removed, because others replace them or a session made them void. */
  cuts = 0;
  /** Number of the newest file with this tag. */
  file = 0;
  /** Changes whenever a value is added or removed. */
  version = 0;
  /** Null for a tag that has only a name. */
  readonly channel: Channel | null;

  constructor(
    /** Position in the run, in the order of first appearance. */
    readonly index: number,
    readonly name: string,
  ) {
    this.channel = channelOfTag(name);
  }

  private get stores() {
    return [this.scalars, this.histograms, this.strings, this.images];
  }

  get kinds(): TagKind[] {
    const { stores } = this;
    return tagKinds.filter((_, k) => stores[k] !== null);
  }

  /** First and last step with a value; null if all values were removed. */
  get steps(): { first: number; last: number } | null {
    // NaN is the step of an empty store.
    const filled = this.stores.flatMap((store) => (store && !Number.isNaN(store.lastStep) ? [store] : []));
    if (filled.length === 0) return null;
    return {
      first: Math.min(...filled.map(({ firstStep }) => firstStep)),
      last: Math.max(...filled.map(({ lastStep }) => lastStep)),
    };
  }

  /** Removes all values from a step on. */
  removeFrom(step: number): void {
    for (const store of this.stores) {
      if (!store || !(store.lastStep >= step)) continue;
      store.removeFrom(step);
      this.cuts++;
      this.version++;
    }
  }
}

const firstSlots = 64;
/** Slots per tag, so that few searches meet a different tag. */
const spareSlots = 4;

/** Finds tags by the bytes of their names: a string per value would take longer than all else. */
export class TagTable {
  readonly tags: Tag[] = [];
  private readonly names: Uint8Array[] = [];
  /** Index of a tag by the hash of its name, −1 for an empty slot; the next slots hold those that did not find theirs empty. */
  private slots = new Int32Array(firstSlots).fill(-1);
  /** For each tag, the one that followed it last: logs repeat their tags in the same order. */
  private readonly followers: number[] = [];
  private last = -1;

  /** The tag with the name in `bytes`; null if it is not known. */
  find(bytes: Uint8Array, start: number, end: number): Tag | null {
    const guess = this.last < 0 ? -1 : this.followers[this.last];
    const found =
      guess >= 0 && this.isName(guess, bytes, start, end) ? guess : this.slots[this.slot(bytes, start, end)];
    if (found < 0) return null;
    this.follow(found);
    return this.tags[found];
  }

  /** Adds a tag that `find` did not find. */
  add(bytes: Uint8Array, start: number, end: number, name: string): Tag {
    if ((this.tags.length + 1) * spareSlots > this.slots.length) this.grow();
    const tag = new Tag(this.tags.length, name);
    this.slots[this.slot(bytes, start, end)] = tag.index;
    this.tags.push(tag);
    this.names.push(bytes.slice(start, end));
    this.followers.push(-1);
    this.follow(tag.index);
    return tag;
  }

  private follow(tag: number): void {
    if (this.last >= 0) this.followers[this.last] = tag;
    this.last = tag;
  }

  /** The slot of a name, or the empty one where it belongs. */
  private slot(bytes: Uint8Array, start: number, end: number): number {
    const { slots } = this;
    const mask = slots.length - 1;
    for (let slot = hash(bytes, start, end) & mask; ; slot = (slot + 1) & mask) {
      if (slots[slot] < 0 || this.isName(slots[slot], bytes, start, end)) return slot;
    }
  }

  private isName(tag: number, bytes: Uint8Array, start: number, end: number): boolean {
    const name = this.names[tag];
    if (name.length !== end - start) return false;
    // From the end, because tags often start in the same way.
    for (let k = name.length - 1; k >= 0; k--) if (name[k] !== bytes[start + k]) return false;
    return true;
  }

  private grow(): void {
    this.slots = new Int32Array(this.slots.length * 2).fill(-1);
    this.names.forEach((name, tag) => {
      this.slots[this.slot(name, 0, name.length)] = tag;
    });
  }
}

/** FNV-1a, with its high bits mixed into the low ones, which choose the slot. */
function hash(bytes: Uint8Array, start: number, end: number): number {
  let value = 0x811c9dc5;
  for (let k = start; k < end; k++) value = Math.imul(value ^ bytes[k], 0x01000193);
  return value ^ (value >>> 15);
}
