/** Looks for parts of the page that have too little room. */
import type { Page } from 'playwright-core';

/**
 * Elements that reach beyond the page, or whose text does not fit in them. A line may end in an ellipsis if its title says all of it.
 */
export function clipped(page: Page): Promise<string[]> {
  return page.evaluate(() => {
    const found: string[] = [];
    const width = document.documentElement.clientWidth;
    const isInShort = (element: HTMLElement) => {
      for (let line: HTMLElement | null = element; line; line = line.parentElement) {
        const { textOverflow, webkitLineClamp } = getComputedStyle(line);
        if (textOverflow !== 'ellipsis' && webkitLineClamp === 'none') continue;
        const said = line.title || line.querySelector<HTMLElement>('[title]')?.title || '';
        return line.clientWidth > 40 && said.length >= (line.textContent ?? '').length / 2;
      }
      return false;
    };
    if (document.documentElement.scrollWidth > width)
      found.push(`the page is ${document.documentElement.scrollWidth} wide`);
    for (const element of document.querySelectorAll<HTMLElement>('#panel *')) {
      const box = element.getBoundingClientRect();
      if (box.width === 0 || element.closest('.aloud, .table')) continue;
      if (isInShort(element) || getComputedStyle(element).clipPath !== 'none') continue;
      const what = `${element.tagName} ${element.className} "${(element.textContent ?? '').slice(0, 40)}"`;
      if (box.right > width + 0.5 || box.left < -0.5) found.push(`${what} reaches from ${box.left} to ${box.right}`);
      const hides = getComputedStyle(element).overflowX !== 'visible';
      if (hides && element.scrollWidth > element.clientWidth + 1) found.push(`${what} is cut off`);
    }
    return found;
  });
}

/** Pairs of neighbours in the same box that cover each other. */
export function overlapping(page: Page): Promise<string[]> {
  return page.evaluate(() => {
    const found: string[] = [];
    for (const parent of document.querySelectorAll('.top, .legend, .head, .grid, .readings, .title, .controls')) {
      const boxes = [...parent.children]
        .map((child) => ({ child, box: child.getBoundingClientRect() }))
        .filter(({ child, box }) => box.width > 0 && getComputedStyle(child).clipPath === 'none');
      for (const [index, a] of boxes.entries()) {
        for (const b of boxes.slice(index + 1)) {
          const across = Math.min(a.box.right, b.box.right) - Math.max(a.box.left, b.box.left);
          const down = Math.min(a.box.bottom, b.box.bottom) - Math.max(a.box.top, b.box.top);
          if (across > 0.5 && down > 0.5)
            found.push(`${a.child.outerHTML.slice(0, 80)} and ${b.child.outerHTML.slice(0, 80)}`);
        }
      }
    }
    return found;
  });
}
