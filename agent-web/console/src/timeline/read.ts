// A conversation is read when an agent has it before the eyes: page visible, timeline shown.
import type { Conversation } from '@throughline/protocol';
import { call } from '../connection/client.ts';
import { take } from '../queue/queue.ts';

const LOOK_MS = 700;

/** Returns what stops it. */
export function markRead(conversation: Conversation | null, shown: boolean): () => void {
  if (!conversation || !shown || (conversation.unread ?? 0) === 0) return () => undefined;
  const { id } = conversation;
  let timer: ReturnType<typeof setTimeout> | undefined;
  const look = () => {
    clearTimeout(timer);
    if (document.visibilityState !== 'visible') return;
    timer = setTimeout(
      () =>
        void call('conversation.mark_read', { id })
          .then(take)
          .catch(() => undefined),
      LOOK_MS,
    );
  };
  look();
  document.addEventListener('visibilitychange', look);
  return () => {
    clearTimeout(timer);
    document.removeEventListener('visibilitychange', look);
  };
}
