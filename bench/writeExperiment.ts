/** Prints a workload as an experiment file: `writeExperiment.js WORKLOAD STEPS`. */
import { experimentText } from './experiments';
import { workloadNamed } from './workloads';

console.log(experimentText(workloadNamed(process.argv[2]), Number(process.argv[3])));
