/** What a fake session's networks say of real data, by formula: the normalized arm learns, the others do not. */
import { makeDataset } from '../../src/engine/data/make';
import { cellCentres, type Scene, sceneOf } from '../../src/engine/scene';
import type { PredictionBlock } from '../../src/protocol';
import { joinPredictions, predictionBlock } from '../../src/runs/session/predictionHistory';
import { levelOf } from '../../src/shared/levels';

export type FakeData = 'two classes' | 'three classes' | 'images' | 'table' | 'none';

const sources = {
  'two classes': { kind: 'spiral', classes: 2, turns: 1.25, noise: 0.1, train: 400, test: 200 },
  'three classes': { kind: 'spiral', classes: 3, turns: 0.75, noise: 0.1, train: 400, test: 200 },
  images: { kind: 'digits', noise: 0.1, train: 50, test: 200 },
  table: { kind: 'gaussians', classes: 4, dimensions: 5, separation: 2, train: 50, test: 200 },
} as const;

const known = new Map<FakeData, FakePredictions>();

/** @returns The predictions for this data, which are computed once: they do not depend on the session. */
export function fakePredictions(data: FakeData): FakePredictions {
  const predictions = known.get(data) ?? new FakePredictions(data);
  known.set(data, predictions);
  return predictions;
}

export class FakePredictions {
  readonly scene: Scene | null;
  private readonly classes: number;
  /** Closeness of each class's training points to each cell, 0 to 1; the sum over all classes is 1. */
  private readonly closeness: Float64Array[];
  private readonly surfaces = new Map<number, Uint8Array>();

  constructor(data: FakeData) {
    const dataset = data === 'none' ? null : makeDataset(sources[data], 1, {});
    this.scene = dataset ? sceneOf(dataset, 1).scene : null;
    this.classes = dataset?.classCount ?? 0;
    this.closeness = this.scene?.plane ? closenessTo(this.scene) : [];
  }

  /** @param skill 0 for a network that knows nothing, 1 for one that is through. */
  block(steps: number[], skill: (step: number) => number): PredictionBlock {
    return joinPredictions(steps.map((step) => this.at(step, skill(step))));
  }

  private at(step: number, skill: number): PredictionBlock {
    const { scene, classes } = this;
    if (!scene) return joinPredictions([]);
    const wholly = Math.min(0.99, 1 / classes + skill);
    const examples = Array.from(scene.examples.labels, (label, place) => {
      const isRight = ((place * 7) % 20) / 20 < skill;
      return [isRight ? label : 3 % classes, levelOf(isRight ? wholly : 0.9 / classes)];
    });
    const confusion = Array.from({ length: scene.confusion ** 2 }, (_, k) => {
      const [is, said] = [Math.floor(k / classes), k % classes];
      const right = Math.round((200 / classes) * Math.max(1 / classes, skill));
      return is === said ? right : said === (is + 1) % classes ? Math.round(200 / classes) - right : 0;
    });
    return predictionBlock(step, {
      surface: this.surface(skill),
      examples: Uint8Array.from(examples.flat()),
      confusion: Uint32Array.from(confusion),
    });
  }

  private surface(skill: number): Uint8Array {
    const known = this.surfaces.get(skill);
    if (known) return known;
    const surface = this.closeness.flatMap((close) => {
      const shares = Array.from(close, (part) => skill * part ** 2 + (1 - skill) * 0.02 + 1e-6);
      const sum = shares.reduce((a, b) => a + b);
      const [most, next] = shares.map((share) => share / sum).sort((a, b) => b - a);
      const top = shares.indexOf(Math.max(...shares));
      return this.classes === 2 ? [levelOf(shares[1] / sum)] : [top, levelOf(most), levelOf(most - next)];
    });
    const bytes = Uint8Array.from(surface);
    this.surfaces.set(skill, bytes);
    return bytes;
  }
}

function closenessTo({ plane, points, classNames }: Scene): Float64Array[] {
  if (!plane) return [];
  const centres = cellCentres(plane);
  return Array.from({ length: plane.columns * plane.rows }, (_, cell) => {
    const close = new Float64Array(classNames.length);
    points.labels.forEach((label, k) => {
      const [dx, dy] = [0, 1].map((axis) => points.features[2 * k + axis] - centres[2 * cell + axis]);
      close[label] += Math.exp((dx * dx + dy * dy) / -0.02);
    });
    const sum = close.reduce((a, b) => a + b, 1e-9);
    return close.map((part) => part / sum);
  });
}
