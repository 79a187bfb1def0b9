/** The size of an element's content in pixels, as last laid out: reading it while the page changes forces no layout. */
export class KeptSize {
  private kept = { width: 0, height: 0 };

  /** @param changed Called when the size changed. */
  constructor(
    private readonly element: Element,
    changed: () => void,
  ) {
    new ResizeObserver(([entry]) => {
      const { width, height } = entry.contentRect;
      if (width === this.kept.width && height === this.kept.height) return;
      this.kept = { width, height };
      changed();
    }).observe(element);
  }

  get width(): number {
    return this.size.width;
  }

  get height(): number {
    return this.size.height;
  }

  /** Measured now if the browser has not reported it since the element appeared. */
  private get size(): { width: number; height: number } {
    if (this.kept.width === 0) {
      this.kept = { width: this.element.clientWidth, height: this.element.clientHeight };
    }
    return this.kept;
  }
}
