/** What can be taken along of a chart, and how it is done. */
import type { FromPanel, PanelSave } from '../../src/protocol';
import type { Theme } from '../theme';
import { type Pictured, pngOf, svgOf } from './picture';
import { tableText } from './table';

export type Take = 'copyImage' | 'savePng' | 'saveSvg' | 'copyData' | 'saveCsv';

export const takes: readonly { what: Take; icon: string; words: string }[] = [
  { what: 'copyImage', icon: 'copy', words: 'Copy image' },
  { what: 'savePng', icon: 'save', words: 'Save as PNG…' },
  { what: 'saveSvg', icon: 'save', words: 'Save as SVG…' },
  { what: 'copyData', icon: 'copy', words: 'Copy data' },
  { what: 'saveCsv', icon: 'save', words: 'Save data as CSV…' },
];

/** @returns What is to be said of it; empty where the host says enough. */
export async function take(
  what: Take,
  chart: string,
  pictured: Pictured,
  theme: Theme,
  post: (message: FromPanel) => void,
): Promise<string> {
  const save = (format: PanelSave['format'], content: Uint8Array<ArrayBuffer>) => {
    post({ type: 'save', name: `${pictured.name} ${chart} ${pictured.step}.${format}`, format, content });
    return '';
  };
  const { content } = pictured;
  switch (what) {
    case 'copyImage':
      return copyImage(pngOf(pictured, theme));
    case 'savePng':
      return save('png', new Uint8Array(await (await pngOf(pictured, theme)).arrayBuffer()));
    case 'saveSvg':
      return save('svg', new TextEncoder().encode(svgOf(pictured, theme)));
    case 'copyData':
      post({ type: 'copy', text: tableText(content, '\t') });
      return 'Data copied: paste it into a spreadsheet';
    case 'saveCsv':
      return save('csv', new TextEncoder().encode(tableText(content, ',')));
    default:
      return what satisfies never;
  }
}

async function copyImage(image: Promise<Blob>): Promise<string> {
  try {
    // Asked for at once, as long as the browser knows that the person did it.
    await navigator.clipboard.write([new ClipboardItem({ 'image/png': image })]);
    return 'Image copied';
  } catch {
    return 'No image may be copied from here: save it as PNG instead';
  }
}
