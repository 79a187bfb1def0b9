/**
 * Reads a folder of event files and follows it: what a thread does for its host. Files are looked at again and again instead of being
 * watched, because a change on a network share, in a container or by a different machine is not always reported. The intervals grow
 * with the time that a look takes, so that an idle folder costs at most a hundredth of a core, unless a look takes over .3 s.
 */

import { unexpected } from '../../../shared/unexpected';
import type { Clock } from '../../session/clock';
import { unreadable } from '../systemErrors';
import { LogFolder } from './logFolder';
import type { FromLogReader, ToLogReader } from './logMessages';
import { LogUpdates, wholeLogs } from './logUpdates';

/** Bytes that are read before other messages get their turn. */
const sliceBytes = 1 << 23;
/** Milliseconds between messages while files are read, and the least pause in multiples of the time that they take. */
const sendInterval = 250;
const sendRest = 10;
/** Milliseconds between looks at the sizes of known files, and between searches for new files. */
const sizeInterval = 1000;
const searchInterval = 5000;
/** Least pause after a look, in multiples of its duration, and the most milliseconds. */
const restShare = 100;
const longestRest = 30_000;

export class LogFollower {
  private readonly folder: LogFolder;
  private readonly updates: LogUpdates;
  private hasMore = false;
  private wasComplete = false;
  private problem: string | null = null;
  /** Version of the folder at the last messages. */
  private sentVersion = -1;
  private nextSending = Number.NEGATIVE_INFINITY;
  /** When the next search is due. */
  private nextSearch = Number.NEGATIVE_INFINITY;
  private cancel = () => {};
  private readonly searching = new Rest(searchInterval);
  private readonly looking = new Rest(sizeInterval);

  /** @param path A folder, or an event file. */
  constructor(
    path: string,
    private readonly clock: Clock,
    private readonly send: (message: FromLogReader) => void,
  ) {
    this.folder = new LogFolder(path);
    this.updates = new LogUpdates(this.folder);
  }

  start(): void {
    this.after(0, () => this.look());
  }

  receive(message: ToLogReader): void {
    switch (message.type) {
      case 'export':
        this.send({ type: 'exported', ...wholeLogs(this.folder) });
        return;
      case 'watch':
        this.updates.watch(message.tags);
        break;
      case 'show':
        this.updates.show();
        this.send({ type: 'shown', view: message.view });
        if (this.problem !== null) this.send({ type: 'unreadable', problem: this.problem });
        break;
      default:
        unexpected(message);
    }
    this.publish();
  }

  stop(): void {
    this.cancel();
    this.cancel = () => {};
  }

  private after(milliseconds: number, work: () => void): void {
    this.cancel();
    this.cancel = this.clock.after(milliseconds, work);
  }

  private look(): void {
    const start = this.clock.now();
    if (start >= this.nextSearch) {
      this.search();
      const end = this.clock.now();
      this.nextSearch = end + this.searching.after(end - start);
    } else this.folder.checkSizes();
    this.read(this.looking.after(this.clock.now() - start));
  }

  private search(): void {
    try {
      this.folder.look();
      if (this.problem !== null) this.send({ type: 'unreadable', problem: null });
      this.problem = null;
    } catch (cause) {
      const problem = `${this.folder.path} ${unreadable(cause)}.`;
      if (problem !== this.problem) this.send({ type: 'unreadable', problem });
      this.problem = problem;
      this.folder.checkSizes();
    }
  }

  /** @param pause Milliseconds until the next look, when all is read. */
  private read(pause: number): void {
    this.hasMore = this.folder.read(sliceBytes);
    const isDue = this.hasMore ? this.clock.now() >= this.nextSending : this.folder.version !== this.sentVersion;
    if (isDue || this.hasMore === this.wasComplete) this.publish();
    if (this.hasMore) this.after(0, () => this.read(pause));
    else this.after(pause, () => this.look());
  }

  private publish(): void {
    const start = this.clock.now();
    this.sentVersion = this.folder.version;
    const messages = this.updates.next(!this.hasMore);
    const isComplete = !this.hasMore;
    const { bytes, bytesRead } = this.folder;
    if (messages.length > 0 || !isComplete || !this.wasComplete) {
      messages.push({ type: 'progress', bytes, bytesRead, isComplete });
    }
    this.wasComplete = isComplete;
    for (const message of messages) this.send(message);
    const end = this.clock.now();
    this.nextSending = end + Math.max(sendInterval, sendRest * (end - start));
  }
}

/** Pauses between looks. */
class Rest {
  private previous = 0;

  /** @param least Milliseconds. */
  constructor(private readonly least: number) {}

  /**
   * Milliseconds to pause. A single long look counts as a short one: the machine was busy, or nothing was in its cache.
   * @param duration Milliseconds of the look.
   */
  after(duration: number): number {
    const usual = Math.min(this.previous, duration);
    this.previous = duration;
    return Math.max(this.least, Math.min(longestRest, restShare * usual));
  }
}
