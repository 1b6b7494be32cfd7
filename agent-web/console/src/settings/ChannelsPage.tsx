import { CircleAlert, Plus, Radio } from 'lucide-react';
import { useEffect } from 'react';
import type { Channel } from '@throughline/protocol';
import { goSettings, hrefOf } from '../app/route.ts';
import { loadChannels, useDirectory } from '../directory/directory.ts';
import { useT } from '../i18n/index.ts';
import { channelType, saidAll } from '../i18n/said.ts';
import { millis, since, waited } from '../lib/format.ts';
import { useNow } from '../lib/now.ts';
import { Button } from '../ui/Button.tsx';
import { ChannelIcon } from '../ui/ChannelIcon.tsx';
import { Empty } from '../ui/Empty.tsx';
import { toastError } from '../ui/toasts.ts';
import { isLate, secretWarning, standsFor } from './fault.ts';
import { Page } from './Page.tsx';
import styles from './rows.module.css';

const AGAIN_MS = 15_000;

export function ChannelsPage() {
  const t = useT();
  const { channels } = useDirectory();
  useEffect(() => {
    loadChannels().catch(toastError);
    const timer = setInterval(() => void loadChannels().catch(() => undefined), AGAIN_MS);
    return () => clearInterval(timer);
  }, []);
  const add = (
    <Button look="primary" icon={Plus} onClick={() => goSettings('channels', 'new')}>
      {t('channels.add')}
    </Button>
  );
  if (channels.length === 0)
    return (
      <Empty icon={Radio} title={t('channels.none')} text={t('channels.none_text')}>
        {add}
      </Empty>
    );
  return (
    <Page title={t('settings.channels')} lead={t('channels.lead')} action={add}>
      <div className={styles.rows}>
        {channels.map((channel) => (
          <Row key={channel.id} channel={channel} />
        ))}
      </div>
    </Page>
  );
}

function Row({ channel }: { channel: Channel }) {
  const t = useT();
  const now = useNow();
  const last = millis(channel.last_event_at);
  const failures = channel.failures ?? 0;
  const collecting = [...(channel.mailbox?.problem ?? []), ...(channel.mailbox?.after_problem ?? []), ...(channel.mailbox?.sent_problem ?? [])];
  const stands = standsFor(channel, now);
  const held = channel.active && channel.mailbox && (channel.mailbox.problem.length > 0 || isLate(channel.mailbox, now));
  return (
    <a className={styles.row} data-off={!channel.active || undefined} href={hrefOf({ page: 'settings', section: 'channels', rest: [channel.id] })}>
      <ChannelIcon medium={channel.medium} round />
      <span className={styles.main}>
        <b>{channel.name}</b>
        <small>
          {saidAll([...channel.problem, ...(stands !== null && channel.problem.length === 0 ? channel.unsent_error : []), ...collecting]) ||
            channelType(channel.type)}
        </small>
      </span>
      {!channel.active && <span className={styles.mark}>{t('channels.off')}</span>}
      {channel.problem.length > 0 && (
        <span className={styles.mark} data-tone="warn">
          <CircleAlert size={13} aria-hidden /> {t('channels.problem')}
        </span>
      )}
      {held && (
        <span className={styles.mark} data-tone="warn">
          <CircleAlert size={13} aria-hidden /> {t('channels.not_fetched')}
        </span>
      )}
      {channel.active && secretWarning(channel) && (
        <span className={styles.mark} data-tone="warn">
          <CircleAlert size={13} aria-hidden /> {t('sign_in.secret')}
        </span>
      )}
      {stands !== null && (
        <span className={styles.mark} data-tone="bad" title={t('channels.stands_text', { span: waited(stands) })}>
          <CircleAlert size={13} aria-hidden /> {t('channels.stands')}
        </span>
      )}
      {failures > 0 && (
        <span className={styles.mark} data-tone="bad">
          <CircleAlert size={13} aria-hidden /> {t('channels.failures', { count: failures })}
        </span>
      )}
      <span className={styles.end}>{last === null ? t('channels.never') : t('channels.last_event', { at: since(last, now) })}</span>
    </a>
  );
}
