/** The thread that reads the runs of a window for lists. */
import { parentPort, workerData } from 'node:worker_threads';
import { systemClock } from '../session/clock';
import type { ReaderStart } from '../startReader';
import type { CatalogStart, ToCatalog } from './catalogMessages';
import { CatalogService } from './catalogService';

if (!parentPort) throw new Error('This script is started as a worker.');
const port = parentPort;
const service = new CatalogService((workerData as ReaderStart).start as CatalogStart, systemClock, (message) =>
  port.postMessage(message),
);
port.on('message', (message: ToCatalog | 'close') => {
  if (message !== 'close') {
    service.receive(message);
    return;
  }
  service.close();
  port.close();
});
service.start();
