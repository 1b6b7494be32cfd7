import type { Entry } from '@throughline/protocol';
import { MessagesSquare } from 'lucide-react';
import { useEffect } from 'react';
import { customerOf, personHref, route } from '../app/route.ts';
import { useHint, wantHints } from '../identity/hints.ts';
import { useT } from '../i18n/index.ts';
import { personName } from '../lib/personName.ts';
import { useStore } from '../lib/store.ts';
import styles from './Invitation.module.css';

interface Thread {
  entry_id: string;
  customer_id: string;
}

/** Which mail one answers, where that is not in its own conversation: somebody else's, who had it, or an old one. */
export function ThreadOf({ entry }: { entry: Entry }) {
  const thread = entry.payload?.['thread'] as Partial<Thread> | null | undefined;
  const current = useStore(route, customerOf);
  if (!thread?.entry_id || !thread.customer_id) return null;
  return thread.customer_id === current ? <Earlier thread={thread as Thread} /> : <OfAnother thread={thread as Thread} />;
}

function Line({ thread, text }: { thread: Thread; text: string }) {
  return (
    <p className={styles.secure}>
      <MessagesSquare size={13} aria-hidden />
      <a href={personHref(thread.customer_id, thread.entry_id)}>{text}</a>
    </p>
  );
}

function Earlier({ thread }: { thread: Thread }) {
  return <Line thread={thread} text={useT()('mail.thread_earlier')} />;
}

function OfAnother({ thread }: { thread: Thread }) {
  const t = useT();
  useEffect(() => wantHints([thread.customer_id]), [thread.customer_id]);
  const hint = useHint(thread.customer_id);
  return <Line thread={thread} text={t('mail.thread_of', { name: personName(hint?.name) })} />;
}
