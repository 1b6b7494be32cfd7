// A conversation as a mail, to be read over and sent: what was said between us and the person, without notes, and without what the agent
// may not read. It is a draft like any other, so nothing leaves that nobody has seen.
import { MAIL_FILES_BYTES, MESSAGE_FILES_MAX, type Conversation, type Entry, type Upload } from '@throughline/protocol';
import { call } from '../connection/client.ts';
import { t } from '../i18n/index.ts';
import { dateTime, millis } from '../lib/format.ts';
import { mediumName } from '../ui/medium.ts';
import { draftOf, markdownOf, plainOf, takeDraft } from './drafts.ts';
import { wayLike } from './quoting.ts';
import { lengthOf } from './ways.ts';

const PAGE = 100;
const PAGES_MAX = 20;
/** Bytes of the text that one answer takes. */
const LONGEST = 90_000;

/** Nothing of it is ours alone, nobody has taken it back, and the agent may read it. */
const isSaid = ({ kind, direction, closed, erased_at, delivery, moved_to }: Entry): boolean =>
  kind === 'message' &&
  direction !== 'internal' &&
  !closed &&
  erased_at === null &&
  moved_to === null &&
  delivery !== 'cancelled' &&
  delivery !== 'failed' &&
  delivery !== 'scheduled';

/** The oldest first. */
async function entriesOf({ id, customer_id, created_at }: Conversation): Promise<Entry[]> {
  const all: Entry[] = [];
  let before: Entry | undefined;
  for (let i = 0; i < PAGES_MAX; i++) {
    const { entries } = await call('timeline.page', {
      customer_id,
      kinds: ['message'],
      limit: PAGE,
      ...(before ? { before_at: before.occurred_at, before_id: before.id } : {}),
    });
    const newestFirst = entries.toSorted((a, b) => b.occurred_at.localeCompare(a.occurred_at) || b.id.localeCompare(a.id));
    all.push(...newestFirst.filter((entry) => entry.conversation_id === id && isSaid(entry)));
    before = newestFirst.at(-1);
    // A little before it began, as clocks are not set alike.
    if (entries.length < PAGE || !before || Date.parse(before.occurred_at) < Date.parse(created_at) - 86_400_000) break;
  }
  return all.reverse();
}

const authorOf = (entry: Entry, person: string): string => entry.author_name ?? (entry.direction === 'in' ? person : t('author.agent'));

/** As it is read, and as Markdown. */
function words(entry: Entry, person: string): { plain: string; markdown: string } {
  const who = `${authorOf(entry, person)} · ${dateTime(millis(entry.occurred_at) ?? 0)} · ${mediumName(entry.medium)}`;
  const files = (entry.attachments ?? []).map(({ name }) => `[${t('transcript.file', { name: name ?? '' })}]`).join('\n');
  const said = [entry.text ?? '', files].filter((part) => part !== '').join('\n');
  return { plain: `${who}\n${said}`, markdown: `**${markdownOf({ text: who })}**\n${markdownOf({ text: said })}` };
}

/** As many as go with one answer; the others are named in the text. */
async function filesOf(entries: readonly Entry[]): Promise<Upload[]> {
  const kept: Upload[] = [];
  let bytes = 0;
  for (const { id, attachments } of entries) {
    if (kept.length >= MESSAGE_FILES_MAX) break;
    if (!(attachments ?? []).some(({ url, size }) => url && bytes + (size ?? 0) <= MAIL_FILES_BYTES)) continue;
    for (const file of (await call('entry.files', { id })).files) {
      if (kept.length >= MESSAGE_FILES_MAX || bytes + (file.size ?? 0) > MAIL_FILES_BYTES) continue;
      kept.push({ ...file, cid: null }); // its words say where it was
      bytes += file.size ?? 0;
    }
  }
  return kept;
}

/** Begins it, to somebody; what was begun to them stays below. */
export async function beginTranscript(customerId: string, conversation: Conversation): Promise<void> {
  const person = conversation.customer_name ?? '';
  const entries = await entriesOf(conversation);
  const parts = entries.map((entry) => words(entry, person));
  let from = parts.length;
  for (let room = LONGEST; from > 0; from--) {
    room -= lengthOf(parts[from - 1]?.markdown ?? '', 'bytes') + 2;
    if (room < 0) break;
  }
  const intro = t('transcript.intro', { n: conversation.number ?? 0 });
  const cut = from > 0 ? [t('transcript.cut', { count: from })] : [];
  const shown = parts.slice(from);
  const mail = entries.findLast(({ medium }) => medium === 'email');
  const [files, way] = await Promise.all([filesOf(entries.slice(from)), mail ? wayLike(mail, customerId) : null]);
  const now = draftOf(customerId).get();
  takeDraft(customerId, {
    ...now,
    mode: 'reply',
    fresh: true,
    answers: null,
    cc: null,
    bcc: [],
    way: way ?? now.way,
    subject: t('transcript.subject', { subject: conversation.subject || intro }).slice(0, 250),
    rich: true,
    text: [
      markdownOf({ text: intro }),
      ...cut.map((text) => markdownOf({ text })),
      ...shown.map(({ markdown }) => markdown),
      ...(now.text ? [markdownOf(now)] : []),
    ].join('\n\n'),
    plain: [intro, ...cut, ...shown.map(({ plain }) => plain), ...(now.text ? [plainOf(now)] : [])].join('\n\n'),
    files: [...now.files, ...files],
  });
}
