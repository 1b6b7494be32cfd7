import { useState } from 'react';
import type { Channel } from '@throughline/protocol';
import { call } from '../connection/client.ts';
import { loadChannels } from '../directory/directory.ts';
import { useT } from '../i18n/index.ts';
import { DAY, dateShort, dateTime, inputTime, millis, since, timeOfInput } from '../lib/format.ts';
import { useNow } from '../lib/now.ts';
import { Button } from '../ui/Button.tsx';
import { Field } from '../ui/Field.tsx';
import { toast, toastError } from '../ui/toasts.ts';
import { faultsIn, faultsOut } from './fault.ts';
import { Card } from './Page.tsx';
import styles from './rows.module.css';

type Mailbox = NonNullable<Channel['mailbox']>;

/** What the server has seen in the mailbox. */
interface Found {
  count: number;
  oldest: string | null;
  newest: string | null;
  mails: { at: string; from: string | null; subject: string | null }[];
  folders: { name: string }[];
}

const FIRST_DAYS = 30;

/** Where the collecting of a mailbox stands, and from when on mail comes in. */
export function MailboxCard({ channel, mailbox }: { channel: Channel; mailbox: Mailbox }) {
  const t = useT();
  const now = useNow();
  const looked = millis(mailbox.looked_at);
  const lastIn = millis(mailbox.in_at);
  const fetched = [
    looked === null ? t('mailbox.never_looked') : t('mailbox.looked', { at: since(looked, now) }),
    lastIn === null ? t('mailbox.none_in') : t('mailbox.last_in', { at: dateTime(lastIn) }),
  ].join(' · ');
  const pause = millis(mailbox.slowed_until);
  const slowed = pause === null ? null : t('mailbox.slowed', { at: dateTime(pause) });
  return (
    <Card title={t('mailbox.title')}>
      <div className={styles.form}>
        <table className={styles.table}>
          <tbody>
            {whose(channel) && (
              <tr>
                <th scope="row">{t('mailbox.whose')}</th>
                <td>{whose(channel)}</td>
              </tr>
            )}
            <Direction name={t('mailbox.in')} faults={faultsIn(channel, now)} fine={slowed ?? (mailbox.started_at ? fetched : t('mailbox.not_started'))} />
            <Direction name={t('mailbox.out')} faults={faultsOut(channel)} fine={t('mailbox.out_fine')} />
          </tbody>
        </table>
        {!mailbox.started_at && <WhatLiesThere mailbox={mailbox} />}
        <FromWhen id={channel.id} started={mailbox.started_at !== null} />
      </div>
    </Card>
  );
}

/** A shared mailbox, or that of who signs in. */
const whose = ({ settings, mailbox }: Channel): string =>
  [settings?.mailbox, settings?.imap_user, settings?.user, mailbox?.signed_in_as].find((one): one is string => typeof one === 'string' && one !== '') ?? '';

function Direction({ name, faults, fine }: { name: string; faults: string[]; fine: string }) {
  return (
    <tr>
      <th scope="row">{name}</th>
      <td>
        {faults.length === 0 && fine}
        {faults.map((fault) => (
          <p key={fault} className={styles.problem}>
            {fault}
          </p>
        ))}
      </td>
    </tr>
  );
}

function WhatLiesThere({ mailbox: { found, problem, tried_at } }: { mailbox: Mailbox }) {
  const t = useT();
  const seen = found as Found | null;
  if (!seen) return problem.length === 0 ? <p role="status">{t('mailbox.looking')}</p> : null;
  const day = (at: string | null): string => dateShort(millis(at) ?? 0);
  return (
    <>
      {tried_at && <p>{t('mailbox.found', { count: seen.count, from: day(seen.oldest), to: day(seen.newest) })}</p>}
      {seen.mails.length > 0 && (
        <table className={styles.table}>
          <thead>
            <tr>
              <th colSpan={3}>{t('mailbox.newest')}</th>
            </tr>
          </thead>
          <tbody>
            {seen.mails.map((mail, place) => (
              <tr key={place}>
                <td>{day(mail.at)}</td>
                <td>{mail.from}</td>
                <td>{mail.subject}</td>
              </tr>
            ))}
          </tbody>
        </table>
      )}
      <p className={styles.hint}>{t('mailbox.folders', { names: seen.folders.map((folder) => folder.name).join(', ') })}</p>
    </>
  );
}

function FromWhen({ id, started }: { id: string; started: boolean }) {
  const t = useT();
  const [from, setFrom] = useState(() => inputTime(Date.now() - FIRST_DAYS * DAY).slice(0, 10));
  const run = async (what: () => Promise<unknown>, done: string | null) => {
    try {
      await what();
      if (done) toast(done);
    } catch (error) {
      toastError(error);
    }
    await loadChannels().catch(() => undefined);
  };
  const start = (moment?: number) =>
    run(() => call('mailbox.start', { channel_id: id, ...(moment === undefined ? {} : { since: new Date(moment).toISOString() }) }), t('mailbox.started'));
  const sinceDay = () => void start(Math.min(timeOfInput(`${from}T00:00`), Date.now()));
  return (
    <>
      <p>{t(started ? 'mailbox.again_text' : 'mailbox.from_when')}</p>
      <Field
        type="date"
        label={t('mailbox.since')}
        hint={started ? null : t('mailbox.from_when_text')}
        value={from}
        onChange={(event) => setFrom(event.target.value)}
      />
      <div className={styles.buttons}>
        {!started && (
          <Button look="primary" onClick={() => void start()}>
            {t('mailbox.only_new')}
          </Button>
        )}
        <Button disabled={!from} onClick={sinceDay}>
          {t(started ? 'mailbox.again' : 'mailbox.start')}
        </Button>
        <Button look="quiet" onClick={() => void run(() => call('mailbox.try', { channel_id: id }), null)}>
          {t('mailbox.try')}
        </Button>
      </div>
    </>
  );
}
