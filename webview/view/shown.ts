/** The displayed data: the session filtered by the user's selections, with a valid default for each selection that does not apply. */

import type { ChartChoice } from '../../src/protocol';
import { Grid } from '../../src/shared/sweep/grid';
import type { RunData, Session } from '../session/store';
import { type ArmStyle, armStyle } from './armStyle';
import type { Choices } from './choices';
import { type Places, runKey, soundPlaces } from './point';

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
  arms: ShownArm[];
  /** Arms that are visible and have a run. */
  drawn: DrawnArm[];
  /** Right end of every step axis. */
  steps: number;
  /** The last step that has a frame. */
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
  /** One seed, or all seeds as mean with interval or as single lines. */
  seeds: Choices['seeds'];
  /** Window of smoothing, as a share of all steps; 0 for none. */
  smoothing: number;
  /** All arms in one plot, or each in its own plot with the same axes. */
  arrangement: Choices['arrangement'];
  /** All layers of one arm, or one layer of all arms. */
  layerView: Choices['layerView'];
  /** The charts in the user's order. */
  charts: ChartChoice[];
  tables: string[];
  notesClosed: boolean;
}

const outputLayer = 'output';
const tapOrder = ['linear', 'normalized', 'activated'];

/** Layers of a run in order, without the channels of the whole network. */
export function layersOf(run: RunData): string[] {
  return [...new Set(run.channels.map((channel) => channel.layer))].filter((layer) => layer !== 'network');
}

/** The layers of a ramp: without the output layer, whose scale differs, unless it is selected. */
export function hiddenLayers(layers: string[]): string[] {
  const hidden = layers.filter((layer) => layer !== outputLayer);
  return hidden.length > 0 ? hidden : layers;
}

/** `3` for `hidden3`, `out` for `output`. */
export function shortLayer(layer: string): string {
  return layer === outputLayer ? 'out' : layer.replace(/^hidden(?=\d+$)/, '');
}

/** `layer 3` for `hidden3`. */
export function longLayer(layer: string): string {
  return layer === outputLayer ? 'the output layer' : layer.replace(/^hidden(?=\d+$)/, 'layer ');
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

export function show(session: Session, choices: Choices, charts: ChartChoice[]): Shown {
  const seed = pick(choices.seed, session.seeds, session.seeds[0]);
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
  const lastStep = Math.max(0, ...present.map((arm) => arm.run.frames.lastStep));
  const chosen = choices.selectedStep;
  const selectedStep = chosen?.session === session.id && chosen.step < lastStep ? chosen.step : null;
  const layers = allLayers(present.map((arm) => arm.run));
  const hidden = hiddenLayers(layers);
  const taps = tapOrder.filter((tap) => present.some((arm) => arm.run.channels.some((channel) => channel.tap === tap)));
  return {
    session,
    seed,
    places,
    cellMetric: choices.cellMetric,
    arms,
    drawn,
    steps: Math.max(1, ...present.map((arm) => arm.run.state.steps)),
    lastStep,
    selectedStep,
    step: selectedStep ?? lastStep,
    layers,
    taps,
    arm: drawn.find((arm) => arm.name === choices.arm) ?? drawn[0] ?? null,
    layer: pick(choices.layer, layers, hidden[Math.floor((hidden.length - 1) / 2)]),
    tap: pick(choices.tap, taps, taps.includes('activated') ? 'activated' : taps[0]),
    seeds: session.seeds.length > 1 ? choices.seeds : 'one',
    smoothing: choices.smoothing,
    arrangement: choices.arrangement,
    layerView: choices.layerView,
    charts,
    tables: choices.tables,
    notesClosed: choices.notesClosed,
  };
}
