// Whether a page that is read from right to left is the mirror image of itself: every box at the other side, as wide as it was, and
// nothing over what it did not lie over before. What has a direction of its own (dir, bdi) is compared as a whole, not within.
import type { Page } from 'playwright-core';

interface Box {
  x: number;
  width: number;
  /** Its words, as far as they reach; null: it has none of its own, or their direction is their own. */
  words: { x: number; width: number } | null;
  /** What lies over its middle, and neither holds it nor is in it. */
  over: string | null;
  /** How much it can be scrolled sideways. */
  beyond: number;
  what: string;
}

export interface Picture {
  width: number;
  boxes: Record<string, Box>;
}

/** All boxes that are seen, by their place in the document; of a widget in its shadow root. */
export const pictureOf = (page: Page): Promise<Picture> =>
  page.evaluate(() => {
    const host = document.querySelector('throughline-chat');
    const top: ParentNode = host?.shadowRoot ?? document.body;
    const root: DocumentOrShadowRoot = host?.shadowRoot ?? document;
    const onward = getComputedStyle(host ? (host.shadowRoot?.querySelector('.root') ?? host) : document.documentElement).direction === 'rtl' ? -1 : 1;
    const boxes: Record<string, Box> = {};
    const places = new Map<Element, Box>();
    const round = ({ x, width }: { x: number; width: number }) => ({ x: Math.round(x * 10) / 10, width: Math.round(width * 10) / 10 });

    const own = (element: Element) => element.matches('bdi, [dir]:not(.root, [role=menu]), svg, iframe, audio, video, select, input, textarea');
    function wordsOf(element: Element): Box['words'] {
      if (own(element) || ![...element.childNodes].some((node) => node.nodeType === Node.TEXT_NODE && node.nodeValue?.trim())) return null;
      const range = document.createRange();
      range.selectNodeContents(element);
      return round(range.getBoundingClientRect());
    }
    function over(element: Element): string | null {
      const { x, y, width, height } = element.getBoundingClientRect();
      // A little onward: exactly in the middle may be the edge between two.
      const hit = root.elementFromPoint(x + width / 2 + onward, y + height / 2);
      if (!hit || hit.contains(element) || element.contains(hit)) return null;
      return `${hit.tagName.toLowerCase()}.${hit.getAttribute('class') ?? ''} "${hit.textContent?.trim().slice(0, 40)}"`;
    }
    function walk(parent: ParentNode, path: string): void {
      [...parent.children].forEach((element, index) => {
        const style = getComputedStyle(element);
        const here = `${path}/${index}`;
        // An inline box stands among words, which keep their order.
        if (style.display === 'none' || style.display.startsWith('inline')) return;
        const rect = element.getBoundingClientRect();
        if (style.visibility !== 'hidden' && rect.width > 0 && rect.height > 0 && style.clipPath === 'none' && element.tagName !== 'STYLE') {
          const name = element.getAttribute('class')?.replace(/_\w+_\d+/g, (whole) => whole.replace(/_\d+$/, '')) ?? '';
          const box: Box = {
            ...round(rect),
            words: wordsOf(element),
            over: null,
            beyond: Math.max(0, element.scrollWidth - element.clientWidth),
            what: `${element.tagName.toLowerCase()}.${name} "${element.textContent?.trim().slice(0, 40)}"`,
          };
          boxes[here] = box;
          places.set(element, box);
        }
        if (!own(element)) walk(element, here);
      });
    }
    walk(top, '');
    for (const [element, box] of places) box.over = over(element);
    return { width: innerWidth, boxes };
  });

const NEAR_PX = 2;

/** What is not where the mirror has it, in words; none: it is its mirror image. */
export function unlike(ltr: Picture, rtl: Picture): string[] {
  const far = (one: { x: number; width: number }, other: { x: number; width: number }) =>
    Math.abs(ltr.width - one.x - one.width - other.x) > NEAR_PX || Math.abs(one.width - other.width) > NEAR_PX;
  const places = ({ x, width }: { x: number; width: number }) => `${x}+${width}`;
  const found: string[] = [];
  const astray: string[] = [];
  for (const [path, box] of Object.entries(ltr.boxes)) {
    // What is in a box goes with it.
    if (astray.some((one) => path.startsWith(`${one}/`))) continue;
    const image = rtl.boxes[path];
    const before = found.length;
    if (!image) found.push(`${box.what} is gone`);
    else if (far(box, image)) found.push(`${box.what} from ${places(box)} to ${places(image)}`);
    else if (box.words && image.words && far(box.words, image.words)) found.push(`${box.what} its words from ${places(box.words)} to ${places(image.words)}`);
    else if (image.over !== null && box.over === null) found.push(`${box.what} is covered by ${image.over}`);
    else if (image.beyond > box.beyond + NEAR_PX) found.push(`${box.what} can be scrolled sideways by ${image.beyond}`);
    if (found.length > before) astray.push(path);
  }
  for (const [path, { what }] of Object.entries(rtl.boxes)) if (!ltr.boxes[path]) found.push(`${what} is new`);
  return found;
}
