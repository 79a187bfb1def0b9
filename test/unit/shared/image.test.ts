/** Colours of images on a canvas. */
import assert from 'node:assert/strict';
import { imageColours } from '../../../src/shared/image';

describe('colours of an image', () => {
  const shape = (channels: number) => ({ width: 2, height: 1, channels });
  const ink = [10, 20, 30];

  it('are ink with the value as opacity for grey images', () => {
    assert.deepEqual(imageColours([0.2, 1], shape(1), ink), [10, 20, 30, 51, 10, 20, 30, 255]);
  });

  it('are red, green and blue for images of three channels', () => {
    assert.deepEqual(imageColours([1, 0, 0.2, 0, 0.4, 1], shape(3), ink), [255, 0, 51, 255, 0, 102, 255, 255]);
  });

  it('are clipped to the range of a canvas', () => {
    assert.deepEqual(imageColours([-1, 2, 0.5, 3, 0, 0], shape(3), ink), [0, 255, 128, 255, 255, 0, 0, 255]);
    assert.deepEqual(imageColours([-1, 2], shape(1), ink), [10, 20, 30, 0, 10, 20, 30, 255]);
  });

  it('are ink with the channels’ mean as opacity for two or more than three channels', () => {
    assert.deepEqual(imageColours([0.2, 0.6, 1, 1], shape(2), ink), [10, 20, 30, 102, 10, 20, 30, 255]);
  });
});
