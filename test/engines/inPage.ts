/** Runs in a page, and tells the server that it came from the hashes of its engine, or what went wrong. */
import { allHashes, type Hashes } from './hashes';

/** What the page sends. */
export interface PageResult {
  /** The browser's name for itself. */
  browser: string;
  hashes?: Hashes;
  error?: string;
}

const browser = navigator.userAgent;
let result: PageResult;
try {
  result = { browser, hashes: allHashes() };
} catch (cause) {
  result = { browser, error: cause instanceof Error ? `${cause.message}\n${cause.stack}` : String(cause) };
}
void fetch('/result', { method: 'POST', body: JSON.stringify(result) });
document.body.textContent = result.error ?? 'Done.';
