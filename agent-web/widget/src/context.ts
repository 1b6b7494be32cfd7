// Where the visitor is and whence they came, for whoever answers; a site can switch it off (data-context="off").
import type { ChatHelloParams } from '@throughline/protocol';

const URL_MAX = 1000;

interface Trail {
  now: string;
  before: string;
  /** Whence they came to the site. */
  from: string;
}

/** Kept as long as the tab, and in it alone. */
function trail(channel: string): Trail {
  const key = `throughline:${channel}:trail`;
  const referrer = document.referrer && new URL(document.referrer).origin !== location.origin ? document.referrer.slice(0, URL_MAX) : '';
  const here: Trail = { now: location.href.slice(0, URL_MAX), before: '', from: referrer };
  try {
    const known = JSON.parse(sessionStorage.getItem(key) ?? 'null') as Trail | null;
    const next = known?.now === here.now ? known : { ...here, before: known?.now ?? '', from: referrer || (known?.from ?? '') };
    sessionStorage.setItem(key, JSON.stringify(next));
    return next;
  } catch {
    return here;
  }
}

const device = (): 'phone' | 'tablet' | 'computer' =>
  matchMedia('(pointer: coarse)').matches ? (Math.min(screen.width, screen.height) < 600 ? 'phone' : 'tablet') : 'computer';

export function contextOf(channel: string): Partial<ChatHelloParams> {
  const { before, from } = trail(channel);
  return {
    page_title: document.title.slice(0, 150),
    ...(before ? { before_url: before } : {}),
    ...(from ? { referrer: from } : {}),
    time_zone: Intl.DateTimeFormat().resolvedOptions().timeZone,
    device: device(),
  };
}
