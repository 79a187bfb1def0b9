/** The marker of each arm, as a path that SVG and canvas both draw. */
import { unexpected } from '../../src/shared/unexpected';

export type Marker = 'triangle' | 'dot' | 'square' | 'diamond' | 'wedge' | 'plus';

/** Path data of a marker of about the given radius around a point. */
export function markerPath(marker: Marker, x: number, y: number, radius: number): string {
  const r = radius;
  switch (marker) {
    case 'triangle':
      return `M${x} ${y - r}L${x + r} ${y + r * 0.8}H${x - r}Z`;
    case 'dot':
      return `M${x - r * 0.9} ${y}a${r * 0.9} ${r * 0.9} 0 1 0 ${r * 1.8} 0a${r * 0.9} ${r * 0.9} 0 1 0 ${-r * 1.8} 0Z`;
    case 'square':
      return `M${x - r * 0.8} ${y - r * 0.8}h${r * 1.6}v${r * 1.6}h${-r * 1.6}Z`;
    case 'diamond':
      return `M${x} ${y - r * 1.1}l${r * 1.1} ${r * 1.1}l${-r * 1.1} ${r * 1.1}l${-r * 1.1} ${-r * 1.1}Z`;
    case 'wedge':
      return `M${x} ${y + r}L${x + r} ${y - r * 0.8}H${x - r}Z`;
    case 'plus': {
      const a = r * 0.35;
      const b = r - a;
      return `M${x - a} ${y - r}h${2 * a}v${b}h${b}v${2 * a}h${-b}v${b}h${-2 * a}v${-b}h${-b}v${-2 * a}h${b}Z`;
    }
    default:
      return unexpected(marker);
  }
}

/** A cross: where an arm diverged. Drawn as strokes. */
export function crossPath(x: number, y: number, radius: number): string {
  return `M${x - radius} ${y - radius}l${2 * radius} ${2 * radius}m0 ${-2 * radius}l${-2 * radius} ${2 * radius}`;
}
