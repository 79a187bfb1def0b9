/**
 * Section "Text and images" of logs of another program: of each tag the last one up to the displayed step, for each arm. Strings are
 * only text. Images are decoded only if their headers name a size that is not too large, and are drawn on a canvas.
 */
import * as l10n from '@vscode/l10n';
import { count } from '../../src/shared/counts';
import { imageSize } from '../../src/shared/imageSize';
import { formatCount } from '../../src/shared/numbers';
import type { MediaRows } from '../session/namedTags';
import { armMarker } from '../view/armStyle';
import { create, setText } from '../view/dom';
import type { DrawnArm, Shown } from '../view/shown';
import { stepInWords } from '../view/span';
import type { WatchedTag } from './scalarsSection';

/** Tags on the page. */
const mostTags = 60;
/** Pixels on each side of an image that is decoded. */
const largestSide = 4096;
/** Pixels on the longer side of the canvas: smaller images are enlarged by a whole factor. */
const shownSide = { least: 128, most: 512 };
const around = '300px';

interface Place {
  name: string;
  element: HTMLElement;
  parts: HTMLElement;
  /** Rows and colours that are drawn, which stay in place while nothing changes; null before the first. */
  drawn: unknown[] | null;
}

export class MediaSection {
  readonly element: HTMLElement;
  private readonly hint = create('span', { class: 'dim small hint' });
  private readonly grid = create('div', { class: 'grid filled three' });
  private places: Place[] = [];
  private readonly near = new Set<Element>();
  private readonly observer: IntersectionObserver;
  private signature = '';

  constructor(
    private readonly tagsWatched: (tags: WatchedTag[]) => void,
    stale: () => void,
  ) {
    this.element = create(
      'section',
      { class: 'media', 'aria-labelledby': 'media', hidden: true },
      create('div', { class: 'head' }, create('h2', { id: 'media' }, l10n.t('Text and images')), this.hint),
      this.grid,
    );
    this.observer = new IntersectionObserver(
      (entries) => {
        for (const { target, isIntersecting } of entries) {
          if (isIntersecting) this.near.add(target);
          else this.near.delete(target);
        }
        stale();
      },
      { rootMargin: around },
    );
  }

  /** @param step Step whose strings and images are shown. */
  update({ session, drawn, seeds, seed }: Shown, step: number): void {
    const all = [...new Set(drawn.flatMap(({ run }) => [...run.named.media.keys()]))];
    this.element.hidden = all.length === 0;
    if (all.length === 0) {
      this.tagsWatched([]);
      return;
    }
    const names = all.slice(0, mostTags);
    const signature = JSON.stringify([session.id, names]);
    if (signature !== this.signature) {
      this.signature = signature;
      this.build(names);
    }
    setText(
      this.hint,
      [
        names.length < all.length ? l10n.t`the first ${formatCount(names.length)} of ${count(all.length, 'tag')}` : '',
        l10n.t`the last up to step ${formatCount(step)}`,
        seeds === 'one' || seed === null ? '' : l10n.t`seed ${seed}`,
      ]
        .filter(Boolean)
        .join('; '),
    );
    const places = this.places.filter(({ element }) => this.near.has(element));
    this.tagsWatched(
      drawn.flatMap(({ run }) =>
        places.flatMap(({ name }) => {
          const tag = run.named.media.get(name);
          return tag === undefined ? [] : [{ run: run.state.id, tag }];
        }),
      ),
    );
    for (const place of places) show(place, drawn, step);
  }

  private build(names: readonly string[]): void {
    this.observer.disconnect();
    this.near.clear();
    this.places = names.map((name) => {
      const parts = create('div', {});
      const element = create(
        'article',
        { class: 'chart awaited' },
        create('div', { class: 'title' }, create('h3', { title: name }, name)),
        parts,
      );
      return { name, element, parts, drawn: null };
    });
    this.grid.replaceChildren(...this.places.map(({ element }) => element));
    for (const { element } of this.places) this.observer.observe(element);
  }
}

function show(place: Place, drawn: readonly DrawnArm[], step: number): void {
  const shown = drawn.flatMap((arm) => {
    const rows = arm.run.named.mediaOf(place.name);
    if (!rows) return [];
    return [
      { arm, kind: 'text', found: lastUpTo(rows.strings, step) },
      { arm, kind: 'image', found: lastUpTo(rows.images, step) },
    ] as const;
  });
  const present = shown.flatMap((each) => (each.found ? [each] : []));
  const parts = [...present.map(({ found }) => found), ...drawn.map(({ style }) => style.colour)];
  if (parts.length === place.drawn?.length && parts.every((part, k) => part === place.drawn?.[k])) return;
  place.drawn = parts;
  place.parts.replaceChildren(
    ...present.flatMap(({ arm, found }) => {
      const words = `${arm.name}, ${stepInWords(found?.step ?? 0)}`;
      const content = contentOf(found);
      return [
        create('p', { class: 'small dim' }, armMarker(arm.style), ` ${words}`),
        typeof content === 'string'
          ? create('pre', { class: 'logged', tabindex: 0 }, content)
          : picture(content, `${place.name}, ${words}`),
      ];
    }),
    ...(present.length === 0 ? [create('p', { class: 'small dim' }, l10n.t('Nothing up to this step.'))] : []),
  );
}

function lastUpTo<Row extends { step: number }>(rows: readonly Row[], step: number): Row | undefined {
  return rows.findLast((row) => row.step <= step);
}

type Found = MediaRows['strings'][number] | MediaRows['images'][number] | undefined;

function contentOf(found: Found): string | Uint8Array<ArrayBuffer> {
  if (!found) return '';
  if ('encoded' in found) return found.encoded;
  return found.isCut ? `${found.text}\n… (${l10n.t('the rest is not shown')})` : found.text;
}

/** A canvas, on which the image appears when it is decoded. */
function picture(encoded: Uint8Array<ArrayBuffer>, words: string): HTMLElement {
  const size = imageSize(encoded);
  const { width = 0, height = 0 } = size ?? {};
  if (!size || width === 0 || height === 0)
    return problem(l10n.t('This is no PNG, JPEG or GIF image, or it is damaged.'));
  if (width > largestSide || height > largestSide) {
    return problem(l10n.t`${formatCount(width)} × ${formatCount(height)} pixels: too large to be shown.`);
  }
  const side = Math.max(width, height);
  const scale = Math.min(Math.max(1, Math.floor(shownSide.least / side)), shownSide.most / side);
  const canvas = create('canvas', { role: 'img', 'aria-label': words, class: 'logged' });
  canvas.width = Math.max(1, Math.round(width * scale));
  canvas.height = Math.max(1, Math.round(height * scale));
  createImageBitmap(new Blob([encoded], { type: size.type })).then(
    (bitmap) => {
      const context = canvas.getContext('2d');
      if (context) {
        context.imageSmoothingEnabled = scale < 1;
        context.drawImage(bitmap, 0, 0, canvas.width, canvas.height);
      }
      canvas.dataset.drawn = '';
      bitmap.close();
    },
    () => canvas.replaceWith(problem(l10n.t('This image is damaged.'))),
  );
  return canvas;
}

function problem(words: string): HTMLElement {
  return create('p', { class: 'small dim' }, words);
}
