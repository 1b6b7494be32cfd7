import type { Entry } from '@throughline/protocol';
import { Bot, Pin, ShieldAlert } from 'lucide-react';
import { useDirectory } from '../directory/directory.ts';
import { useT } from '../i18n/index.ts';
import { useStore } from '../lib/store.ts';
import { me } from '../session/session.ts';
import { ChannelIcon } from '../ui/ChannelIcon.tsx';
import { mediumName } from '../ui/medium.ts';
import { When } from '../ui/When.tsx';
import { text } from './payload.ts';
import { usePerson } from './person.ts';
import { customerOf, route } from '../app/route.ts';
import styles from './EntryHead.module.css';
import { nameOf, personName } from '../lib/personName.ts';

/** Who, by what, when. */
export function EntryHead({ entry }: { entry: Entry }) {
  const t = useT();
  const who = useAuthor(entry);
  const forged = text(entry, 'auth') === 'fail';
  return (
    <p className={styles.head}>
      <ChannelIcon medium={entry.medium} size={14} silent />
      <bdi className={styles.who}>{who}</bdi>
      <span>{mediumName(entry.medium)}</span>
      <BotMark entry={entry} />
      {entry.direction === 'out' && text(entry, 'address') && <span>{t('entry.to', { address: text(entry, 'address') ?? '' })}</span>}
      {entry.payload?.auto === true && (
        <span className={styles.auto}>
          <Bot size={13} aria-hidden /> {t('mail.automatic')}
        </span>
      )}
      {forged && (
        <span className={styles.forged}>
          <ShieldAlert size={13} aria-hidden /> {t('mail.unproven')}
        </span>
      )}
      {text(entry, 'edited_at') && <span>{t('entry.edited')}</span>}
      {entry.pinned && (
        <span className={styles.pinned}>
          <Pin size={12} aria-hidden /> {t('entry.pinned')}
        </span>
      )}
      <When at={entry.occurred_at} clock />
    </p>
  );
}

/** That a program has written it, and nobody of us. */
export function BotMark({ entry }: { entry: Entry }) {
  const t = useT();
  if (entry.author_kind !== 'bot') return null;
  return (
    <span className={styles.bot}>
      <Bot size={13} aria-hidden /> {t('author.is_bot')}
    </span>
  );
}

export function useAuthor(entry: Entry): string {
  const t = useT();
  const { agentById } = useDirectory();
  const current = useStore(route, customerOf);
  const name = usePerson(current, ({ customer }) => (customer ? nameOf(customer) : null));
  // Who wrote a letter is not who has written it down here.
  if (entry.medium === 'letter' && entry.direction === 'in') return personName(name);
  if (entry.author_kind === 'customer') return personName(entry.author_name, name);
  if (entry.author_kind === 'bot') return entry.author_name || t('author.is_bot');
  if (entry.author_kind === 'system') return entry.author_name || t('author.system');
  if (entry.author_id && entry.author_id === me()?.id) return t('author.you');
  return entry.author_name || (entry.author_id && agentById.get(entry.author_id)?.name) || t('author.agent');
}
