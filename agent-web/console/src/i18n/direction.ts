// Which way the page is read: what <html dir> says. The language sets it (index.ts), style sheets follow it by logical properties,
// and what places something by script asks here.
import { useSyncExternalStore } from 'react';

export type Direction = 'ltr' | 'rtl';

/** Words are also made where there is no page: in tests of what only words it. */
export const direction = (): Direction => (typeof document !== 'undefined' && document.documentElement.dir === 'rtl' ? 'rtl' : 'ltr');

/** 1 where onward is to the right, -1 where it is to the left: of pointers, wheels and arrow keys. */
export const onward = (): 1 | -1 => (direction() === 'rtl' ? -1 : 1);

function follow(changed: () => void): () => void {
  const observer = new MutationObserver(changed);
  observer.observe(document.documentElement, { attributeFilter: ['dir'] });
  return () => observer.disconnect();
}

export const useDirection = (): Direction => useSyncExternalStore(follow, direction);
