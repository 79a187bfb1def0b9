/**
 * The colours of arms and of classes told apart by people who see no red or no green: simulated after Machado, Oliveira & Fernandes (2009, severity 1)
 * and held apart in Oklab, in every theme. Dash, marker and shape differ as well; this is about the colour alone.
 */
import assert from 'node:assert/strict';
import type { Browser } from 'playwright-core';
import { classColours, classMark } from '../../webview/predictions/classMarks';
import { armStyle } from '../../webview/view/armStyle';
import { paintCell, paletteColour } from '../../webview/view/palette';
import { launchBrowser, openPanel, type PanelPage } from './harness';
import { type ThemeName, themes } from './themes';

type Colour = [red: number, green: number, blue: number];

/** Rows of the matrices for linear RGB. */
const visions: Record<string, Colour[]> = {
  'full colour vision': [
    [1, 0, 0],
    [0, 1, 0],
    [0, 0, 1],
  ],
  protanopia: [
    [0.152286, 1.052583, -0.204868],
    [0.114503, 0.786281, 0.099216],
    [-0.003882, -0.048116, 1.051998],
  ],
  deuteranopia: [
    [0.367322, 0.860646, -0.227968],
    [0.280085, 0.672501, 0.047413],
    [-0.01182, 0.04294, 0.968881],
  ],
};

const times = (matrix: Colour[], [a, b, c]: Colour) => matrix.map(([x, y, z]) => x * a + y * b + z * c) as Colour;
const linear = (channel: number) => {
  const share = channel / 255;
  return share <= 0.04045 ? share / 12.92 : ((share + 0.055) / 1.055) ** 2.4;
};
const clamp = (value: number) => Math.max(0, Math.min(1, value));

/** Ottosson (2020). */
function oklab(colour: Colour): Colour {
  const cones = times(
    [
      [0.4122214708, 0.5363325363, 0.0514459929],
      [0.2119034982, 0.6806995451, 0.1073969566],
      [0.0883024619, 0.2817188376, 0.6299787005],
    ],
    colour,
  ).map(Math.cbrt) as Colour;
  return times(
    [
      [0.2104542553, 0.793617785, -0.0040720468],
      [1.9779984951, -2.428592205, 0.4505937099],
      [0.0259040371, 0.7827717662, -0.808675766],
    ],
    cones,
  );
}

function distance(a: Colour, b: Colour, vision: Colour[]): number {
  const [p, q] = [a, b].map((colour) => oklab(times(vision, colour.map(linear) as Colour).map(clamp) as Colour));
  return Math.hypot(...p.map((value, k) => value - q[k]));
}

/** Two adjacent colours are barely distinguishable at 0.02: more than four times that for the first three arms, three for all six. */
const [apart, noticeable] = [0.09, 0.06];

/** CSS expressions as the page shows them. */
async function resolved({ page }: PanelPage, expressions: string[]): Promise<Colour[]> {
  const colours = await page.evaluate((all) => {
    const canvas = document.createElement('canvas').getContext('2d', { willReadFrequently: true });
    return all.map((expression) => {
      const element = document.body.appendChild(document.createElement('i'));
      element.style.color = expression;
      if (canvas) canvas.fillStyle = getComputedStyle(element).color;
      element.remove();
      canvas?.fillRect(0, 0, 1, 1);
      return [...(canvas?.getImageData(0, 0, 1, 1).data.slice(0, 3) ?? [])];
    });
  }, expressions);
  return colours as Colour[];
}

const luminance = (colour: Colour) => {
  const [red, green, blue] = colour.map(linear);
  return 0.2126 * red + 0.7152 * green + 0.0722 * blue;
};
function contrast(a: Colour, b: Colour): number {
  const [dark, light] = [luminance(a), luminance(b)].sort((p, q) => p - q);
  return (light + 0.05) / (dark + 0.05);
}

