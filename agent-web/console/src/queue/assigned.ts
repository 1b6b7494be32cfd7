// What a colleague has given to this agent: told once, in the tab that is looked at, and counted until it is opened. What one
// has given to oneself, in whatever tab or browser, is no news: the log says who did it.
import type { Conversation, Entry } from '@throughline/protocol';
import { customerOf, goInbox, route } from '../app/route.ts';
import { preferences } from '../app/preferences.ts';
import { call, client } from '../connection/client.ts';
import { t } from '../i18n/index.ts';
import { personName } from '../lib/personName.ts';
import { parseStored, writeStored } from '../lib/storage.ts';
import { Store } from '../lib/store.ts';
import { me } from '../session/session.ts';
import { text } from '../timeline/payload.ts';
import { toast } from '../ui/toasts.ts';
import { conversation } from './conversations.ts';
import { chime } from './chime.ts';

const UNSEEN = 'assigned';
const KEPT = 50;
/** What is older was there before this page was. */
const NEWS_MS = 5 * 60_000;
const TOLD_MS = 20_000;
/** So long a tab that nobody looks at leaves it to one that is looked at. */
const YIELD_MS = 400;

/** Conversations that were given and not opened yet, in all tabs of this browser. */
export const unseen = new Store<readonly string[]>([]);

const keyOf = () => `${UNSEEN}.${me()?.id ?? ''}`;

function stored(): string[] {
  const list = parseStored(keyOf());
  return Array.isArray(list) ? list.filter((one): one is string => typeof one === 'string') : [];
}

function keep(ids: readonly string[]): void {
  writeStored(keyOf(), ids.length > 0 ? JSON.stringify(ids.slice(-KEPT)) : null);
  unseen.set(ids.slice(-KEPT));
}

const isHere = ({ customer_id }: Conversation): boolean =>
  document.visibilityState === 'visible' && document.hasFocus() && customerOf(route.get()) === customer_id;

/** Who gave it, by the log; null: nobody else, or long ago. */
async function givenBy(row: Conversation): Promise<Entry | null> {
  // Not by a filter: that is the index's, which comes a moment later.
  const { entries } = await call('timeline.page', { customer_id: row.customer_id, limit: 30 });
  const given = entries
    .filter((entry) => entry.conversation_id === row.id && text(entry, 'action') === 'assigned')
    .reduce<Entry | null>((newest, entry) => (!newest || (entry.occurred_at ?? '') > (newest.occurred_at ?? '') ? entry : newest), null);
  const news = given && Date.now() - Date.parse(given.occurred_at ?? '') < NEWS_MS;
  return news && text(given, 'agent_id') === me()?.id && given.author_id !== me()?.id ? given : null;
}

const told = new Set<string>();

/** One tab of the browser says it; the one that is looked at, if any is. */
async function claim(id: string): Promise<boolean> {
  const wait = document.visibilityState === 'visible' && document.hasFocus() ? 0 : YIELD_MS;
  await new Promise((resolve) => setTimeout(resolve, wait));
  const key = `told.${me()?.id ?? ''}`;
  const take = (): boolean => {
    const ids = parseStored(key);
    const known = Array.isArray(ids) ? (ids as unknown[]) : [];
    if (known.includes(id)) return false;
    writeStored(key, JSON.stringify([...known.slice(-KEPT), id]));
    return true;
  };
  return 'locks' in navigator ? await navigator.locks.request('throughline.told', take) : take();
}

async function tell(row: Conversation): Promise<void> {
  const given = await givenBy(row);
  if (!given || told.has(given.id)) return;
  told.add(given.id);
  const here = isHere(row);
  if (!here) keep([...stored().filter((id) => id !== row.id), row.id]);
  if (!(await claim(given.id))) return;
  const words = t(given.text ? 'assigned.told_note' : 'assigned.told', {
    who: given.author_name ?? '',
    n: row.number === null ? '' : `#${row.number}`,
    name: personName(row.customer_name ?? ''),
    note: given.text ?? '',
  });
  const show = () => goInbox({ customerId: row.customer_id, conversationId: row.id });
  toast(words, here ? null : { name: t('assigned.show'), run: show }, 'done', TOLD_MS);
  const { sound, desktop } = preferences.get();
  if (sound) chime();
  if (desktop && !document.hasFocus() && 'Notification' in window && Notification.permission === 'granted') {
    const shown = new Notification(words, { tag: given.id });
    shown.onclick = () => {
      window.focus();
      show();
      shown.close();
    };
  }
}

function consider(row: Conversation): void {
  const mine = me()?.id;
  if (!mine || row.assignee_id !== mine || row.status === 'resolved') return;
  const before = conversation(row.id);
  if (before && (before.assignee_id === mine || (before.version ?? 0) >= (row.version ?? 0))) return;
  tell(row).catch(() => undefined); // it stands in the queue all the same
}

function opened(): void {
  const now = route.get();
  const here = customerOf(now);
  const left = here === null ? unseen.get() : unseen.get().filter((id) => conversation(id)?.customer_id !== here);
  if (left.length !== unseen.get().length) keep(left);
}

/** Before the queue: what was known before a push is asked for. */
export function startAssigned(): void {
  client.on('conversation', consider);
  client.onOpen(() => unseen.set(stored()));
  route.subscribe(opened);
  window.addEventListener('storage', ({ key }) => key?.endsWith(keyOf()) && unseen.set(stored()));
}
