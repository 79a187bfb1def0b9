/**
 * The editor's theme for what is drawn on a canvas. Colours are written as CSS expressions everywhere and resolved here, so that
 * `panel.css` stays the one place where tokens are derived from the editor's variables.
 */
import { create } from './dom';

export interface Font {
  family: string;
  /** Pixels. */
  size: number;
}

/** Values are cached until the theme changes, because reading styles during drawing would force a layout each time. */
export class Theme {
  private readonly probe = create('i', { class: 'probe', 'aria-hidden': 'true' });
  private readonly pixel: CanvasRenderingContext2D;
  private knownFont: Font | undefined;
  private resolved = new Map<string, string>();
  /** Increases when the theme changes. */
  version = 0;
  private observers: (() => void)[] = [];

  constructor() {
    document.body.append(this.probe);
    const canvas = document.createElement('canvas');
    canvas.width = 1;
    canvas.height = 1;
    const context = canvas.getContext('2d', { willReadFrequently: true });
    if (!context) throw new Error('this browser cannot draw on a canvas');
    this.pixel = context;
    // The editor changes the body's class and the root's variables; both arrive before the callback runs.
    const observer = new MutationObserver(() => this.refresh());
    observer.observe(document.body, { attributes: true, attributeFilter: ['class', 'style', 'data-vscode-theme-id'] });
    observer.observe(document.documentElement, { attributes: true, attributeFilter: ['style', 'class'] });
  }

  onChange(observer: () => void): void {
    this.observers.push(observer);
  }

  /** `rgba(…)` of any CSS colour, tokens and `color-mix` included. */
  colour(expression: string): string {
    let colour = this.resolved.get(expression);
    if (colour === undefined) {
      this.probe.style.color = expression;
      this.pixel.clearRect(0, 0, 1, 1);
      this.pixel.fillStyle = getComputedStyle(this.probe).color;
      this.pixel.fillRect(0, 0, 1, 1);
      const [red, green, blue, alpha] = this.pixel.getImageData(0, 0, 1, 1).data;
      colour = `rgba(${red}, ${green}, ${blue}, ${Number((alpha / 255).toFixed(3))})`;
      this.resolved.set(expression, colour);
    }
    return colour;
  }

  /** Whether text is darker than the background. */
  get background(): 'light' | 'dark' {
    const brightness = (token: string) =>
      (this.colour(`var(${token})`).match(/\d+/g) ?? []).slice(0, 3).reduce((sum, part) => sum + Number(part), 0);
    return brightness('--fg') < brightness('--bg') ? 'light' : 'dark';
  }

  /** Family and size in pixels of small text. */
  get font(): Font {
    if (!this.knownFont) {
      const style = getComputedStyle(this.probe);
      this.knownFont = { family: style.fontFamily, size: Number.parseFloat(style.fontSize) || 12 };
    }
    return this.knownFont;
  }

  private refresh(): void {
    this.version++;
    this.resolved = new Map();
    this.knownFont = undefined;
    for (const observer of this.observers) observer();
  }
}
