// Long work on the server, followed as it goes on.
import type { Task } from '@throughline/protocol';
import { useEffect, useState } from 'react';
import { call, client } from '../connection/client.ts';

export const isOver = ({ state }: Task): boolean => state === 'done' || state === 'failed' || state === 'cancelled';

/** The task as it is now; null as long as none was begun. */
export function useTask(started: Task | null): Task | null {
  const [now, setNow] = useState<Task | null>(null);
  useEffect(() => {
    setNow(started);
    if (!started) return;
    const off = client.on('task', (task) => task.id === started.id && setNow(task));
    // It may have ended before anybody listened.
    const ask = () =>
      call('task.get', { id: started.id })
        .then(setNow)
        .catch(() => undefined);
    void ask();
    const again = client.onOpen(ask);
    return () => {
      off();
      again();
    };
  }, [started]);
  return now;
}

interface File {
  url: string;
  name: string;
  size: number;
}

/** What it has made to be fetched. */
export function fileOf({ state, result }: Task): File | null {
  const { sha256, name, size } = (result ?? {}) as Record<string, unknown>;
  if (state !== 'done' || typeof sha256 !== 'string') return null;
  return { url: `attachments/${sha256}`, name: typeof name === 'string' ? name : 'export.zip', size: typeof size === 'number' ? size : 0 };
}
