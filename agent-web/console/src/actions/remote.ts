// What only the server can do is off while the connection is lost, and says why. What can wait (answers, notes) waits: composer/sending.ts.
import { connection } from '../connection/client.ts';
import { t, useT } from '../i18n/index.ts';
import { useStore } from '../lib/store.ts';
import { toast } from '../ui/toasts.ts';

export const REMOTE: ReadonlySet<string> = new Set([
  'take',
  'assign',
  'assign_note',
  'resolve',
  'reopen',
  'snooze',
  'block',
  'many.assign',
  'many.snooze',
  'many.resolve',
  'many.reopen',
  'merge',
  'origins',
  'looked',
  'export',
  'erase',
  'log_contact',
  'transcript',
  'pin',
  'unpin',
  'move',
  'author',
  'back',
  'raw',
]);

/** null: it can be done now. */
export const whyOff = (id: string): string | null => (REMOTE.has(id) && connection.get().phase === 'away' ? t('away.off') : null);

/** Does it, by whatever key or list it was asked for; or says why not. */
export function attempt<Context>({ id, run }: { id: string; run: (context: Context) => void }, context: Context): void {
  const off = whyOff(id);
  if (off === null) run(context);
  else toast(off, null, 'bad');
}

export function useWhyOff(id: string): string | null {
  useT();
  useStore(connection, ({ phase }) => phase);
  return whyOff(id);
}
