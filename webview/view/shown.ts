/** The displayed data: the session filtered by the user's selections, with a valid default for each selection that does not apply. */

import * as l10n from '@vscode/l10n';
import type { ChartChoice, WallTimes } from '../../src/protocol';
import { loggedTap } from '../../src/shared/loggedTap';
import type { RunStatus } from '../../src/shared/progress';
import { Grid } from '../../src/shared/sweep/grid';
import type { RunData, Session } from '../session/store';
import { type ArmStyle, armStyle } from './armStyle';
import type { Choices, SlotRange } from './choices';
import { availableKinds, type HistogramKind, histogramTap } from './histogramKind';
import { type Period, periodOf } from './period';
import { type Places, runKey, soundPlaces } from './point';
import { isWhole, type Span } from './span';

export interface ShownArm {
  name: string;
  style: ArmStyle;
  /** The arm's run with the displayed seed. */
  run: RunData | null;
  /** Its runs with all seeds. */
  runs: RunData[];
  /** Whether the legend shows the arm. */
  visible: boolean;
}

/** A visible arm with a run. */
export type DrawnArm = ShownArm & { run: RunData };

export interface Shown {
  session: Session;
  seed: number | null;
  /** Position of the selected sweep point on each axis; empty without a sweep. */
  places: Places;
  cellMetric: string | null;
  sweepView: Choices['sweepView'];
  sweepX: string | null;
  sweepLines: string | null;
  /** Slots of each axis that filter the combinations; empty without a filter. */
  sweepFilter: readonly SlotRange[];
  arms: ShownArm[];
  /** Arms that are visible and have a run. */
  drawn: DrawnArm[];
  /** The largest number of planned steps. */
  steps: number;
  /** The steps that every chart shows. */
  span: Span;
  /** The latest step that every displayed arm has reached: values of different arms are always those of one step. */
  lastStep: number;
  /** The step that the user selected; null follows the latest step. */
  selectedStep: number | null;
  /** The displayed step. */
  step: number;
  /** Layers that are watched in at least one arm, from input to output. */
  layers: string[];
  taps: string[];
  /** The arm shown layer by layer. */
  arm: DrawnArm | null;
  layer: string | null;
  tap: string | null;
  /** Histograms that can be shown, those that are shown, and their tap. */
  histogramKinds: HistogramKind[];
  histogramKind: HistogramKind;
  histogramTap: string | null;
  /** One seed, or all seeds as mean with interval or as single lines. */
  seeds: Choices['seeds'];
  /** Whether the displayed seed changes with the seed that trains, because the user has chosen none. */
  followsTraining: boolean;
  /** Window of smoothing, as a share of all steps; 0 for none. */
  smoothing: number;
  /** All arms in one plot, or each in its own plot with the same axes. */
  arrangement: Choices['arrangement'];
  horizontal: Choices['horizontal'];
  /** The times of the charts; null if they are over steps. */
  period: Period | null;
  /** All layers of one arm, or one layer of all arms. */
  layerView: Choices['layerView'];
  /** The charts in the user's order. */
  charts: ChartChoice[];
  tables: string[];
  notesOpen: boolean;
}

const outputLayer = 'output';
const tapOrder = ['linear', 'normalized', 'activated', loggedTap];

/** Layers of a run in order, without the channels of the whole network. */
export function layersOf(run: RunData): string[] {
  return [...new Set(run.channels.map((channel) => channel.layer))].filter((layer) => layer !== 'network');
}

/** The layers of a ramp: without the output layer, whose scale differs, unless it is selected. */
export function hiddenLayers(layers: string[]): string[] {
  const hidden = layers.filter((layer) => layer !== outputLayer);
  return hidden.length > 0 ? hidden : layers;
}

/** Number of one of the lab's own hidden layers; undefined for layers of other programs. */
function hiddenNumber(layer: string): string | undefined {
  return /^hidden(\d+)$/.exec(layer)?.[1];
}

/** `3` for `hidden3`, `out` for `output`. */
export function shortLayer(layer: string): string {
  if (layer === outputLayer) return l10n.t({ message: 'out', comment: 'The output layer, where there is little room' });
  return hiddenNumber(layer) ?? layer;
}

/** In a sentence: `layer 3` for `hidden3`, `the output layer`. */
export function longLayer(layer: string): string {
  if (layer === outputLayer) return l10n.t('the output layer');
  const number = hiddenNumber(layer);
  return number === undefined ? layer : l10n.t({ message: 'layer {0}', args: [number], comment: 'In a sentence' });
}

/** As a heading or a label: `layer 3` for `hidden3`, `output layer`. */
export function layerTitle(layer: string): string {
  if (layer === outputLayer) return l10n.t('output layer');
  const number = hiddenNumber(layer);
  return number === undefined ? layer : l10n.t({ message: 'layer {0}', args: [number], comment: 'As a heading' });
}

/** As a remark behind a title: `layer 3` for `hidden3`, `the output layer`. */
export function layerRemark(layer: string): string {
  return layer === outputLayer
    ? l10n.t({ message: 'the output layer', comment: 'Behind the title of a chart' })
    : layerTitle(layer);
}

/** As the label of a column: `layer 3` for `hidden3`, `output`. */
export function columnLabel(layer: string): string {
  return layer === outputLayer ? l10n.t({ message: 'output', comment: 'The output layer' }) : layerTitle(layer);
}

