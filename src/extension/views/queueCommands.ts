/** Commands of the experiments that wait in the view Runs. */
import type { RunQueue } from '../../runs/session/runQueue';
import { commands } from '../identifiers';
import { isWaitingNode } from './runsView';

/** Handlers by the ids of their commands. Menus of the view pass an item. */
export function queueCommands(
  queue: Pick<RunQueue<unknown>, 'runNow' | 'moveUp' | 'remove'>,
): Record<string, (node: unknown) => unknown> {
  return {
    [commands.runQueuedNow]: (node) => isWaitingNode(node) && queue.runNow(node.id),
    [commands.moveQueuedUp]: (node) => isWaitingNode(node) && queue.moveUp(node.id),
    [commands.removeQueued]: (node) => isWaitingNode(node) && queue.remove(node.id),
  };
}
