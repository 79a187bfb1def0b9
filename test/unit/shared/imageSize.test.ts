/** Sizes of encoded images, read without decoding them. */
import assert from 'node:assert/strict';
import fc from 'fast-check';
import { imageSize } from '../../../src/shared/imageSize';

describe('the size of an encoded image', () => {
  const bytes = (...parts: number[]) => Uint8Array.from(parts);
  const png = bytes(
    ...[0x89, 0x50, 0x4e, 0x47, 0x0d, 0x0a, 0x1a, 0x0a, 0, 0, 0, 13, 0x49, 0x48, 0x44, 0x52],
    ...[0, 0, 1, 2, 0, 0, 0, 3],
  );
  const gif = bytes(0x47, 0x49, 0x46, 0x38, 0x39, 0x61, 5, 1, 6, 0);
  const jpeg = bytes(
    ...[0xff, 0xd8, 0xff, 0xe0, 0, 4, 1, 2],
    ...[0xff, 0xff, 0xc4, 0, 3, 9],
    ...[0xff, 0xc2, 0, 17, 8, 0, 7, 1, 0, 3],
  );

  it('is read from PNG, GIF and JPEG', () => {
    assert.deepEqual(imageSize(png), { type: 'image/png', width: 258, height: 3 });
    assert.deepEqual(imageSize(gif), { type: 'image/gif', width: 261, height: 6 });
    assert.deepEqual(imageSize(jpeg), { type: 'image/jpeg', width: 256, height: 7 });
  });

  it('is unknown of anything else, and of images that end before it', () => {
    for (const image of [png, gif, jpeg])
      for (let length = 0; length < image.length - 1; length++)
        assert.equal(imageSize(image.subarray(0, length)), null);
    assert.equal(imageSize(new TextEncoder().encode('<svg xmlns="http://www.w3.org/2000/svg"/>')), null);
    fc.assert(
      fc.property(fc.uint8Array({ maxLength: 60 }), (rest) => {
        const found = imageSize(bytes(0xff, 0xd8, 0xff, ...rest));
        return found === null || found.type === 'image/jpeg';
      }),
    );
  });
});
