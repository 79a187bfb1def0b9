/** Entry of the worker thread that reads and follows a folder of event files. */
import '../../threadLanguage';

import { parentPort, workerData } from 'node:worker_threads';
import { systemClock } from '../../session/clock';
import { LogFollower } from './logFollower';
import type { ToLogReader } from './logMessages';

if (!parentPort) throw new Error('This script is started as a worker.');
const port = parentPort;
const follower = new LogFollower(workerData as string, systemClock, (message) => port.postMessage(message));
port.on('message', (message: ToLogReader) => follower.receive(message));
follower.start();
