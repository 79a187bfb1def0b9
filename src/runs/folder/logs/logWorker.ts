/** The thread that reads and follows a folder of event files. */
import { parentPort, workerData } from 'node:worker_threads';
import { systemClock } from '../../session/clock';
import type { ReaderStart } from '../../startReader';
import { LogFollower } from './logFollower';
import type { ToLogReader } from './logMessages';

if (!parentPort) throw new Error('This script is started as a worker.');
const port = parentPort;
const follower = new LogFollower((workerData as ReaderStart).start as string, systemClock, (message) =>
  port.postMessage(message),
);
port.on('message', (message: ToLogReader) => follower.receive(message));
follower.start();