describe('the palette of heat maps', () => {
  it('becomes brighter at each step, by about the same amount for every colour vision', () => {
    for (const [vision, matrix] of Object.entries(visions)) {
      const steps = Array.from({ length: 20 }, (_, k) =>
        distance([...paletteColour(k / 20)], [...paletteColour((k + 1) / 20)], matrix),
      );
      assert.ok(Math.max(...steps) < 3.5 * Math.min(...steps), `${vision}: ${steps.map((d) => d.toFixed(3)).join()}`);
    }
    const lights = Array.from({ length: 101 }, (_, k) => luminance([...paletteColour(k / 100)]));
    assert.ok(lights.every((light, k) => k === 0 || light > lights[k - 1]));
  });

  it('has its ends, and clear text on each of its colours', () => {
    assert.deepEqual(paletteColour(-1), [68, 1, 84]);
    assert.deepEqual(paletteColour(2), [253, 231, 37]);
    for (let k = 0; k <= 100; k++) {
      const style = new Map<string, string>();
      const cell = {
        style: {
          getPropertyValue: (name: string) => style.get(name) ?? '',
          setProperty: (name: string, value: string) => style.set(name, value),
        },
      };
      paintCell(cell as unknown as HTMLElement, k / 100);
      const ink: Colour = style.get('--ink') === 'white' ? [255, 255, 255] : [0, 0, 0];
      assert.ok(contrast(ink, [...paletteColour(k / 100)]) >= 4.5, `${k} %`);
    }
  });
});

describe('the colours of arms and classes', () => {
  let browser: Browser;
  before(async () => {
    browser = await launchBrowser();
  });
  after(() => browser.close());

  it('are held apart as they look: black from white, and red from green less without one of them', () => {
    const [black, white, red, green]: Colour[] = [
      [0, 0, 0],
      [255, 255, 255],
      [200, 40, 40],
      [90, 110, 30],
    ];
    assert.ok(Math.abs(distance(black, white, visions['full colour vision']) - 1) < 1e-3);
    const full = distance(red, green, visions['full colour vision']);
    assert.ok(distance(red, green, visions.deuteranopia) < full / 2);
  });

  for (const theme of Object.keys(themes) as ThemeName[]) {
    it(`are distinguishable in ${theme} with every colour vision`, async () => {
      const panel = await openPanel(browser, { theme });
      const expressions = Array.from({ length: 6 }, (_, place) => armStyle(place).colour);
      const [background] = await resolved(panel, ['var(--bg)']);
      const near: string[] = [];
      /** Colours of the arms in a palette of the settings. @param least Contrast to the background. */
      const checkedArms = async (palette: string, least: number, [first, all]: [number, number]) => {
        await panel.page.evaluate((name) => document.body.setAttribute('data-palette', name), palette);
        const colours = await resolved(panel, expressions);
        for (const [a, colour] of colours.entries()) {
          if (contrast(colour, background) < least) near.push(`${palette}: arm ${a + 1} is unclear on the background`);
          for (const [vision, matrix] of Object.entries(visions)) {
            for (let b = a + 1; b < colours.length; b++) {
              const d = distance(colour, colours[b], matrix);
              if (d < (b < 3 ? first : all))
                near.push(`${palette}, ${vision}: arms ${a + 1} and ${b + 1} are ${d.toFixed(3)} apart`);
            }
          }
        }
        return colours;
      };
      // Twice as far apart as those of the theme, which depend on it.
      const safe = await checkedArms('safe', 3, [2 * apart, 2 * noticeable]);
      const strong = await checkedArms('contrast', 7, [apart, noticeable]);
      const colours = await checkedArms('theme', 0, [apart, noticeable]);
      const classes = await resolved(
        panel,
        Array.from({ length: classColours }, (_, label) => classMark(label).colour),
      );
      for (const [a, colour] of classes.entries()) {
        if (contrast(colour, background) < 3) near.push(`class ${a + 1} is unclear on the background`);
        for (const [arm, other] of [colours, safe, strong].flatMap((all) => all.slice(0, 2)).entries()) {
          if (distance(colour, other, visions['full colour vision']) < apart)
            near.push(`class ${a + 1} is like arm ${(arm % 2) + 1}`);
        }
        for (const [vision, matrix] of Object.entries(visions)) {
          for (let b = a + 1; b < classes.length; b++) {
            const d = distance(colour, classes[b], matrix);
            if (d < (b < 4 ? apart : noticeable))
              near.push(`${vision}: classes ${a + 1} and ${b + 1} are ${d.toFixed(3)} apart`);
          }
        }
      }
      assert.deepEqual(near, []);
      await panel.close();
    });
  }
});
