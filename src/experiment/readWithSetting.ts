/** Reads an experiment with what a setting of the editor records where the file does not say. */
import { type ReadExperiment, type ReadOptions, readExperiment } from './read';

/** A setting that alone causes an error, e.g. because it turns off gradients that a claim needs, does not apply. */
export function readWithSetting(text: string, options: ReadOptions): ReadExperiment {
  const reading = readExperiment(text, options);
  return reading.plan || !options.watch ? reading : readExperiment(text, { ...options, watch: undefined });
}
