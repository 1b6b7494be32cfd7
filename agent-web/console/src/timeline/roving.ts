// The timeline is one stop of the keyboard: arrows, Home and End go from entry to entry, Tab to what the entry at hand offers. What is in the
// others is passed over by Tab, and by nothing else: a mouse or a screen reader finds it as always.
import { useEffect, useState, type KeyboardEvent, type RefObject } from 'react';

const STOP = 'article, [role="group"]';
const CONTROLS = 'a[href], button, input, select, textarea, iframe, [tabindex]';

export const stopOf = (row: Element | null | undefined): HTMLElement | null => row?.querySelector<HTMLElement>(STOP) ?? null;

const set = (element: HTMLElement, index: number): void => {
  if (element.tabIndex !== index || !element.hasAttribute('tabindex')) element.tabIndex = index;
};

/** `held`: the row at hand. */
function pass(column: HTMLElement, held: string): void {
  for (const row of column.querySelectorAll<HTMLElement>(':scope > [data-row]')) {
    const here = row.dataset.row === held;
    const stop = stopOf(row);
    if (stop) set(stop, here ? 0 : -1);
    for (const control of row.querySelectorAll<HTMLElement>(CONTROLS)) {
      if (control === stop) continue;
      if (!here && control.tabIndex >= 0) {
        control.dataset.passed = '';
        set(control, -1);
      } else if (here && control.dataset.passed !== undefined) {
        delete control.dataset.passed;
        set(control, 0);
      }
    }
  }
}

export function useRoving(column: RefObject<HTMLElement | null>, held: string): void {
  useEffect(() => {
    const element = column.current;
    if (!element) return;
    pass(element, held);
    const observer = new MutationObserver(() => pass(element, held));
    observer.observe(element, { childList: true, subtree: true });
    return () => observer.disconnect();
  }, [column, held]);
}

/** Which row is at hand; `keys` are those that can be, in order, and `reach` brings one onto the screen. */
export function useRows(scroller: RefObject<HTMLElement | null>, keys: readonly string[], shown: string | undefined, reach: (key: string) => void) {
  const [chosen, setChosen] = useState<string | null>(null);
  const held = chosen !== null && keys.includes(chosen) ? chosen : shown !== undefined && keys.includes(shown) ? shown : (keys.at(-1) ?? '');
  const rowOf = (key: string) => scroller.current?.querySelector<HTMLElement>(`[data-row="${CSS.escape(key)}"]`);

  const go = (key: string | undefined): void => {
    if (key === undefined) return;
    setChosen(key);
    reach(key);
    let tries = 0;
    const focus = (): void => {
      const stop = stopOf(rowOf(key));
      if (stop) {
        set(stop, 0);
        stop.focus({ preventScroll: true });
      } else if (tries++ < 10) requestAnimationFrame(focus);
    };
    focus();
  };

  const onKeyDown = (event: KeyboardEvent): void => {
    const target = event.target as HTMLElement;
    const inside = target.closest<HTMLElement>('[data-row]');
    if (event.altKey || event.ctrlKey || event.metaKey || event.shiftKey) return;
    if (target !== scroller.current && target !== stopOf(inside)) return;
    const at = keys.indexOf(inside?.dataset.row ?? held);
    const to: Record<string, string | undefined> = {
      ArrowUp: inside ? keys[at - 1] : held,
      ArrowDown: inside ? keys[at + 1] : held,
      Home: keys[0],
      End: keys.at(-1),
    };
    if (!(event.key in to)) return;
    // What is higher than the screen is read to its end first: the arrows scroll.
    const box = inside?.getBoundingClientRect();
    const view = scroller.current?.getBoundingClientRect();
    if (box && view && event.key === 'ArrowDown' && box.bottom > view.bottom + 8 && box.top < view.bottom) return;
    if (box && view && event.key === 'ArrowUp' && box.top < view.top - 8 && box.bottom > view.top) return;
    event.preventDefault();
    go(to[event.key]);
  };
  const onFocus = (event: { target: EventTarget }): void => {
    const row = (event.target as HTMLElement).closest<HTMLElement>('[data-row]');
    if (row?.dataset.row !== undefined) setChosen(row.dataset.row);
  };
  return { held, onKeyDown, onFocus };
}
