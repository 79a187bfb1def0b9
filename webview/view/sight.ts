/** Margin around the viewport within which charts stay drawn. */
const drawnAround = '300px';

/** Whether an element is in the viewport or near it. */
export class Sight {
  /** Assumed until the browser first reports. */
  private near = true;

  /** @param appeared Called when the element comes near the viewport. */
  constructor(element: Element, appeared: () => void) {
    new IntersectionObserver(
      (entries) => {
        const isNear = entries.some((entry) => entry.isIntersecting);
        if (isNear && !this.near) appeared();
        this.near = isNear;
      },
      { rootMargin: drawnAround },
    ).observe(element);
  }

  get isNear(): boolean {
    return this.near;
  }
}
