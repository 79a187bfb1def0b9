/** What the person chose to look at. Kept by the editor while the page is hidden or reloaded; never a part of the experiment. */

export interface Choices {
  seed: number | null;
  /** Place on each axis of the sweep. */
  point: number[] | null;
  /** What stands in the cells of a sweep's heat maps. */
  cellMetric: string | null;
  /** Arms that were switched off in the legend. */
  hidden: string[];
  /** The arm that is shown layer by layer. */
  arm: string | null;
  layer: string | null;
  tap: string | null;
  /** Charts whose data tables are open. */
  tables: string[];
  /** The notes are folded away. */
  notesClosed: boolean;
  /** The step that is looked at, of one session; null follows the newest. */
  held: { session: string; step: number } | null;
}

export const noChoices: Choices = {
  seed: null,
  point: null,
  cellMetric: null,
  hidden: [],
  arm: null,
  layer: null,
  tap: null,
  tables: [],
  notesClosed: false,
  held: null,
};

/** Choices as they were kept, or none where what was kept is not understood. */
export function readChoices(kept: unknown): Choices {
  if (typeof kept !== 'object' || kept === null) return { ...noChoices };
  const fields = kept as Record<string, unknown>;
  const text = (value: unknown) => (typeof value === 'string' ? value : null);
  const texts = (value: unknown) =>
    Array.isArray(value) ? value.filter((item): item is string => typeof item === 'string') : [];
  return {
    seed: typeof fields.seed === 'number' ? fields.seed : null,
    point: placesOf(fields.point),
    cellMetric: text(fields.cellMetric),
    hidden: texts(fields.hidden),
    arm: text(fields.arm),
    layer: text(fields.layer),
    tap: text(fields.tap),
    tables: texts(fields.tables),
    notesClosed: fields.notesClosed === true,
    held: heldOf(fields.held),
  };
}

function placesOf(kept: unknown): number[] | null {
  const isPlace = (place: unknown): place is number => Number.isInteger(place) && (place as number) >= 0;
  return Array.isArray(kept) && kept.every(isPlace) ? kept : null;
}

function heldOf(kept: unknown): Choices['held'] {
  if (typeof kept !== 'object' || kept === null) return null;
  const { session, step } = kept as Record<string, unknown>;
  return typeof session === 'string' && typeof step === 'number' && step >= 0 ? { session, step } : null;
}
