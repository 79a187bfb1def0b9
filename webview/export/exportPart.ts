/** Exports of charts and other parts of the page. */

import * as l10n from '@vscode/l10n';
import type { FromPanel, PanelSave } from '../../src/protocol';
import type { Delimiter } from '../../src/shared/rowsText';
import { unexpected } from '../../src/shared/unexpected';
import type { ShownArm } from '../view/shown';
import type { Picture } from './sheet';

export type ExportKind = 'copyImage' | 'savePng' | 'saveSvg' | 'copyData' | 'saveCsv';

export const exportKinds: readonly { what: ExportKind; icon: string; words: string }[] = [
  { what: 'copyImage', icon: 'copy', words: l10n.t('Copy image') },
  { what: 'savePng', icon: 'save', words: l10n.t('Save as PNG…') },
  { what: 'saveSvg', icon: 'save', words: l10n.t('Save as SVG…') },
  { what: 'copyData', icon: 'copy', words: l10n.t('Copy data') },
  { what: 'saveCsv', icon: 'save', words: l10n.t('Save data as CSV…') },
];

/** Origin of the exported part. */
export interface Surroundings {
  /** Name of the experiment. */
  name: string;
  arms: readonly ShownArm[];
}

/** A chart or another part of the page that can be exported. */
export interface Exportable {
  /** Part of the file name: `loss`, `verdict`. */
  id: string;
  /** Null if the content covers all steps. */
  step: number | null;
  picture(of: Surroundings): Picture;
  /** Exact numbers as text. */
  table(delimiter: Delimiter): string;
}

/** @returns Message to show; empty if the host shows its own. */
export type ExportHandler = (what: ExportKind, exportable: Exportable) => Promise<string>;

/** @returns Same as `ExportHandler`. */
export async function exportPart(
  what: ExportKind,
  exportable: Exportable,
  of: Surroundings,
  post: (message: FromPanel) => void,
): Promise<string> {
  const { id, step } = exportable;
  const save = (format: PanelSave['format'], content: Uint8Array<ArrayBuffer>) => {
    const name = [of.name, id, step].filter((part) => part !== null).join(' ');
    post({ type: 'save', name: `${name}.${format}`, format, content });
    return '';
  };
  switch (what) {
    case 'copyImage':
      return copyImage(exportable.picture(of).png());
    case 'savePng':
      return save('png', new Uint8Array(await (await exportable.picture(of).png()).arrayBuffer()));
    case 'saveSvg':
      return save('svg', new TextEncoder().encode(exportable.picture(of).svg()));
    case 'copyData':
      post({ type: 'copy', text: exportable.table('\t') });
      return l10n.t('Data copied: paste it into a spreadsheet');
    case 'saveCsv':
      return save('csv', new TextEncoder().encode(exportable.table(',')));
    default:
      return unexpected(what);
  }
}
async function copyImage(image: Promise<Blob>): Promise<string> {
  try {
    // Called synchronously, because the browser requires a user gesture.
    await navigator.clipboard.write([new ClipboardItem({ 'image/png': image })]);
    return l10n.t('Image copied');
  } catch {
    return l10n.t('Images cannot be copied from here: save as PNG instead');
  }
}
