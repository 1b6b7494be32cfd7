// Rows that come and go above must not move what one is reading.
import { useLayoutEffect, useRef, type RefObject } from 'react';
import type { Conversation } from '@throughline/protocol';

/** Call it before the virtualiser draws: it keeps the rows in view where they are when others move around them. */
export function useSteadyScroll(scroller: RefObject<HTMLElement | null>, rows: readonly Conversation[], height: number): void {
  const before = useRef(rows);
  useLayoutEffect(() => {
    const element = scroller.current;
    const old = before.current;
    before.current = rows;
    if (!element || old === rows || element.scrollTop < height / 2) return;
    const first = Math.floor(element.scrollTop / height);
    const seen = old.slice(first, first + Math.ceil(element.clientHeight / height));
    const places = new Map(rows.map((row, index) => [row.id, index]));
    const moves = seen.flatMap((row, index) => {
      const place = places.get(row.id);
      return place === undefined ? [] : [place - (first + index)];
    });
    // Of the rows in view most stay together; one that jumps to the top is not to be followed.
    const middle = moves.sort((a, b) => a - b)[Math.floor(moves.length / 2)] ?? 0;
    if (middle !== 0) element.scrollTop += middle * height;
  }, [scroller, rows, height]);
}
