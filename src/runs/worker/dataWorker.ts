/** The thread that reads data files: one job, then it ends. */
import { parentPort, workerData } from 'node:worker_threads';
import type { ReaderStart } from '../startReader';
import { type DataJob, doDataJob } from './dataJobs';

if (!parentPort) throw new Error('This script is started as a worker.');
const port = parentPort;
void doDataJob((workerData as ReaderStart).start as DataJob).then((answer) => port.postMessage(answer));
