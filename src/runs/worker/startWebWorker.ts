/** Starts workers in a browser. */
import * as l10n from '@vscode/l10n';
import type { FromWorker } from '../../protocol';
import type { StartWorker } from './worker';

/**
 * @param script Address of the built worker (`webWorker.ts`). Where a host cannot load workers from an address, as VS
 *   Code's web extension host, pass the address of a blob that holds the script.
 */
export function webWorkerStarter(script: string): StartWorker {
  return (listener) => {
    const worker = new Worker(script);
    let hasEnded = false;
    const die = (cause: string) => {
      if (hasEnded) return;
      hasEnded = true;
      worker.terminate();
      listener.onDeath(cause);
    };
    worker.onmessage = ({ data }: MessageEvent<FromWorker>) => {
      if (!hasEnded) listener.onMessage(data);
    };
    worker.onmessageerror = () => die(l10n.t('its worker sent a message that cannot be read'));
    worker.onerror = ({ message }) =>
      die(l10n.t`its worker failed (${message || l10n.t('its script cannot be loaded')})`);
    return {
      post(message) {
        if (!hasEnded) worker.postMessage(message);
      },
      terminate() {
        hasEnded = true;
        worker.terminate();
      },
    };
  };
}
