// What an answer by mail answers, and who has it besides: worked out of the mail, shown before it leaves, never added behind anybody's back.
import type { Entry, Sender, Upload, Way } from '@throughline/protocol';
import { directory } from '../directory/directory.ts';
import { people, text } from '../timeline/payload.ts';
import type { Draft } from './drafts.ts';

const isMail = (entry: Entry): boolean => entry.kind === 'message' && entry.medium === 'email' && !entry.closed;

/** The mail that is answered: the one that was chosen, or the newest of that address, as the server has it when none is named. */
export function answeredMail(entries: readonly Entry[], way: Way | null, { answers, fresh }: Pick<Draft, 'answers' | 'fresh'>): Entry | null {
  if (!way?.has_subject || fresh) return null;
  const chosen = answers !== null && entries.find((entry) => entry.id === answers);
  if (chosen) return isMail(chosen) ? chosen : null;
  return entries.findLast((entry) => isMail(entry) && entry.direction === 'in' && entry.identity_id === way.identity_id) ?? null;
}

/** As the server makes it when none is given. */
export function replySubject(mail: Entry | null): string {
  const subject = mail?.subject ?? '';
  return subject === '' || /^re:/i.test(subject) ? subject : `Re: ${subject}`;
}

const WORD = String.raw`[^\s@<>,;()[\]"\\]`;
const QUOTED = String.raw`"(?:[^"\\<>]|\\[^<>])+"`;
/** As identity_normalise takes them. */
const ADDRESS = new RegExp(`^(?:${WORD}+|${QUOTED})@(?:(?!\\.)${WORD}+|\\[[0-9a-z:.]+\\])$`);

/** "Name <address>" or the address alone, in small letters; null: it is none that mail can be sent to. */
export function addressIn(text: string): string | null {
  const bare = (/<([^<>]*)>\s*$/.exec(text)?.[1] ?? text).trim().toLowerCase();
  return ADDRESS.test(bare) && !bare.endsWith('.') ? bare : null;
}

/** One of ours: as it is, or with a tag behind a plus sign. */
export function isOurs(address: string): boolean {
  const [local = '', domain] = address.split('@');
  const plain = `${local.split('+', 1)[0]}@${domain}`;
  return directory.get().channels.some(({ addresses }) => (addresses ?? []).some((own) => [address, plain].includes(own.toLowerCase())));
}

/** From whom it goes when nobody chooses, as the server has it: to whom the mail was written that is answered, or by whom it was sent. */
export function senderOf(draft: Pick<Draft, 'from'>, mail: Entry | null, way: Way | null): Sender | null {
  const senders = way?.senders ?? [];
  const by = (address: string | null) => senders.find((one) => one.address === address);
  const names = mail?.direction === 'in' ? (['delivered_to', 'to', 'cc'] as const) : (['from'] as const);
  const written = mail ? names.flatMap((name) => people(mail, name)).map((one) => by(addressIn(one))) : [];
  return by(draft.from) ?? written.find((one) => one !== undefined) ?? senders[0] ?? null;
}

export interface Others {
  /** Who had the mail too, but for whom it is answered and for ourselves. */
  cc: string[];
  /** It names none of our addresses: it came as a blind copy, or by a list. Then nobody else is to learn that we have it. */
  unseen: boolean;
}

export function othersOf(mail: Entry | null, way: Way): Others {
  if (!mail) return { cc: [], unseen: false };
  const listed = [...people(mail, 'to'), ...people(mail, 'cc')];
  const known = new Set([way.address?.toLowerCase(), ...way.senders.map(({ address }) => address), addressIn(people(mail, 'from')[0] ?? '')]);
  const unseen = mail.direction === 'in' && listed.length > 0 && !listed.some((one) => isOurs(addressIn(one) ?? ''));
  const cc = listed.filter((one) => {
    const address = addressIn(one);
    if (address === null || known.has(address) || isOurs(address)) return false;
    known.add(address);
    return true;
  });
  return { cc: unseen ? [] : cc, unseen };
}

/** Whom the answer goes to besides, as it stands; `right`: it can go to all of them. */
export function copiesOf(draft: Draft, mail: Entry | null, way: Way | null) {
  const most = way?.copies_max ?? 0;
  if (!way || draft.mode === 'note' || most === 0) return { cc: [], bcc: [], right: true };
  const cc = draft.cc ?? othersOf(mail, way).cc;
  const all = [...cc, ...draft.bcc];
  return { cc, bcc: draft.bcc, right: all.length <= most && all.every((one) => addressIn(one) !== null) };
}

/** What somebody types or pastes: several with commas, semicolons or lines between; a name may hold commas when it is quoted. */
export const addressesOf = (text: string): string[] => (text.match(/(?:"[^"]*"|<[^>]*>|[^,;\n])+/g) ?? []).map((one) => one.trim()).filter((one) => one !== '');

/** What was sent, to be written on: it has been taken back. `answers`: the mail that it answered. */
export function draftOfSent(entry: Entry, { files, answers }: { files: readonly Upload[]; answers: string | null }): Partial<Draft> {
  const written = text(entry, 'markdown');
  return {
    mode: 'reply',
    text: written ?? entry.text ?? '',
    rich: written !== null,
    plain: entry.text ?? '',
    subject: entry.subject,
    answers,
    cc: people(entry, 'cc'),
    bcc: people(entry, 'bcc'),
    from: addressIn(people(entry, 'from')[0] ?? ''),
    fresh: entry.payload?.['begins'] === true,
    files,
    way: entry.channel_id ? { identity_id: entry.identity_id, channel_id: entry.channel_id } : null,
  };
}
