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
import { personName } from '../lib/personName.ts';

const PAGE = 50;

/** Visitors of chats, and addresses, that may not write. */
export function BlockedPage() {
  const t = useT();
  const first = useLoaded(() => call('visitor.blocks', { limit: PAGE }));
  const [older, setOlder] = useState<readonly ChatBlock[]>([]);
  const [more, setMore] = useState<boolean | null>(null);
  const [ended, setEnded] = useState<readonly string[]>([]);
  const read = [...(first.value?.blocks ?? []), ...older];
  const isMore = more ?? first.value?.more ?? false;
  const blocks = read.filter(({ id }) => !ended.includes(id));
  const load = () => {
    call('visitor.blocks', { limit: PAGE, before_id: read.at(-1)?.id ?? null })
      .then((page) => {
        setOlder([...older, ...page.blocks]);
        setMore(page.more);
      })
      .catch(toastError);
  };
  if (first.error && !first.value) return <Problem text={first.error} again={first.reload} />;
  return (
    <Page title={t('settings.blocked')} lead={t('blocked.lead')}>
      {first.value && blocks.length === 0 && !isMore && <Empty icon={Ban} title={t('blocked.none')} text={t('blocked.none_text')} />}
      {blocks.length > 0 && (
        <ul className={styles.rows}>
          {blocks.map((block) => (
            <Row key={block.id} block={block} onEnded={() => setEnded((all) => [...all, block.id])} />
          ))}
        </ul>
      )}
      {isMore && (
        <Button small look="quiet" onClick={load}>
          {t('ui.more')}
        </Button>
      )}
    </Page>
  );
}

function Row({ block, onEnded }: { block: ChatBlock; onEnded: () => void }) {
  const t = useT();
  const [busy, setBusy] = useState(false);
  const name = block.address ?? (block.name ? personName(block.name) : t('role.visitor'));
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
