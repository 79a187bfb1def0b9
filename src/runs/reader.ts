/**
 * Entry of the threads that read for a host. They are one file, because they share most of their code; only the code for what a
 * thread reads is executed, after the language is set.
 */
import { workerData } from 'node:worker_threads';
import { unexpected } from '../shared/unexpected';
import { useLanguageOfHost } from './language';
import type { ReaderStart } from './startReader';

useLanguageOfHost();
const { reads } = workerData as ReaderStart;
switch (reads) {
  case 'data':
    void import('./worker/dataWorker');
    break;
  case 'logs':
    void import('./folder/logs/logWorker');
    break;
  case 'runs':
    void import('./catalog/catalogWorker');
    break;
  default:
    unexpected(reads);
}
