/** Marks the cells of a grid that share its last rows, so that no row of a few ends in a hole. The style sheet has the widths. */
import { setAttribute } from './dom';

type Part = 'full' | 'half' | undefined;

/** Part of the row for each of `count` cells, in two columns and in three. */
export function partsOf(count: number): { halves: Part; thirds: Part }[] {
  // Four cells are two rows of two, and so are the last four of seven.
  const inPairs = count === 1 ? 0 : [0, 4, 2][count % 3];
  return Array.from({ length: count }, (_, k) => ({
    halves: count % 2 === 1 && k === count - 1 ? 'full' : undefined,
    thirds: count === 1 ? 'full' : k >= count - inPairs ? 'half' : undefined,
  }));
}

export function fillRows(cells: readonly Element[]): void {
  const parts = partsOf(cells.length);
  for (const [k, cell] of cells.entries()) {
    setAttribute(cell, 'data-halves', parts[k].halves);
    setAttribute(cell, 'data-thirds', parts[k].thirds);
  }
}
