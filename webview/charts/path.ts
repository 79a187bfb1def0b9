/** A path that can be asked for its data again: a canvas draws it as any other, and a drawing that becomes SVG writes it down. */

export class DataPath extends Path2D {
  constructor(readonly data: string) {
    super(data);
  }
}
