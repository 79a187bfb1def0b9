/** Kind and size of an encoded image, from its first bytes, so that a small file that unpacks into a huge image is not decoded. */

export interface EncodedImage {
  type: 'image/png' | 'image/jpeg' | 'image/gif';
  width: number;
  height: number;
}

const pngStart = [0x89, 0x50, 0x4e, 0x47, 0x0d, 0x0a, 0x1a, 0x0a];
const gifStart = [0x47, 0x49, 0x46, 0x38];
const jpegStart = [0xff, 0xd8, 0xff];

/** Null if it is none of the three, or damaged before its size. */
export function imageSize(bytes: Uint8Array): EncodedImage | null {
  const view = new DataView(bytes.buffer, bytes.byteOffset, bytes.length);
  const startsWith = (start: readonly number[]) => start.every((byte, k) => bytes[k] === byte);
  if (startsWith(pngStart) && bytes.length >= 24) {
    return { type: 'image/png', width: view.getUint32(16), height: view.getUint32(20) };
  }
  if (startsWith(gifStart) && bytes.length >= 10) {
    return { type: 'image/gif', width: view.getUint16(6, true), height: view.getUint16(8, true) };
  }
  return startsWith(jpegStart) ? jpegSize(bytes, view) : null;
}

/** Walks over the segments up to the frame header. */
function jpegSize(bytes: Uint8Array, view: DataView): EncodedImage | null {
  for (let at = 2; at + 9 <= bytes.length; ) {
    if (bytes[at] !== 0xff) return null;
    const marker = bytes[at + 1];
    const isFill = marker === 0xff;
    const isFrame = marker >= 0xc0 && marker <= 0xcf && marker !== 0xc4 && marker !== 0xc8 && marker !== 0xcc;
    if (isFrame) return { type: 'image/jpeg', width: view.getUint16(at + 7), height: view.getUint16(at + 5) };
    const length = isFill ? 1 : 2 + view.getUint16(at + 2);
    at += Math.max(1, length);
  }
  return null;
}
