/** Draws the distribution of a tap's values over the steps: each histogram is a column up to the next one, coloured by density. */
import { density } from '../strip/distribution';
import { paletteFill } from '../view/palette';
import { shareOf } from '../view/span';
import { valueAtPosition } from './axis';
import type { Drawing } from './drawing';

/** Pixels of a cell's height. */
const cell = 2;

export interface PlotArea {
  left: number;
  right: number;
  top: number;
  bottom: number;
}

export function drawHeat(context: CanvasRenderingContext2D, { heat, axis, span }: Drawing, area: PlotArea): void {
  if (!heat) return;
  const { histograms, frames } = heat.run;
  const cells = Math.floor((area.bottom - area.top) / cell);
  const limits = Array.from({ length: cells + 1 }, (_, k) => valueAtPosition(axis, k / cells));
  const height = (area.bottom - area.top) / cells;
  // Cells are aligned to pixels, to avoid visible patterns at their edges.
  const scale = window.devicePixelRatio;
  const snapped = (pixel: number) => Math.round(pixel * scale) / scale;
  const x = (step: number) => snapped(area.left + (area.right - area.left) * shareOf(span, step));
  for (let row = 0; row < histograms.count; row++) {
    // The latest histogram extends to the latest frame.
    const to = x(row + 1 < histograms.count ? histograms.stepOf(row + 1) : frames.lastStep);
    const from = Math.min(x(histograms.stepOf(row)), to - 1);
    if (to < area.left || from > area.right) continue;
    const dense = density({ shares: histograms.shares(row, heat.place), edges: heat.edges }, limits);
    for (let k = 0; k < cells; k++) {
      if (dense[k] < 0.02) continue;
      context.fillStyle = paletteFill(dense[k]);
      const [top, bottom] = [snapped(area.bottom - (k + 1) * height), snapped(area.bottom - k * height)];
      context.fillRect(from, top, to - from, bottom - top);
    }
  }
}
