// Words of a mail under an answer, and a mail that is sent on to somebody else.
import type { Entry } from '@throughline/protocol';
import { call } from '../connection/client.ts';
import { t } from '../i18n/index.ts';
import { dateTime, millis } from '../lib/format.ts';
import { people, splitQuote } from '../timeline/payload.ts';
import { draftOf, markdownOf, plainOf, type Draft } from './drafts.ts';

const LONGEST = 20_000;

const authorOf = (mail: Entry): string => people(mail, 'from')[0] ?? mail.author_name ?? '';
const whenOf = (mail: Entry): string => dateTime(millis(mail.occurred_at) ?? 0);
const quoted = (text: string): string =>
  text
    .split('\n')
    .map((line) => (line === '' ? '>' : `> ${line}`))
    .join('\n');

/** As plain words, and as the Markdown that shows the same. */
function quoteOf(intro: string, words: string): { plain: string; markdown: string } {
  const cut = words.length > LONGEST ? `${words.slice(0, LONGEST)}…` : words;
  return { plain: `${intro}\n${quoted(cut)}`, markdown: `${markdownOf({ text: intro })}\n\n${quoted(markdownOf({ text: cut }))}` };
}

function withQuote(now: Draft, { plain, markdown }: ReturnType<typeof quoteOf>): Draft {
  return { ...now, text: `${markdownOf(now)}\n\n${markdown}`, rich: true, plain: `${plainOf(now)}\n\n${plain}` };
}

/** Under what is written already. */
export function quoteMail(customerId: string, mail: Entry): void {
  const quote = quoteOf(t('quote.intro', { name: authorOf(mail), when: whenOf(mail) }), splitQuote(mail)[0]);
  draftOf(customerId).set((now) => withQuote(now, quote));
}

/** A new mail with the words and the files of another. False: the files could not be had, and it says so. */
export async function forwardMail(customerId: string, mail: Entry): Promise<void> {
  const rows: [string, string][] = [
    [t('details.from'), authorOf(mail)],
    [t('details.happened'), whenOf(mail)],
    [t('composer.subject'), mail.subject ?? ''],
    [t('details.to'), people(mail, 'to').join(', ')],
  ];
  const head = rows.filter(([, value]) => value !== '').map(([name, value]) => `${name}: ${value}`);
  const words = `${head.join('\n')}\n\n${mail.text ?? ''}`;
  const { files } = (mail.attachments ?? []).some(({ url }) => url) ? await call('entry.files', { id: mail.id }) : { files: [] };
  draftOf(customerId).set((now) => ({
    ...withQuote({ ...now, mode: 'reply', fresh: true, answers: null, cc: null, bcc: [] }, quoteOf(t('quote.forwarded'), words)),
    subject: `Fwd: ${(mail.subject ?? '').replace(/^(fwd?|wg|tr):\s*/i, '')}`.slice(0, 250),
    files: [...now.files, ...files],
  }));
}
