/**
 * A process that runs one case after another on request of `scripts/fuzz.mjs`, which can thus detect a case that hangs or
 * ends the process.
 */
import { attempt, makeTemplates, type Report, type Surroundings } from './attempt';
import type { Kind } from './cases';
import { realSessions } from './session';

export interface Begin {
  type: 'begin';
  dist: string;
  /** Folder for the run folders that will be damaged. */
  templates: string;
}

export interface Try {
  type: 'try';
  seed: number;
  kind: Kind;
  number: number;
  keep?: string;
}

export type Answer = { type: 'ready' } | ({ type: 'tried' } & Report);

let around: Surroundings;

async function begin({ dist, templates }: Begin): Promise<Answer> {
  const makeSession = realSessions(dist);
  const plain = { dist, makeSession, fifos: true, patience: 2_000 };
  around = { ...plain, templates: await makeTemplates(templates, plain) };
  return { type: 'ready' };
}

process.on('message', async (message: Begin | Try) => {
  const answer =
    message.type === 'begin'
      ? await begin(message)
      : {
          type: 'tried' as const,
          ...(await attempt(message.seed, message.kind, message.number, around, message.keep)),
        };
  process.send?.(answer);
});
// The parent process has exited.
process.on('disconnect', () => process.exit());
