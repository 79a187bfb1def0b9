/** What the page gets of logs of another program, made from the messages of the thread that reads them. */
import type { NamedTag, SessionMessage } from '../protocol';
import type { FramesOfRun, ImagesOfTag, ScalarBlock, StringsOfTag, TagState } from '../runs/folder/logs/logMessages';
import { joinPredictions } from '../runs/session/predictionHistory';
import { visibleLines } from '../shared/text';
import { unexpected } from '../shared/unexpected';

/** How the page gets a tag: channels come with frames. */
export function namedTags({ index, name, channel, kinds, scalar }: TagState): NamedTag[] {
  const isMedia = kinds.includes('text') || kinds.includes('image');
  return [
    ...(channel === null && scalar !== null ? [{ tag: index, name }] : []),
    ...(isMedia ? [{ tag: index, name, kind: 'media' as const }] : []),
  ];
}

type Values = FramesOfRun | ScalarBlock | StringsOfTag | ImagesOfTag;

/** @param about The session, and the run by its id on the page. */
export function pageMessages(message: Values, about: { session: string; run: string }): SessionMessage[] {
  switch (message.type) {
    case 'frames': {
      const { known, frames, histograms } = message;
      return [
        ...(known ? [{ type: 'channels' as const, ...about, ...known, scene: null }] : []),
        { type: 'frames', ...about, frames, histograms, predictions: joinPredictions([]) },
      ];
    }
    case 'scalars': {
      const { tag, from, points } = message;
      const { steps, values, wallTimes: times } = points;
      return [{ type: 'values', ...about, tag, from, steps, values, times }];
    }
    case 'strings': {
      const strings = message.rows.map(({ step, text, isCut }) => ({ step, text: visibleLines(text), isCut }));
      return [{ type: 'media', ...about, tag: message.tag, strings }];
    }
    case 'images': {
      const images = message.rows.map(({ step, encoded }) => ({ step, encoded: Uint8Array.from(encoded) }));
      return [{ type: 'media', ...about, tag: message.tag, images }];
    }
    default:
      return unexpected(message);
  }
}
