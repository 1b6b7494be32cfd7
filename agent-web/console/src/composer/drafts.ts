// What was typed, per person; it outlives reload and crash.
import type { Upload } from '@throughline/protocol';
import { Store } from '../lib/store.ts';
import { readStored, writeStored } from '../lib/storage.ts';

export interface Draft {
  mode: 'reply' | 'note';
  text: string;
  note: string;
  subject: string | null;
  /** Chosen way: identity and channel; null: the best one. */
  way: { identity_id: string; channel_id: string } | null;
  files: readonly Upload[];
  /** The person's newest message when this text was begun; null while it is empty. */
  seen: string | null;
}

const EMPTY: Draft = { mode: 'reply', text: '', note: '', subject: null, way: null, files: [], seen: null };
const KEPT = 100;

const stores = new Map<string, Store<Draft>>();

function load(customerId: string): Draft {
  try {
    const stored = JSON.parse(readStored(`draft.${customerId}`) ?? 'null') as Partial<Draft> | null;
    if (!stored) return EMPTY;
    // The server keeps what no message names for a day.
    const files = (stored.files ?? []).filter((file) => file.upload && Date.parse(file.expires_at ?? '') > Date.now());
    return { ...EMPTY, ...stored, files };
  } catch {
    return EMPTY;
  }
}

function remember(customerId: string, draft: Draft): void {
  const worth = draft.text !== '' || draft.note !== '' || draft.files.length > 0 || draft.way !== null;
  writeStored(`draft.${customerId}`, worth ? JSON.stringify(draft) : null);
  const names = new Set<string>(JSON.parse(readStored('drafts') ?? '[]') as string[]);
  names.delete(customerId);
  if (worth) names.add(customerId);
  const all = [...names];
  for (const old of all.splice(0, Math.max(0, all.length - KEPT))) writeStored(`draft.${old}`, null);
  writeStored('drafts', JSON.stringify(all));
}

export function draftOf(customerId: string): Store<Draft> {
  let store = stores.get(customerId);
  if (!store) {
    store = new Store(load(customerId));
    const created = store;
    store.subscribe(() => remember(customerId, created.get()));
    stores.set(customerId, store);
  }
  return store;
}

export function clearDraft(customerId: string): void {
  draftOf(customerId).set(({ mode, way, note, text, files }) =>
    mode === 'note' ? { ...EMPTY, mode: 'reply', way, text, files: text === '' ? [] : files } : { ...EMPTY, way, note },
  );
}

/** Puts words back that were not sent after all; what has been typed meanwhile stays below them. */
export function restoreDraft(customerId: string, part: Partial<Draft>): void {
  draftOf(customerId).set((now) => ({
    ...now,
    ...part,
    text: [part.text, now.text].filter(Boolean).join('\n\n'),
    note: [part.note, now.note].filter(Boolean).join('\n\n'),
    files: [...(part.files ?? []), ...now.files],
  }));
}
