// What was typed, per person; it outlives reload and crash. Under the agent's own key: nobody finds in their box what somebody else began.
import type { Upload } from '@throughline/protocol';
import type { Store } from '../lib/store.ts';
import { Stores } from '../lib/stores.ts';
import { Signal } from '../lib/signal.ts';
import { drafted, markDraft } from './drafted.ts';
import { filesOf } from './pictures.ts';
import { parseStored, writeStored } from '../lib/storage.ts';
import { me, session } from '../session/session.ts';

export interface Draft {
  mode: 'reply' | 'note';
  text: string;
  /** The text is Markdown, as the editor writes it; `plain` is the same to be read. */
  rich: boolean;
  plain: string;
  note: string;
  subject: string | null;
  /** The mail that is answered, when the agent has chosen one; null: the newest of the address that the answer goes to. */
  answers: string | null;
  /** Who has it besides, as "Name <address>"; null: all who had the mail that is answered. */
  cc: readonly string[] | null;
  bcc: readonly string[];
  /** By mail: which of our addresses it goes from, when the agent has chosen one. */
  from: string | null;
  /** Chosen way: identity and channel; null: the best one. */
  way: { identity_id: string; channel_id: string } | null;
  files: readonly Upload[];
  /** Begins a conversation of its own, whatever there is. */
  fresh: boolean;
  /** The person's newest message when this text was begun; null while it is empty. */
  seen: string | null;
}

export const EMPTY: Draft = {
  mode: 'reply',
  text: '',
  rich: false,
  plain: '',
  note: '',
  subject: null,
  answers: null,
  cc: null,
  bcc: [],
  from: null,
  way: null,
  files: [],
  fresh: false,
  seen: null,
};
const KEPT = 100;

export const agentKey = (): string => me()?.id ?? '';
const draftKey = (customerId: string): string => `draft.${agentKey()}.${customerId}`;
const listKey = (): string => `drafts.${agentKey()}`;

const textOf = (value: unknown): string => (typeof value === 'string' ? value : '');
const textsOf = (value: unknown): string[] => (Array.isArray(value) ? value.filter((one) => typeof one === 'string') : []);

function load(customerId: string): Draft {
  const stored = parseStored(draftKey(customerId)) as Partial<Draft> | null;
  if (typeof stored !== 'object' || !stored) return EMPTY;
  // The server keeps what no message names for a day.
  const files = (Array.isArray(stored.files) ? (stored.files as readonly Upload[]) : []).filter(
    (file) => file?.upload && Date.parse(file.expires_at ?? '') > Date.now(),
  );
  return {
    ...EMPTY,
    ...stored,
    text: textOf(stored.text),
    rich: stored.rich === true,
    plain: textOf(stored.plain),
    note: textOf(stored.note),
    subject: textOf(stored.subject) || null,
    answers: textOf(stored.answers) || null,
    cc: Array.isArray(stored.cc) ? textsOf(stored.cc) : null,
    bcc: textsOf(stored.bcc),
    from: textOf(stored.from) || null,
    files,
  };
}

/** Something of it is changed: synced.ts. */
export const draftChanged = new Signal<string>();

/** There is something to be sent one day; a way that was chosen is nothing. */
export const isBegun = ({ text, rich, note, files, cc, bcc, from, subject, answers, fresh }: Draft): boolean =>
  text !== '' ||
  note !== '' ||
  filesOf({ text, rich, files }).beside.length > 0 ||
  cc !== null ||
  bcc.length > 0 ||
  from !== null ||
  subject !== null ||
  answers !== null ||
  fresh;

/** Whose drafts are kept, the oldest first. */
function keptDrafts(): Set<string> {
  const names = parseStored(listKey());
  return new Set(Array.isArray(names) ? names.filter((name) => typeof name === 'string') : []);
}

/** How it begins, to be read; a way that was chosen is no beginning. */
function wordsOf(draft: Draft): string {
  const { note } = draft;
  const { beside } = filesOf(draft);
  const words = plainOf(draft).trim() || note.trim() || (beside[0]?.name ?? '');
  return words.slice(0, 80).replace(/\s+/g, ' ') || (beside.length > 0 ? '…' : '');
}

/** What this agent began before this page, and in other tabs. */
export function startDrafts(): void {
  let whose = '';
  session.subscribe(() => {
    if (agentKey() === '' || agentKey() === whose) return;
    whose = agentKey();
    drafted.set(new Map([...keptDrafts()].map((id) => [id, wordsOf(load(id))] as const).filter(([, words]) => words !== '')));
  });
  window.addEventListener('storage', ({ key }) => {
    const id = key?.split(draftKey(''))[1];
    if (id) markDraft(id, wordsOf(load(id)));
    else if (key === null) drafted.set(new Map());
  });
}

function remember(customerId: string, draft: Draft): void {
  const worth = isBegun(draft) || draft.way !== null;
  writeStored(draftKey(customerId), worth ? JSON.stringify(draft) : null);
  markDraft(customerId, wordsOf(draft));
  const names = keptDrafts();
  names.delete(customerId);
  if (worth) names.add(customerId);
  const all = [...names];
  for (const old of all.splice(0, Math.max(0, all.length - KEPT))) writeStored(draftKey(old), null);
  writeStored(listKey(), JSON.stringify(all));
  draftChanged.emit(customerId);
}

export const knownDrafts = (): string[] => [...keptDrafts()];

/** Whose words wait to be sent, the last ones first. */
export const draftsKept = (): { id: string; text: string }[] =>
  [...keptDrafts()]
    .reverse()
    .map((id) => ({ id, text: wordsOf(load(id)) }))
    .filter(({ text }) => text !== '');

const drafts = new Stores<Draft>({ make: load, most: KEPT, changed: remember });

export const draftOf = (customerId: string): Store<Draft> => drafts.of(customerId);

/** Their composer is on the screen. Those of others, who are written to no more, need not stay in memory. */
export const openDraft = (customerId: string): void => void drafts.use(customerId);

/** In place of what is there. */
export const takeDraft = (customerId: string, draft: Draft): void => draftOf(customerId).set(draft);

export function clearDraft(customerId: string): void {
  draftOf(customerId).set((now) =>
    now.mode === 'note' ? { ...now, mode: 'reply', note: '', files: now.text === '' ? [] : now.files } : { ...EMPTY, way: now.way, note: now.note },
  );
}

/** Every mark that may mean something, after a backslash means itself. */
export const markdownOf = ({ text = '', rich }: Partial<Draft>): string => (rich ? text : text.replace(/[!-/:-@[-`{-~]/g, String.raw`\$&`));
export const plainOf = ({ text = '', rich, plain = '' }: Partial<Draft>): string => (rich ? plain : text);
const joined = (...parts: readonly string[]): string => parts.filter(Boolean).join('\n\n');

/** Puts words back that were not sent after all; what has been typed meanwhile stays below them. */
export function restoreDraft(customerId: string, part: Partial<Draft>): void {
  draftOf(customerId).set((now) => {
    const rich = now.rich || part.rich === true;
    return {
      ...now,
      ...part,
      text: rich ? joined(markdownOf(part), markdownOf(now)) : joined(part.text ?? '', now.text),
      rich,
      plain: rich ? joined(plainOf(part), plainOf(now)) : '',
      note: joined(part.note ?? '', now.note),
      files: [...(part.files ?? []), ...now.files],
    };
  });
}