function allLayers(runs: RunData[]): string[] {
  const lists = runs.map(layersOf).sort((a, b) => b.length - a.length);
  const layers = new Set(lists.flat());
  const hasOutput = layers.delete(outputLayer);
  return hasOutput ? [...layers, outputLayer] : [...layers];
}

function pick<Item>(wanted: Item | null, options: Item[], otherwise: Item | undefined): Item | null {
  return wanted !== null && options.includes(wanted) ? wanted : (otherwise ?? null);
}

/**
 * The latest step at which arms can be compared: the last step of the slowest arm that trains; if none does, that of the one that
 * was stopped first; otherwise the last step of all.
 * @param arms The runs of each arm: one, or one per seed, of which the furthest counts.
 */
export function latestStep(arms: readonly RunData[][]): number {
  const furthest = arms.flatMap((runs) => {
    const started = runs.filter(({ frames }) => frames.count > 0);
    return started.length === 0
      ? []
      : [started.reduce((best, run) => (run.frames.lastStep > best.frames.lastStep ? run : best))];
  });
  const steps = (...statuses: RunStatus[]) =>
    furthest.filter(({ state }) => statuses.includes(state.status)).map(({ frames }) => frames.lastStep);
  const training = steps('running', 'waiting');
  const interrupted = steps('cancelled', 'failed');
  if (training.length > 0) return Math.min(...training);
  return interrupted.length > 0
    ? Math.min(...interrupted, ...steps('completed'))
    : Math.max(0, ...steps('completed', 'diverged'));
}

/** The zoom of this session, or all steps. */
function spanOf(zoom: Choices['zoom'], session: string, steps: number): Span {
  return zoom?.session === session && zoom.to <= steps ? { from: zoom.from, to: zoom.to } : { from: 0, to: steps };
}

/** Whether the charts show a part of the steps. */
export function isZoomed({ span, steps }: Pick<Shown, 'span' | 'steps'>): boolean {
  return !isWhole(span, steps);
}

function timesOf(drawn: readonly DrawnArm[], seeds: Shown['seeds']): WallTimes[] {
  const runs = drawn.flatMap(({ run, runs }) => (seeds === 'one' ? [run] : runs));
  return runs.flatMap(({ state }) => state.wallTimes ?? []);
}

export function show(session: Session, choices: Choices, charts: ChartChoice[]): Shown {
  const followed = choices.followed?.session === session.id ? choices.followed.seed : null;
  const seed = pick(
    choices.seed,
    session.seeds,
    session.trainingSeed ?? pick(followed, session.seeds, session.seeds[0]),
  );
  const places = soundPlaces(session.axes, choices.point);
  const point = new Grid(session.axes).pointAt(places);
  const runOf = (arm: string, of: number) => {
    const id = session.ids.get(runKey(arm, point, session.axes, of));
    return id === undefined ? null : (session.runs.get(id) ?? null);
  };
  const arms = session.arms.map((name, place) => ({
    name,
    style: armStyle(place),
    run: seed === null ? null : runOf(name, seed),
    runs: session.seeds.flatMap((each) => runOf(name, each) ?? []),
    visible: !choices.hidden.includes(name),
  }));
  const present = arms.filter((arm): arm is DrawnArm => arm.run !== null);
  const drawn = present.filter((arm) => arm.visible);
  const seeds = session.seeds.length > 1 ? choices.seeds : 'one';
  const lastStep = latestStep(
    (drawn.length > 0 ? drawn : present).map(({ run, runs }) => (seeds === 'one' ? [run] : runs)),
  );
  const chosen = choices.selectedStep;
  const selectedStep = chosen?.session === session.id && chosen.step < lastStep ? chosen.step : null;
  const steps = Math.max(1, ...present.map((arm) => arm.run.state.steps));
  const horizontal = session.logs ? choices.horizontal : 'step';
  const layers = allLayers(present.map((arm) => arm.run));
  const hidden = hiddenLayers(layers);
  const taps = tapOrder.filter((tap) => present.some((arm) => arm.run.channels.some((channel) => channel.tap === tap)));
  const tap = pick(choices.tap, taps, taps.includes('activated') ? 'activated' : taps[0]);
  const kinds = availableKinds(
    present.map(({ run }) => run),
    tap,
  );
  const histogramKind = kinds.includes(choices.histogramKind) ? choices.histogramKind : 'values';
  return {
    session,
    seed,
    places,
    cellMetric: choices.cellMetric,
    sweepView: choices.sweepView,
    sweepX: choices.sweepX,
    sweepLines: choices.sweepLines,
    sweepFilter: choices.sweepFilter?.session === session.id ? choices.sweepFilter.slots : [],
    arms,
    drawn,
    steps,
    span: spanOf(choices.zoom, session.id, steps),
    lastStep,
    selectedStep,
    step: selectedStep ?? lastStep,
    layers,
    taps,
    arm: drawn.find((arm) => arm.name === choices.arm) ?? drawn[0] ?? null,
    layer: pick(choices.layer, layers, hidden[Math.floor((hidden.length - 1) / 2)]),
    tap,
    histogramKinds: kinds,
    histogramKind,
    histogramTap: histogramTap(histogramKind, tap),
    seeds,
    followsTraining: choices.seed === null,
    smoothing: choices.smoothing,
    arrangement: choices.arrangement,
    horizontal,
    period: horizontal === 'step' ? null : (periodOf(horizontal, timesOf(drawn, seeds)) ?? null),
    layerView: choices.layerView,
    charts,
    tables: choices.tables,
    notesOpen: choices.notesOpen,
  };
}
