/** The line above an experiment: commands that run, stop and show it, and the size of a run. */
import * as l10n from '@vscode/l10n';
import * as vscode from 'vscode';
import type { Verdict } from '../experiment/claims/verdict';
import type { DataSummary } from '../experiment/dataSummary';
import type { Plan } from '../experiment/plan';
import { count } from '../shared/counts';
import { formatCount } from '../shared/numbers';
import { armLenses } from './armLenses';
import { Disposable } from './dispose';
import { experimentSelector, isExperiment } from './findExperiment';
import { commands } from './identifiers';
import { codeLens } from './notify';
import { outlineOf } from './outlines';
import { readDocument } from './readDocument';
import type { Sessions } from './sessions';

/** `3 arms × 5 seeds = 15 runs, 1,000 steps each`. */
function describePlan(plan: Plan): string {
  const factors = [count(plan.arms.length, 'arm')];
  if (plan.pointCount > 1) factors.push(count(plan.pointCount, 'point'));
  factors.push(count(plan.seeds.length, 'seed'));
  const steps = plan.samples.map((run) => run.experiment.training.steps);
  const [least, most] = [Math.min(...steps), Math.max(...steps)];
  const each =
    least === most ? l10n.t`${count(most, 'step')} each` : l10n.t`${formatCount(least)} to ${count(most, 'step')} each`;
  return `${factors.join(' × ')} = ${count(plan.runs.length, 'run')}, ${each}`;
}

export class ExperimentCodeLens extends Disposable implements vscode.CodeLensProvider {
  private readonly changed = this.register(new vscode.EventEmitter<void>());
  readonly onDidChangeCodeLenses = this.changed.event;

  constructor(private readonly sessions: Sessions) {
    super();
    this.register(sessions.onDidChangeState(() => this.changed.fire()));
    this.register(vscode.languages.registerCodeLensProvider(experimentSelector, this));
  }

  async provideCodeLenses(document: vscode.TextDocument): Promise<vscode.CodeLens[]> {
    const { uri } = document;
    if (!isExperiment(uri)) return [];
    const { plan, diagnostics, data, claims } = await readDocument(document);
    const brace = document.getText().indexOf('{');
    const start = document.positionAt(Math.max(0, brace));
    const place = new vscode.Range(start, start);
    const lens = (icon: string | undefined, title: string, command: string, tooltip: string) =>
      codeLens(place, { icon, title, command, tooltip }, [uri]);

    const lenses: vscode.CodeLens[] = [];
    const isRunning = this.sessions.isActive && this.sessions.current?.uri.toString() === uri.toString();
    if (isRunning) {
      lenses.push(
        this.sessions.state === 'paused'
          ? lens('debug-continue', l10n.t('Resume'), commands.resume, l10n.t('Continue the paused runs'))
          : lens('debug-pause', l10n.t('Pause'), commands.pause, l10n.t('Pause all runs; Resume continues them')),
        lens('debug-stop', l10n.t('Stop'), commands.stop, l10n.t('Stop all runs and save their results so far')),
      );
    } else {
      lenses.push(
        lens(
          'play',
          l10n.t({ message: 'Run', comment: 'Runs the experiment' }),
          commands.run,
          l10n.t('Run this experiment as shown in the editor'),
        ),
      );
    }
    if (this.sessions.current) {
      lenses.push(
        lens('graph-line', l10n.t('Show Panel'), commands.showLastRun, l10n.t('Show the charts of the last run')),
      );
    }
    const errors = diagnostics.filter((diagnostic) => diagnostic.severity === 'error').length;
    if (plan && errors === 0) lenses.push(lens(undefined, describePlan(plan), '', ''));
    else
      lenses.push(
        lens(
          undefined,
          count(errors, 'error'),
          'workbench.actions.view.problems',
          l10n.t('Show the errors that prevent it from running'),
        ),
      );
    lenses.push(...dataLenses(document, data));
    const { tree } = await outlineOf(document);
    if (plan && errors === 0 && tree && !isRunning)
      lenses.push(...armLenses(document, tree, claims, this.verdicts(uri)));
    return lenses;
  }

  /** Verdicts of the last run of a file in this window. */
  private verdicts(uri: vscode.Uri): readonly Verdict[] {
    const { current } = this.sessions;
    return current?.uri.toString() === uri.toString() ? current.hydration(false).verdicts : [];
  }
}

/** A summary of the data, above `data`. */
function dataLenses(document: vscode.TextDocument, data: readonly DataSummary[]): vscode.CodeLens[] {
  const at = /"data"\s*:/.exec(document.getText());
  if (!at) return [];
  const place = document.positionAt(at.index);
  return data.map(({ headline, arms }) => {
    const whose = data.length > 1 ? `${arms.join(', ')}: ` : '';
    return codeLens(new vscode.Range(place, place), { title: whose + headline, command: '', tooltip: '' }, []);
  });
}
