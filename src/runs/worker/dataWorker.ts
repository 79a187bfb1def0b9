/** Entry of the worker thread that reads data files: one job, then it ends. */
import '../threadLanguage';

import { parentPort, workerData } from 'node:worker_threads';
import { type DataJob, doDataJob } from './dataJobs';

if (!parentPort) throw new Error('This script is started as a worker.');
const port = parentPort;
void doDataJob(workerData as DataJob).then((answer) => port.postMessage(answer));
