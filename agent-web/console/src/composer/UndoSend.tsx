import { useEffect, useState } from 'react';
import type { Entry } from '@throughline/protocol';
import { call } from '../connection/client.ts';
import { useT } from '../i18n/index.ts';
import { useStore } from '../lib/store.ts';
import { useAttempt } from '../lib/useAttempt.ts';
import { currentPerson, takeEntry } from '../timeline/person.ts';
import { Button } from '../ui/Button.tsx';
import { toastError } from '../ui/toasts.ts';
import { restoreDraft } from './drafts.ts';
import { undos } from './sending.ts';

/** While an answer can still be taken back: how long, and the way. */
export function UndoSend({ entry }: { entry: Entry }) {
  const t = useT();
  const until = useStore(undos.of(entry.id), (undo) => undo.until);
  const left = useSecondsLeft(until);
  const { busy, attempt } = useAttempt();
  if (left <= 0) return null;
  return (
    <Button small disabled={busy} onClick={() => attempt(() => cancel(entry))}>
      {t('send.undo', { n: left })}
    </Button>
  );
}

function useSecondsLeft(until: number): number {
  const [now, setNow] = useState(Date.now);
  useEffect(() => {
    if (until <= Date.now()) return;
    const timer = setInterval(() => {
      setNow(Date.now());
      if (Date.now() >= until) clearInterval(timer);
    }, 250);
    return () => clearInterval(timer);
  }, [until]);
  return Math.max(0, Math.ceil((until - Math.max(now, until - 60_000)) / 1000));
}

async function cancel(entry: Entry): Promise<void> {
  const person = currentPerson();
  if (!person) return;
  try {
    takeEntry(person.id, await call('message.cancel', { id: entry.id }));
    restoreDraft(person.id, {
      mode: 'reply',
      text: entry.text ?? '',
      subject: entry.subject,
      files: undos.of(entry.id).get().files,
      way: entry.channel_id ? { identity_id: entry.identity_id, channel_id: entry.channel_id } : null,
    });
  } catch (error) {
    toastError(error);
  }
}
