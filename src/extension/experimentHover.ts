/** What a value means in this experiment, below the explanation of its property. */
import * as vscode from 'vscode';
import type { Experiment } from '../experiment/schema';
import { Disposable } from './dispose';
import { experimentSelector, isExperiment } from './findExperiment';
import { hover } from './notify';
import { outlineOf } from './outlines';
import type { Sessions } from './sessions';

export class ExperimentHover extends Disposable implements vscode.HoverProvider {
  constructor(private readonly sessions: Sessions) {
    super();
    this.register(vscode.languages.registerHoverProvider(experimentSelector, this));
  }

  async provideHover(document: vscode.TextDocument, position: vscode.Position): Promise<vscode.Hover | undefined> {
    if (!isExperiment(document.uri)) return undefined;
    const { hoverAt } = await import('../experiment/editing/hovers');
    const outline = await outlineOf(document);
    const found = hoverAt(outline, document.offsetAt(position), (experiment) => this.secondsOf(experiment));
    if (!found) return undefined;
    const { lines, offset, length } = found;
    return hover(lines, new vscode.Range(document.positionAt(offset), document.positionAt(offset + length)));
  }

  /** Seconds of a run, by the speed of the last runs of this window with the same data, network and batch size. */
  private secondsOf(experiment: Experiment): number | null {
    const { current } = this.sessions;
    if (!current) return null;
    const key = keyOf(experiment);
    const same = new Set(current.start.plan.samples.flatMap((run) => (keyOf(run.experiment) === key ? [run.arm] : [])));
    const speeds = current.status.runs.flatMap(({ arm, stepsPerSecond }) =>
      same.has(arm) && stepsPerSecond > 0 ? [stepsPerSecond] : [],
    );
    if (speeds.length === 0) return null;
    return (experiment.training.steps * speeds.length) / speeds.reduce((sum, speed) => sum + speed, 0);
  }
}

function keyOf({ data, network, training, watch }: Experiment): string {
  return JSON.stringify([data, network, training.batchSize, training.optimizer.kind, watch]);
}
