// Dialogues about a person or an entry. Their code is fetched when the first one is asked for.
import type { Attachment, Conversation, Entry, Identity } from '@throughline/protocol';
import { Store } from '../lib/store.ts';

export type Asked =
  | { type: 'merge'; intoId: string; fromId: string }
  | { type: 'origins'; customerId: string }
  | { type: 'share'; customerId: string; identity: Identity }
  | { type: 'move'; entry: Entry; customerId: string; name: string }
  | { type: 'erase_entry'; entry: Entry }
  | { type: 'raw'; entry: Entry }
  | { type: 'mail'; of: string; file: Attachment }
  | { type: 'picture'; pictures: readonly Attachment[]; at: number }
  | { type: 'export'; customerId: string; name: string }
  | { type: 'erase_person'; customerId: string; name: string }
  | { type: 'block'; rows: readonly Conversation[]; many: boolean }
  | { type: 'assign'; agentId: string | null; run: (agentId: string, note: string) => void }
  | { type: 'log_contact'; customerId: string }
  | { type: 'looked'; customerId: string; name: string };

export const dialog = new Store<Asked | null>(null);
export const openDialog = (asked: Asked): void => dialog.set(asked);
export const closeDialog = (): void => dialog.set(null);
