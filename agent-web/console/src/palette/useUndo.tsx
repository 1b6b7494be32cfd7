import { Undo2 } from 'lucide-react';
import { useEffect, useState } from 'react';
import { undoing } from '../actions/undoing.ts';
import { cancel } from '../composer/cancel.ts';
import { undoables } from '../composer/sending.ts';
import { useT } from '../i18n/index.ts';
import { personName } from '../lib/personName.ts';
import { useStore } from '../lib/store.ts';
import { personStore } from '../timeline/person.ts';
import { mediumName } from '../ui/medium.ts';
import type { Choice } from './useChoices.tsx';

/** What can be taken back now: what it was, about whom, and for how long. */
export function useUndo(wanted: boolean): Choice[] {
  const t = useT();
  const done = useStore(undoing);
  const sent = useStore(undoables);
  const [now, setNow] = useState(Date.now);
  useEffect(() => {
    if (!wanted) return;
    const timer = setInterval(() => setNow(Date.now()), 500);
    return () => clearInterval(timer);
  }, [wanted]);
  if (!wanted) return [];
  const left = (until: number) => t('undo.left', { n: Math.max(1, Math.ceil((until - now) / 1000)) });
  const answers = sent.map((one) => ({
    id: `sent-${one.entry.id}`,
    words: t('undo.sent', { by: mediumName(one.entry.medium), text: (one.entry.text ?? '').replace(/\s+/g, ' ').slice(0, 60) }),
    about: personName(personStore(one.customerId).get().customer?.name ?? ''),
    until: one.until,
    run: () => void cancel(one),
  }));
  return [...answers, ...done]
    .filter(({ until }) => until > now)
    .map(({ id, words, about, until, run }) => ({
      id: String(id),
      name: words,
      group: t('undo.list'),
      icon: <Undo2 size={18} aria-hidden />,
      detail: [about, left(until)].filter(Boolean).join(' · '),
      run,
    }));
}
