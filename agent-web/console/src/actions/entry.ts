// What can be done with one entry of a timeline: its menu is made of these.
import {
  CornerUpRight,
  Eraser,
  FileCode,
  Forward,
  Link2,
  MessageSquareReply,
  Pin,
  PinOff,
  TextQuote,
  Undo2,
  UserRoundCheck,
  type LucideIcon,
} from 'lucide-react';
import type { Agent, Entry } from '@throughline/protocol';
import { openDialog } from '../app/dialogs.ts';
import { personHref } from '../app/route.ts';
import { draftOf } from '../composer/drafts.ts';
import { quoteMail } from '../composer/quoting.ts';
import { call } from '../connection/client.ts';
import { t, type Key } from '../i18n/index.ts';
import { askPerson } from '../palette/palette.ts';
import { authorOf, type Author } from '../timeline/forwarded.ts';
import { isGone, movedFrom, movedTo } from '../timeline/moved.ts';
import { takeEntry } from '../timeline/person.ts';
import { takeInto } from '../timeline/stretch.ts';
import { copyText } from '../ui/copy.ts';
import { toastError } from '../ui/toasts.ts';
import { oversees } from './action.ts';
import { composeFocus } from './signals.ts';
import { forward, personOf } from './write.ts';
import { perform, Refused, type Done } from './done.ts';
import { personName } from '../lib/personName.ts';

export interface EntryContext {
  entry: Entry;
  /** In whose timeline it stands. */
  customerId: string;
  agent: Agent | null;
}

export interface EntryAction {
  id: string;
  name: Key;
  icon: LucideIcon;
  when: (context: EntryContext) => boolean;
  run: (context: EntryContext) => void;
}

const FILED = new Set<Entry['kind']>(['message', 'call', 'survey']);
const isMail = (context: EntryContext) => isWhole(context) && context.entry.medium === 'email' && context.entry.kind === 'message';
const isWhole = ({ entry }: EntryContext) => !entry.closed && !entry.erased_at && !isGone(entry);

/** The answer goes where the mail came from; its copies and its subject are those of that mail. */
function replyTo(entry: Entry, customerId: string): void {
  const { identity_id, channel_id } = entry;
  draftOf(customerId).patch({ answers: entry.id, fresh: false, subject: null, cc: null, bcc: [], way: channel_id ? { identity_id, channel_id } : null });
  composeFocus.emit('reply');
}

async function pin({ entry, customerId }: EntryContext): Promise<void> {
  try {
    const changed = await call('entry.pin', { id: entry.id, pinned: !entry.pinned });
    takeEntry(customerId, changed);
    takeInto(customerId, changed);
  } catch (error) {
    toastError(error);
  }
}

/** Files it under another person; the original stays, and leads there. */
export const moveEntry = (entry: Entry, customerId: string, name: string | null, reason = ''): Promise<boolean> =>
  perform(move(entry, customerId, name, reason));

async function move(entry: Entry, customerId: string, name: string | null, reason: string): Promise<Done> {
  const moved = await call('entry.move', { entry_id: entry.id, customer_id: customerId, ...(reason ? { reason } : {}) });
  return { words: t('entry.moved', { name: personName(name) }), undo: () => undoMove(entry.id, moved.id) };
}

/** Files a mail that somebody has passed on under whom it is from. */
async function moveToAuthor(entry: Entry, { name, address }: Author): Promise<Done> {
  const person = await personOf({ kind: 'email', value: address, name }, name);
  return move(entry, person.id, person.name || name || address, t('forwarded.reason'));
}

/** Only while it is where this move has put it. */
async function undoMove(entryId: string, movedId: string): Promise<Done> {
  const to = movedTo(await call('entry.get', { id: entryId }));
  if (!to || to.undone || to.entry_id !== movedId) throw new Refused(t('undo.changed'));
  return putBack(entryId);
}

async function putBack(entryId: string): Promise<Done> {
  await call('entry.move_back', { entry_id: entryId });
  return { words: t('entry.moved_back') };
}

export const moveBack = (entryId: string): Promise<boolean> => perform(putBack(entryId));

/** A mail that was passed on is its author's, not of whom it came from. */
export const authorAction: EntryAction = {
  id: 'author',
  name: 'entry.author',
  icon: UserRoundCheck,
  when: (context) => isMail(context) && context.entry.direction === 'in' && !movedFrom(context.entry) && authorOf(context.entry) !== null,
  run: ({ entry }) => {
    const author = authorOf(entry);
    if (author) void perform(moveToAuthor(entry, author));
  },
};

export const entryActions: readonly EntryAction[] = [
  {
    id: 'reply',
    name: 'entry.reply',
    icon: MessageSquareReply,
    when: (context) => isMail(context) && context.entry.channel_id !== null,
    run: ({ entry, customerId }) => replyTo(entry, customerId),
  },
  {
    id: 'quote',
    name: 'entry.quote',
    icon: TextQuote,
    when: isMail,
    run: ({ entry, customerId }) => void quoteMail(customerId, entry).then(() => composeFocus.emit('reply'), toastError),
  },
  { id: 'forward', name: 'entry.forward', icon: Forward, when: isMail, run: ({ entry }) => forward(entry) },
  {
    id: 'link',
    name: 'entry.copy_link',
    icon: Link2,
    when: () => true,
    run: ({ entry, customerId }) => void copyText(new URL(personHref(customerId, entry.id), document.baseURI).href),
  },
  { id: 'pin', name: 'entry.pin', icon: Pin, when: (context) => isWhole(context) && !context.entry.pinned, run: (context) => void pin(context) },
  { id: 'unpin', name: 'entry.unpin', icon: PinOff, when: ({ entry }) => entry.pinned, run: (context) => void pin(context) },
  {
    id: 'move',
    name: 'entry.move',
    icon: CornerUpRight,
    when: (context) => isWhole(context) && FILED.has(context.entry.kind) && !movedFrom(context.entry),
    run: ({ entry, customerId }) =>
      askPerson({
        ask: 'entry.move_to',
        except: customerId,
        run: ({ id, name, matched }) => openDialog({ type: 'move', entry, customerId: id, name: name || matched || '' }),
      }),
  },
  authorAction,
  {
    id: 'back',
    name: 'entry.move_back',
    icon: Undo2,
    when: ({ entry }) => movedTo(entry) !== null || movedFrom(entry)?.undone === false,
    run: ({ entry }) => void moveBack(entry.id),
  },
  {
    id: 'raw',
    name: 'entry.raw',
    icon: FileCode,
    when: ({ entry, agent }) => entry.journal_id !== null && agent?.role === 'admin',
    run: ({ entry }) => openDialog({ type: 'raw', entry }),
  },
  {
    id: 'erase',
    name: 'entry.erase',
    icon: Eraser,
    when: (context) => isWhole(context) && oversees(context.agent),
    run: ({ entry }) => openDialog({ type: 'erase_entry', entry }),
  },
];
