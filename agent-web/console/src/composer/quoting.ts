// Words of a mail under an answer, and a mail that is sent on to somebody else.
import type { Entry, Upload } from '@throughline/protocol';
import { call } from '../connection/client.ts';
import { t } from '../i18n/index.ts';
import { dateTime, millis } from '../lib/format.ts';
import { people, splitQuote } from '../timeline/payload.ts';
import { draftOf, markdownOf, plainOf, type Draft } from './drafts.ts';
import { isWebPicture, markdownPicture, pictureWords } from './pictures.ts';
import { newCid } from './uploads.ts';

const LONGEST = 20_000;

const authorOf = (mail: Entry): string => people(mail, 'from')[0] ?? mail.author_name ?? '';
const whenOf = (mail: Entry): string => dateTime(millis(mail.occurred_at) ?? 0);
const quoted = (text: string): string =>
  text
    .split('\n')
    .map((line) => (line === '' ? '>' : `> ${line}`))
    .join('\n');

/** A file that comes along: one that the mail shows in its words has a Content-ID of our own, and the one by which the mail calls it. */
interface Brought {
  file: Upload;
  was: string | null;
}

const brought = (file: Upload): Brought =>
  file.cid && isWebPicture(file) ? { file: { ...file, cid: newCid() }, was: file.cid } : { file: { ...file, cid: null }, was: null };

/** Handles for what the mail holds. */
async function filesOfMail({ id, attachments }: Entry, wanted: (file: { inline: boolean }) => boolean): Promise<Brought[]> {
  if (!(attachments ?? []).some((file) => file.url && wanted(file))) return [];
  return (await call('entry.files', { id })).files.map(brought);
}

/** Letters that nobody types: between them the number of a picture that stands there. */
const MARKS = /\uE000(\d*)\uE001/g;
const markOf = (index: number): string => `\uE000${index}\uE001`;

/** Pictures stand where the words name them, as mail programs do it, and else below. */
function marked(words: string, pictures: readonly { name: string; was: string | null }[]): string {
  let text = words.replace(/[\uE000\uE001]/g, '');
  for (const [index, { name, was }] of pictures.entries()) {
    const found = [pictureWords(name), `[cid:${was}]`].find((one) => text.includes(one));
    text = found === undefined ? `${text}\n${markOf(index)}` : text.replace(found, markOf(index));
  }
  return text;
}

/** As plain words, and as the Markdown that shows the same. */
function quoteOf(intro: string, words: string, files: readonly Brought[]): { plain: string; markdown: string } {
  const cut = words.length > LONGEST ? `${words.slice(0, LONGEST)}…` : words;
  const pictures = files.flatMap(({ file, was }) => (file.cid ? [{ name: file.name ?? '', cid: file.cid, was }] : []));
  const text = marked(cut, pictures);
  const filled = (by: (name: string, cid: string) => string, of: string): string =>
    of.replace(MARKS, (_, index: string) => by(pictures[Number(index)]?.name ?? '', pictures[Number(index)]?.cid ?? ''));
  return {
    plain: `${intro}\n${quoted(filled(pictureWords, text))}`,
    markdown: `${markdownOf({ text: intro })}\n\n${quoted(filled((name, cid) => markdownPicture(cid, name), markdownOf({ text })))}`,
  };
}

function withQuote(now: Draft, { plain, markdown }: ReturnType<typeof quoteOf>, files: readonly Brought[]): Draft {
  return {
    ...now,
    files: [...now.files, ...files.map(({ file }) => file)],
    text: `${markdownOf(now)}\n\n${markdown}`,
    rich: true,
    plain: `${plainOf(now)}\n\n${plain}`,
  };
}

/** Under what is written already, with the pictures that it shows in its words. */
export async function quoteMail(customerId: string, mail: Entry): Promise<void> {
  const pictures = (await filesOfMail(mail, ({ inline }) => inline)).filter(({ was }) => was !== null);
  const quote = quoteOf(t('quote.intro', { name: authorOf(mail), when: whenOf(mail) }), splitQuote(mail)[0], pictures);
  draftOf(customerId).set((now) => withQuote(now, quote, pictures));
}

/** The channel of the mail, where it can write to them: who gets it is to see the address that the customer wrote to. */
export async function wayLike({ channel_id }: Entry, customerId: string): Promise<Draft['way']> {
  const { ways } = await call('customer.reach', { customer_id: customerId });
  const way = ways.find((one) => one.usable && one.channel_id === channel_id);
  return way?.identity_id ? { identity_id: way.identity_id, channel_id: way.channel_id } : null;
}

/** A new mail with the words and the files of another; pictures that it shows stand in the words. */
export async function forwardMail(customerId: string, mail: Entry): Promise<void> {
  const rows: [string, string][] = [
    [t('details.from'), authorOf(mail)],
    [t('quote.date'), whenOf(mail)],
    [t('composer.subject'), mail.subject ?? ''],
    [t('details.to'), people(mail, 'to').join(', ')],
  ];
  const head = rows.filter(([, value]) => value !== '').map(([name, value]) => `${name}: ${value}`);
  const words = `${head.join('\n')}\n\n${mail.text ?? ''}`;
  const [files, way] = await Promise.all([filesOfMail(mail, () => true), wayLike(mail, customerId)]);
  draftOf(customerId).set((now) => ({
    ...withQuote({ ...now, mode: 'reply', fresh: true, answers: null, cc: null, bcc: [] }, quoteOf(t('quote.forwarded'), words, files), files),
    way: way ?? now.way,
    subject: `Fwd: ${(mail.subject ?? '').replace(/^(fwd?|wg|tr):\s*/i, '')}`.slice(0, 250),
  }));
}
