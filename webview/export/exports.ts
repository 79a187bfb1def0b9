/** What can be taken along of the page, and how it is done. */

import type { FromPanel, PanelSave } from '../../src/protocol';
import type { Delimiter } from '../../src/shared/rowsText';
import { unexpected } from '../../src/shared/unexpected';
import type { ShownArm } from '../view/shown';
import type { Picture } from './sheet';

export type Take = 'copyImage' | 'savePng' | 'saveSvg' | 'copyData' | 'saveCsv';

export const takes: readonly { what: Take; icon: string; words: string }[] = [
  { what: 'copyImage', icon: 'copy', words: 'Copy image' },
  { what: 'savePng', icon: 'save', words: 'Save as PNG…' },
  { what: 'saveSvg', icon: 'save', words: 'Save as SVG…' },
  { what: 'copyData', icon: 'copy', words: 'Copy data' },
  { what: 'saveCsv', icon: 'save', words: 'Save data as CSV…' },
];

/** Whose it is. */
export interface Surroundings {
  /** Of the experiment. */
  name: string;
  arms: readonly ShownArm[];
}

/** A chart, or another part of the page. */
export interface Takeable {
  /** Names the file: `loss`, `verdict`. */
  id: string;
  /** Null where it is of all steps. */
  step: number | null;
  picture(of: Surroundings): Picture;
  /** Its numbers, nothing rounded. */
  table(delimiter: Delimiter): string;
}

/** @returns What is to be said of it; empty where the host says enough. */
export type TakeAlong = (what: Take, takeable: Takeable) => Promise<string>;

/** @returns As of `TakeAlong`. */
export async function take(
  what: Take,
  takeable: Takeable,
  of: Surroundings,
  post: (message: FromPanel) => void,
): Promise<string> {
  const { id, step } = takeable;
  const save = (format: PanelSave['format'], content: Uint8Array<ArrayBuffer>) => {
    const name = [of.name, id, step].filter((part) => part !== null).join(' ');
    post({ type: 'save', name: `${name}.${format}`, format, content });
    return '';
  };
  switch (what) {
    case 'copyImage':
      return copyImage(takeable.picture(of).png());
    case 'savePng':
      return save('png', new Uint8Array(await (await takeable.picture(of).png()).arrayBuffer()));
    case 'saveSvg':
      return save('svg', new TextEncoder().encode(takeable.picture(of).svg()));
    case 'copyData':
      post({ type: 'copy', text: takeable.table('\t') });
      return 'Data copied: paste it into a spreadsheet';
    case 'saveCsv':
      return save('csv', new TextEncoder().encode(takeable.table(',')));
    default:
      return unexpected(what);
  }
}
async function copyImage(image: Promise<Blob>): Promise<string> {
  try {
    // Asked for at once, as long as the browser knows that the person did it.
    await navigator.clipboard.write([new ClipboardItem({ 'image/png': image })]);
    return 'Image copied';
  } catch {
    return 'Images cannot be copied from here: save as PNG instead';
  }
}
