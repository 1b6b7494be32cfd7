// The chat widget of Throughline: reads its script tag, puts itself on the page and answers to window.throughline.
// Whatever goes wrong in here stays in here: the page must not notice.
import type { ChatIdentifyParams } from '@throughline/protocol';
import { Chat } from './chat.ts';
import { readOptions } from './options.ts';
import { View } from './view.ts';

type Handler = (value: unknown) => void;

/** The page's side: docs/WIDGET.md. */
interface Api {
  open(text?: string): void;
  close(): void;
  identify(who: ChatIdentifyParams): void;
  forget(): void;
  on(event: 'message' | 'unread' | 'open' | 'close', handler: Handler): void;
}

/** What a page may have left before this script was there: a list of [name, …arguments]. */
type Stub = { q?: [keyof Api, ...unknown[]][] } | undefined;

const scope = window as unknown as { throughline?: Stub | Api };

function guarded<A extends unknown[]>(run: (...args: A) => void): (...args: A) => void {
  return (...args) => {
    try {
      run(...args);
    } catch (error) {
      console.error('Throughline chat:', error);
    }
  };
}

function start(options: ReturnType<typeof readOptions>): void {
  const chat = new Chat(options);
  const handlers = new Map<string, Handler[]>();
  const tell = (event: string, value?: unknown): void => {
    for (const handler of handlers.get(event) ?? []) guarded(handler)(value);
  };
  const view = new View(chat, options, { opened: () => tell('open'), closed: () => tell('close') });
  let unread = -1;
  chat.on('message', (message) => message && tell('message', { id: message.id, text: message.text, author: message.author_name, at: message.at }));
  chat.on('change', () => {
    const now = chat.unread().length;
    if (now !== unread) tell('unread', (unread = now));
  });
  const api: Api = {
    open: guarded((text) => view.open(typeof text === 'string' ? text : '')),
    close: guarded(() => view.close()),
    identify: guarded((who) => {
      const { email, name, user_id, expires, signature } = who ?? {};
      const text = (value: unknown): string | undefined => (value === undefined || value === null || value === '' ? undefined : String(value));
      const seconds = (value: unknown): number | undefined =>
        value === undefined || value === null || value === '' ? undefined : Math.floor(Number(value)) || 0;
      const told = { email: text(email), name: text(name), user_id: text(user_id), signature: text(signature), expires: seconds(expires) };
      const given = Object.fromEntries(Object.entries(told).filter(([, value]) => value !== undefined));
      if (Object.keys(given).length) chat.identify(given);
    }),
    forget: guarded(() => {
      chat.forget();
      view.empty();
    }),
    on: guarded((event, handler) => {
      handlers.set(event, [...(handlers.get(event) ?? []), handler]);
      if (event === 'unread' && unread > 0) guarded(handler)(unread);
    }),
  };
  const before = scope.throughline;
  scope.throughline = api;
  for (const [name, ...args] of (before && 'q' in before && before.q) || []) (api[name] as ((...args: unknown[]) => void) | undefined)?.(...args);
  chat.link.connect();
}

guarded(() => {
  if (scope.throughline && 'identify' in scope.throughline && !('q' in scope.throughline)) return; // the tag is there twice
  const options = readOptions(); // before anything is awaited: it needs document.currentScript
  const go = guarded(() => start(options));
  if (document.body) go();
  else document.addEventListener('DOMContentLoaded', go);
})();
