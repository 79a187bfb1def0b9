/** Keeps the catalog of a window current, and answers its requests. Runs in a thread of its own. */
import { join } from 'node:path';
import * as l10n from '@vscode/l10n';
import { unexpected } from '../../shared/unexpected';
import { experimentName, isInside, RunFolderError } from '../folder/layout';
import { readRegularFile } from '../folder/regularFile';
import { unreadable } from '../folder/systemErrors';
import { atOnce, bitByBit } from '../pieces';
import type { Clock } from '../session/clock';
import { Catalog } from './catalog';
import type {
  CatalogRequest,
  CatalogRequests,
  CatalogStart,
  FromCatalog,
  RequestName,
  ToCatalog,
} from './catalogMessages';
import { listingArms } from './describe';
import type { ExperimentEntry, RunEntry } from './entry';
import { ExperimentFiles } from './experimentFiles';
import { readLabel, writeLabel } from './label';
import { type Arranged, arranged, type ListView } from './runList';
import { discard, discarded, emptyTrash, restore } from './trash';

/** Milliseconds between two states, and while many runs are read: each makes the window ask for what it shows. */
const stateInterval = 150;
const readingInterval = 600;
const manyToRead = 50;
/** Milliseconds between two looks at runs that train, and before what is known is saved. */
const trainingInterval = 2000;
const saveDelay = 3000;
const largestExperiment = 50e6;

type Answers = { [N in RequestName]: (asked: CatalogRequests[N]['asked']) => CatalogRequests[N]['answer'] };

export class CatalogService {
  private readonly catalog: Catalog;
  private readonly files = new ExperimentFiles();
  private view: ListView;
  private current: Arranged | null = null;
  private isWorking = false;
  private stateTimer: (() => void) | null = null;
  private trainingTimer: (() => void) | null = null;
  private saveTimer: (() => void) | null = null;

  constructor(
    { roots, file, view }: CatalogStart,
    private readonly clock: Clock,
    private readonly send: (message: FromCatalog) => void,
  ) {
    this.catalog = new Catalog(roots, file);
    this.view = view;
  }

  start(): void {
    this.catalog.load();
    this.sendState();
    void this.work();
  }

  receive(message: ToCatalog): void {
    switch (message.type) {
      case 'view':
        this.view = message.view;
        this.sendState();
        return;
      case 'refresh':
        this.catalog.refresh(message.paths);
        void this.work();
        return;
      case 'request':
        this.answer(message);
        return;
      default:
        unexpected(message);
    }
  }

  /** Writes what is known, when the window is closed. */
  close(): void {
    for (const stop of [this.stateTimer, this.trainingTimer, this.saveTimer]) stop?.();
    this.catalog.save();
  }

  private answer({ number, name, asked }: CatalogRequest): void {
    try {
      // Each request is paired with its own answer by its name.
      const answer = (this.answers[name] as (asked: unknown) => CatalogRequests[RequestName]['answer'])(asked);
      this.send({ type: 'answer', number, answer });
    } catch (error) {
      if (!(error instanceof RunFolderError)) throw error;
      this.send({ type: 'failed', number, message: error.message });
    }
    if (!this.catalog.isIdle) void this.work();
  }

  private readonly answers: Answers = {
    page: ({ group, count }) => this.shown(this.list.entries.get(group)?.slice(0, count) ?? []),
    newest: ({ count }) => {
      const all = arranged(this.catalog.entries.values(), { grouping: 'none', order: 'newest', filter: '' });
      return all.groups.flatMap(({ key }) => all.entries.get(key) ?? []).slice(0, count);
    },
    arms: ({ folder }) => atOnce(listingArms(folder)),
    experiments: ({ files }) => this.experiments(files),
    label: ({ folder, ...changes }) => {
      writeLabel(folder, { ...readLabel(folder), ...changes });
      this.catalog.refresh([folder]);
      return null;
    },
    discard: ({ folders }) => {
      const [moved, problems] = each(folders, (folder) => discard(folder));
      this.catalog.refresh(folders);
      return { discarded: moved.filter((one) => one !== null), problems };
    },
    restore: ({ discarded: all }) => {
      const [done, problems] = each(all, (one) => restore(one));
      this.catalog.refresh(all.map(({ folder }) => folder));
      return { restored: done.length, problems };
    },
    trash: () => [...this.catalog.bases].flatMap(discarded),
    emptyTrash: () => {
      for (const base of this.catalog.bases) emptyTrash(base);
      return null;
    },
    settings: ({ folder, id }) => {
      if (!isInside(id)) throw new RunFolderError(l10n.t`${id} is not in its run folder`);
      const file = join(folder, id, experimentName);
      try {
        return readRegularFile(file, largestExperiment).toString('utf8');
      } catch (cause) {
        throw new RunFolderError(`${file} ${unreadable(cause)}`);
      }
    },
  };

  private get list(): Arranged {
    this.current ??= arranged(this.catalog.entries.values(), this.view);
    return this.current;
  }

  private shown(entries: RunEntry[]): RunEntry[] {
    this.catalog.show(entries);
    return entries;
  }

  private experiments(files: readonly string[]): ExperimentEntry[] {
    const byFile = new Map<string, RunEntry[]>();
    for (const entry of this.catalog.entries.values()) {
      const own = byFile.get(entry.experiment);
      if (own) own.push(entry);
      else byFile.set(entry.experiment, [entry]);
    }
    const described = files.map((file): ExperimentEntry => {
      const runs = byFile.get(file) ?? [];
      const latest = runs.reduce<RunEntry | null>(
        (newest, run) => ((run.time ?? 0) > (newest?.time ?? -1) ? run : newest),
        null,
      );
      return { ...this.files.describe(file), latest, runs: runs.length };
    });
    this.shown(described.flatMap(({ latest }) => latest ?? []));
    return described;
  }

  private async work(): Promise<void> {
    if (this.isWorking) return;
    this.isWorking = true;
    try {
      do {
        const working = this.reported(this.catalog.working());
        await bitByBit(working);
      } while (!this.catalog.isIdle);
    } finally {
      this.isWorking = false;
    }
    this.soon();
    this.saveTimer ??= this.clock.after(saveDelay, () => {
      this.saveTimer = null;
      this.catalog.save();
    });
    this.followTraining();
  }

  /** Sends the state regularly while it works. */
  private *reported(work: Generator<void, void>): Generator<void, void> {
    for (const _ of work) {
      this.current = null;
      this.soon();
      yield;
    }
  }

  private followTraining(): void {
    if (this.list.training === 0 || this.trainingTimer) return;
    this.trainingTimer = this.clock.after(trainingInterval, () => {
      this.trainingTimer = null;
      this.catalog.checkTraining();
      void this.work();
    });
  }

  private soon(): void {
    this.stateTimer ??= this.clock.after(this.catalog.left > manyToRead ? readingInterval : stateInterval, () => {
      this.stateTimer = null;
      this.sendState();
    });
  }

  private sendState(): void {
    this.current = null;
    const { groups, shown, training } = this.list;
    const { entries, isSearching: searching, left, version, problem } = this.catalog;
    this.send({ type: 'state', version, groups, runs: entries.size, shown, training, searching, left, problem });
  }
}

/** Does something with each item, and collects the messages of those for which it fails. */
function each<T, R>(items: readonly T[], work: (item: T) => R): [done: R[], problems: string[]] {
  const done: R[] = [];
  const problems: string[] = [];
  for (const item of items) {
    try {
      done.push(work(item));
    } catch (error) {
      if (!(error instanceof RunFolderError)) throw error;
      problems.push(error.message);
    }
  }
  return [done, problems];
}
