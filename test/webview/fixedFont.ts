/**
 * A font in which every character is an empty box half as wide as the font is high, as the bytes of a TrueType file. With it
 * the page is laid out the same on every machine, whatever fonts are installed there.
 */

const unitsPerEm = 1000;
const ascent = 800;
const descent = 200;
/** Width of a character, in parts of the font's size. */
export const fixedAdvance = 0.5;
export const fixedFamily = 'Fixed Text';

const u16 = (...values: number[]) => {
  const bytes = Buffer.alloc(2 * values.length);
  for (const [k, value] of values.entries()) bytes.writeUInt16BE(value & 0xffff, 2 * k);
  return bytes;
};
const u32 = (...values: number[]) => {
  const bytes = Buffer.alloc(4 * values.length);
  for (const [k, value] of values.entries()) bytes.writeUInt32BE(value >>> 0, 4 * k);
  return bytes;
};

/** Glyph 0 is for missing characters, glyph 1 for all others. Neither has an outline. */
const glyphs = 2;
const advance = fixedAdvance * unitsPerEm;

/** Format 13 maps a range of characters to one glyph. */
function characterMap(): Buffer {
  const groups = u32(0x20, 0x10ffff, 1);
  return Buffer.concat([u16(0, 1, 3, 10), u32(12), u16(13, 0), u32(16 + groups.length, 0, 1), groups]);
}

function names(): Buffer {
  const strings = [fixedFamily, 'Regular', fixedFamily, fixedFamily, 'Version 1.0', 'FixedText-Regular'].map((text) =>
    Buffer.from(text, 'utf16le').swap16(),
  );
  let offset = 0;
  const records = strings.map((text, k) => {
    const record = u16(3, 1, 0x409, k + 1, text.length, offset);
    offset += text.length;
    return record;
  });
  return Buffer.concat([u16(0, strings.length, 6 + 12 * strings.length), ...records, ...strings]);
}

/** https://learn.microsoft.com/typography/opentype/spec/otff describes each table. */
const tables: Record<string, Buffer> = {
  'OS/2': Buffer.concat([
    u16(4, advance, 400, 5, 0, 650, 600, 0, 75, 650, 600, 0, 350, 50, 300, 0),
    Buffer.alloc(10),
    u32(1, 0, 0, 0),
    Buffer.from('NONE'),
    u16(0x40, 0x20, 0xffff, ascent, -descent, 0, ascent, descent),
    u32(1, 0),
    u16(500, 700, 0, 0x20, 1),
  ]),
  cmap: characterMap(),
  glyf: Buffer.alloc(4),
  head: Buffer.concat([
    u32(0x10000, 0x10000, 0, 0x5f0f3cf5),
    u16(0, unitsPerEm),
    Buffer.alloc(16),
    u16(0, 0, 0, 0, 0, 8, 2, 0, 0),
  ]),
  hhea: Buffer.concat([u32(0x10000), u16(ascent, -descent, 0, advance, 0, 0, 0, 1, 0, 0, 0, 0, 0, 0, 0, 1)]),
  hmtx: u16(advance, 0, 0),
  loca: u16(...new Array<number>(glyphs + 1).fill(0)),
  maxp: Buffer.concat([u32(0x10000), u16(glyphs, 0, 0, 0, 0, 1, 0, 0, 0, 0, 0, 0, 0, 0)]),
  name: names(),
  post: Buffer.concat([u32(0x30000, 0), u16(-100, 50), u32(1, 0, 0, 0, 0)]),
};

export function fixedFont(): Buffer {
  const padded = (table: Buffer) => Buffer.concat([table, Buffer.alloc(-table.length & 3)]);
  const checksum = (table: Buffer) => {
    const words = padded(table);
    let sum = 0;
    for (let place = 0; place < words.length; place += 4) sum = (sum + words.readUInt32BE(place)) >>> 0;
    return sum;
  };
  const all = Object.entries(tables);
  let offset = 12 + 16 * all.length;
  const directory = all.map(([tag, table]) => {
    const record = Buffer.concat([Buffer.from(tag), u32(checksum(table), offset, table.length)]);
    offset += padded(table).length;
    return record;
  });
  const power = Math.floor(Math.log2(all.length));
  const search = 16 * 2 ** power;
  return Buffer.concat([
    u32(0x10000),
    u16(all.length, search, power, 16 * all.length - search),
    ...directory,
    ...all.map(([, table]) => padded(table)),
  ]);
}
