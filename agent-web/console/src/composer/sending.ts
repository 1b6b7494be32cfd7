// Answers and notes on their way to the server: shown at once, marked as not yet confirmed.
import type { Entry, Upload, Way } from '@throughline/protocol';
import { call } from '../connection/client.ts';
import { Store } from '../lib/store.ts';
import { takeEntry, type Person } from '../timeline/person.ts';
import { reasonOf } from '../ui/toasts.ts';
import { restoreDraft } from './drafts.ts';

export interface Pending {
  clientId: string;
  customerId: string;
  kind: 'message' | 'note';
  way: Way | null;
  subject: string | null;
  text: string;
  files: readonly Upload[];
  at: number;
  /** Why it is not with the server; null: still trying. */
  error: string | null;
}

export const sending = new Store<readonly Pending[]>([]);
/** Entry id -> the files as they were brought, so that what is taken back can be sent again. */
export const sentFiles = new Map<string, readonly Upload[]>();
/** Entry id -> until when message.cancel may succeed, by this machine's clock. */
export const undoUntil = new Store<ReadonlyMap<string, number>>(new Map());

const drop = (clientId: string) => sending.set((all) => all.filter((one) => one.clientId !== clientId));

/** Without those whose entry has come by push before the answer; an entry's id is the one that its client gave it. */
export function pendingOf(all: readonly Pending[], person: Person): readonly Pending[] {
  return all.filter((one) => one.customerId === person.id && !person.entries.some((entry) => entry.id === one.clientId));
}

export function send(pending: Omit<Pending, 'clientId' | 'at' | 'error'>): void {
  const one = { ...pending, clientId: crypto.randomUUID(), at: Date.now(), error: null };
  sending.set((all) => [...all, one]);
  void transmit(one);
}

export function sendAgain(one: Pending): void {
  sending.set((all) => all.map((other) => (other.clientId === one.clientId ? { ...one, error: null } : other)));
  void transmit(one);
}

/** Gives up: the words go back to where they were typed. */
export function takeBack(one: Pending): void {
  drop(one.clientId);
  restoreDraft(one.customerId, {
    mode: one.kind === 'note' ? 'note' : 'reply', [one.kind === 'note' ? 'note' : 'text']: one.text, subject: one.subject, files: one.files,
  });
}

async function transmit(one: Pending): Promise<void> {
  try {
    const entry = await request(one);
    const undo = one.way?.undo_ms ?? 0;
    if (undo > 0 && one.files.length) sentFiles.set(entry.id, one.files);
    if (undo > 0) undoUntil.set((before) => new Map(before).set(entry.id, Date.now() + undo));
    drop(one.clientId);
    takeEntry(one.customerId, entry);
  } catch (error) {
    sending.set((all) => all.map((other) => (other.clientId === one.clientId ? { ...other, error: reasonOf(error) } : other)));
  }
}

function request({ customerId, clientId, kind, way, subject, text, files }: Pending): Promise<Entry> {
  const common = { customer_id: customerId, client_id: clientId, text };
  const attachments = files.map(({ upload, name, type }) => ({ upload, name: name ?? '', type }));
  const withFiles = attachments.length > 0 ? { attachments } : {};
  if (kind === 'note' || !way) return call('note.add', { ...common, ...withFiles });
  const { identity_id, channel_id } = way;
  if (identity_id === null) throw new Error('nothing can be sent to where nobody is known');
  return call('message.send', { ...common, ...withFiles, identity_id, channel_id, ...(way.has_subject && subject ? { subject } : {}) });
}
