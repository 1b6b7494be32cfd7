import { Ban, Globe, UserRound } from 'lucide-react';
import { useState } from 'react';
import type { ChatBlock } from '@throughline/protocol';
import { personHref } from '../app/route.ts';
import { call } from '../connection/client.ts';
import { agentName } from '../directory/directory.ts';
import { useT } from '../i18n/index.ts';
import { useLoaded } from '../lib/useLoaded.ts';
import { Button } from '../ui/Button.tsx';
import { Empty } from '../ui/Empty.tsx';
import { toast, toastError } from '../ui/toasts.ts';
import { When } from '../ui/When.tsx';
import { Page } from './Page.tsx';
import { Problem } from './Problem.tsx';
import styles from './rows.module.css';

/** Visitors of chats, and addresses, that may not write. */
export function BlockedPage() {
  const t = useT();
  const list = useLoaded(() => call('visitor.blocks', {}));
  const blocks = list.value?.blocks ?? [];
  if (list.error && !list.value) return <Problem text={list.error} again={list.reload} />;
  return (
    <Page title={t('settings.blocked')} lead={t('blocked.lead')}>
      {list.value && blocks.length === 0 && <Empty icon={Ban} title={t('blocked.none')} text={t('blocked.none_text')} />}
      {blocks.length > 0 && (
        <ul className={styles.rows}>
          {blocks.map((block) => (
            <Row key={block.id} block={block} onEnded={list.reload} />
          ))}
        </ul>
      )}
    </Page>
  );
}

function Row({ block, onEnded }: { block: ChatBlock; onEnded: () => void }) {
  const t = useT();
  const [busy, setBusy] = useState(false);
  const name = block.address ?? (block.name || t('role.visitor'));
  const Icon = block.address ? Globe : UserRound;
  const end = async () => {
    setBusy(true);
    try {
      await call('visitor.unblock', { id: block.id });
      toast(t('blocked.ended', { name }));
      onEnded();
    } catch (error) {
      setBusy(false);
      toastError(error);
    }
  };
  return (
    <li className={styles.row}>
      <Icon size={18} aria-hidden />
      <span className={styles.main}>
        <b>{block.customer_id ? <a href={personHref(block.customer_id)}>{name}</a> : name}</b>
        <small>{[block.made_by && agentName(block.made_by), block.reason && `“${block.reason}”`].filter(Boolean).join(' · ')}</small>
      </span>
      <When at={block.made_at} className={styles.end} />
      <Button disabled={busy} onClick={() => void end()} aria-label={t('blocked.end_of', { name })}>
        {t('blocked.end')}
      </Button>
    </li>
  );
}
