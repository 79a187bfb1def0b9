/** Prints a workload as an experiment file: `writeExperiment.js WORKLOAD STEPS`; a third argument `sweep` makes a sweep of eight runs. */
import { experimentText, sweepText } from './experiments';
import { workloadNamed } from './workloads';

const [name, steps, form] = process.argv.slice(2);
console.log((form === 'sweep' ? sweepText : experimentText)(workloadNamed(name), Number(steps)));
