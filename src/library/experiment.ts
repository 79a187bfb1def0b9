/** Entry `batchnorm-lab/experiment`; see its declarations. */
import { presets } from '../experiment/presets';
import { readExperiment as read } from '../experiment/read';
import type * as Declared from './declarations/experiment';

function readExperiment(text: string, options: Declared.ReadOptions = {}): Declared.ReadExperiment {
  const { plan, diagnostics } = read(text, options);
  return { plan, diagnostics };
}

export { presets, readExperiment };

({ presets, readExperiment }) satisfies typeof Declared;
