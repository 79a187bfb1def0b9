/** Runs in a page. Sends the server the hashes of the page's engine and of a session whose web workers train. */
import { webWorkerStarter } from '../../src/runs/worker/startWebWorker';
import { allHashes, type Hashes } from './hashes';
import { everything, hashesOfSession, planOfAll, sessionOf } from './sessions';

/** The message to the server. */
export interface PageResult {
  /** The browser's name for itself. */
  browser: string;
  hashes?: Hashes;
  /** Results of a session without a disk. */
  session?: Hashes;
  error?: string;
}

async function result(): Promise<PageResult> {
  const browser = navigator.userAgent;
  try {
    const plan = planOfAll(everything);
    const session = sessionOf(plan, { jobs: 2, storeFrames: true, startWorker: webWorkerStarter('/worker.js') });
    session.start();
    return { browser, hashes: allHashes(), session: await hashesOfSession(session, plan) };
  } catch (cause) {
    return { browser, error: cause instanceof Error ? `${cause.message}\n${cause.stack}` : String(cause) };
  }
}

void result().then((page) => {
  document.body.textContent = page.error ?? 'Done.';
  return fetch('/result', { method: 'POST', body: JSON.stringify(page) });
});
