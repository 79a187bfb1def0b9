/** Lines of one arm in a chart: the displayed seed, or all seeds with their interval or as single lines; optionally smoothed. */
import * as l10n from '@vscode/l10n';
import { unexpected } from '../../src/shared/unexpected';
import { type Band, channelSeries, frameFor, type Line, type Series, valueAt } from '../charts/content';
import { type Name, named, qualities, seedName } from '../charts/names';
import { intervalBand, Seeds } from '../charts/seedStatistics';
import { smoothed } from '../charts/smoothing';
import type { DrawnArm, Shown } from '../view/shown';

export interface Request {
  channel: string;
  /** Name of the line in the data table and the text alternative. */
  name: Name;
  look: Omit<Line, 'series'>;
  /** Not measured at every frame. */
  sparse?: boolean;
  /** Smoothed as selected, with the raw line faint behind it. */
  smooth?: boolean;
  /** Without interval and single seeds, for background lines. */
  plain?: boolean;
}

export interface ArmLines {
  /** The last line is the one whose values are read. */
  lines: Line[];
  bands: Band[];
  series: Series;
}

/** Opacity of background lines, relative to the main line. */
const faint = 0.3;

/** Undefined if the arm has no such channel. */
export function armLines(shown: Shown, arm: DrawnArm, request: Request): ArmLines | undefined {
  const { channel, name, look, sparse = false, plain = false } = request;
  const window = request.smooth ? shown.smoothing * shown.steps : 0;
  const opacity = look.opacity ?? 1;
  const behind = { colour: look.colour, width: 0.8, opacity: opacity * faint };
  if (shown.seeds === 'one') {
    const raw = channelSeries(arm.run, channel, name, sparse);
    if (!raw) return undefined;
    if (window === 0) return { lines: [{ ...look, series: raw }], bands: [], series: raw };
    const series = smooth(raw, window);
    return {
      lines: [
        { ...behind, series: raw },
        { ...look, series },
      ],
      bands: [],
      series,
    };
  }
  const seeds = Seeds.of(arm.runs)?.series(channel, named(name, qualities['mean of seeds']), sparse);
  if (!seeds) return undefined;
  const countAt = (step: number) => {
    const frame = frameFor(seeds.mean, step);
    return frame < 0 ? 0 : seeds.count(frame);
  };
  const mean = { ...seeds.mean, seeds: { countAt, planned: shown.session.seeds.length } };
  const series = window === 0 ? mean : smooth(mean, window);
  const lines: Line[] = [{ ...look, series }];
  if (plain) return { lines, bands: [], series };
  if (shown.seeds === 'each') {
    const each = arm.runs.flatMap((run): Series[] => {
      const raw = channelSeries(run, channel, named(name, seedName(run.state.seed)), sparse);
      return raw ? [window === 0 ? raw : smooth(raw, window)] : [];
    });
    const thin = each.map((own): Line => ({ ...behind, opacity: opacity * 0.45, series: own }));
    return { lines: [...thin, ...lines], bands: [], series: { ...series, spread: spreadOver(each) } };
  }
  const band = intervalBand(seeds, name, look.colour);
  if (window > 0) {
    const { frames } = band.run;
    band.low = smoothed(frames, band.low, window);
    band.high = smoothed(frames, band.high, window);
  }
  return {
    lines: window === 0 ? lines : [{ ...behind, series: seeds.mean }, ...lines],
    bands: [{ ...band, opacity: band.opacity * opacity }],
    series: { ...series, spread: spreadOf((range) => l10n.t`95 % interval ${range}`, series, band.low, band.high) },
  };
}

/** The range from a lower to an upper edge around a series. */
export function spreadOf(
  words: (range: string) => string,
  series: Series,
  low: Band['low'],
  high: Band['high'],
): Series['spread'] {
  const edge = (at: Band['low'], step: number) => {
    const frame = frameFor(series, step);
    return frame < 0 ? Number.NaN : at(frame);
  };
  return { words, at: (step) => [edge(low, step), edge(high, step)] };
}

/** The range of the values of several series. */
function spreadOver(all: readonly Series[]): Series['spread'] {
  return {
    words: (range) => l10n.t`seeds from ${range}`,
    at(step) {
      const values = all.map((series) => valueAt(series, step)).filter(Number.isFinite);
      return values.length > 1 ? [Math.min(...values), Math.max(...values)] : [Number.NaN, Number.NaN];
    },
  };
}

function smooth(series: Series, window: number): Series {
  const at = smoothed(series.run.frames, series.at, window);
  return { ...series, name: named(series.name, qualities.smoothed), at, key: undefined };
}

/** Remark about seeds behind a chart's title; empty for one seed. */
export function seedWords(shown: Shown): string {
  switch (shown.seeds) {
    case 'one':
      return '';
    case 'band':
      return l10n.t('mean of seeds, 95 % t interval');
    case 'each':
      return l10n.t('mean of seeds, each seed thin');
    default:
      return unexpected(shown.seeds);
  }
}
