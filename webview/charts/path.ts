/** A path that stores its data, so that it can be drawn on a canvas or written as SVG. */

export class DataPath extends Path2D {
  constructor(readonly data: string) {
    super(data);
  }
}
