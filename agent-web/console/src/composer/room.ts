// How tall the text may become: what is written never pushes away what it answers.

import { rem } from '../lib/rem.ts';

/** Lines of a text that is hardly begun. */
const LEAST_PX = 46;
/** Of the height of the screen stays the timeline's, at least: on a desk, and where there is little room. */
const SHARE = 0.6;
const SHARE_SMALL = 0.4;

const ROOMY = '(min-width: 43.76em) and (min-height: 37.5em)';

const listBeside = (element: HTMLElement) => element.closest('[data-pane]')?.querySelector('[data-timeline] [role=log]');

/** Whatever else takes room, the list beside it has less. Gives what ends it. */
export function whenRoomChanges(element: HTMLElement, then: () => void): () => void {
  const list = listBeside(element);
  // In the next frame: what is told while it is measured would be told again.
  const observer = new ResizeObserver(() => requestAnimationFrame(then));
  if (list) observer.observe(list);
  return () => observer.disconnect();
}

export function roomFor(element: HTMLElement): number {
  const list = listBeside(element);
  if (!list) return Infinity;
  const share = matchMedia(ROOMY).matches ? SHARE : SHARE_SMALL;
  // Heights are told in whole pixels.
  return Math.max(rem(LEAST_PX), Math.floor(list.clientHeight + element.offsetHeight - share * innerHeight) - 1);
}
