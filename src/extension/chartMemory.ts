/** How the panel's charts are arranged in this workspace. */
import type * as vscode from 'vscode';
import type { ChartChoice } from '../protocol';

const key = 'batchnormLab.charts';

export class ChartMemory {
  constructor(private readonly memory: vscode.Memento) {}

  /** Returns undefined if they were never arranged. */
  read(): ChartChoice[] | undefined {
    const stored = this.memory.get<unknown>(key);
    // Another version may have stored something else.
    const isChoice = (chart: Partial<ChartChoice> | null) =>
      typeof chart?.id === 'string' && typeof chart.shown === 'boolean';
    return Array.isArray(stored) && stored.every(isChoice) ? stored : undefined;
  }

  write(charts: ChartChoice[]): void {
    void this.memory.update(key, charts);
  }
}
