import { KeyRound, Plus } from 'lucide-react';
import { useState } from 'react';
import type { Token } from '@throughline/protocol';
import { call } from '../connection/client.ts';
import { useT } from '../i18n/index.ts';
import { dateTime, millis } from '../lib/format.ts';
import { Button } from '../ui/Button.tsx';
import { Dialog } from '../ui/Dialog.tsx';
import { Empty } from '../ui/Empty.tsx';
import { toast, toastError } from '../ui/toasts.ts';
import { useDirectory } from '../directory/directory.ts';
import { NewTokenDialog, type Scope } from './NewTokenDialog.tsx';
import { Page } from './Page.tsx';
import { Problem } from './Problem.tsx';
import { useLoaded } from '../lib/useLoaded.ts';
import styles from './rows.module.css';

export function TokensPage() {
  const t = useT();
  const list = useLoaded(() => call('token.list', {}));
  const [adding, setAdding] = useState(false);
  const [ending, setEnding] = useState<Token | null>(null);
  const tokens = list.value?.tokens ?? [];
  if (list.error && !list.value) return <Problem text={list.error} again={list.reload} />;
  return (
    <Page
      title={t('settings.tokens')}
      lead={t('tokens.lead')}
      action={
        <Button look="primary" icon={Plus} onClick={() => setAdding(true)}>
          {t('tokens.add')}
        </Button>
      }
    >
      {list.value && tokens.length === 0 && <Empty icon={KeyRound} title={t('tokens.none')} text={t('tokens.none_text')} />}
      {tokens.length > 0 && (
        <ul className={styles.rows}>
          {tokens.map((token) => (
            <Row key={token.id} token={token} onEnd={() => setEnding(token)} />
          ))}
        </ul>
      )}
      {adding && <NewTokenDialog onMade={list.reload} onClose={() => setAdding(false)} />}
      {ending && <EndDialog token={ending} onEnded={list.reload} onClose={() => setEnding(null)} />}
    </Page>
  );
}

function Row({ token, onEnd }: { token: Token; onEnd: () => void }) {
  const t = useT();
  const made = millis(token.created_at);
  const ended = millis(token.revoked_at);
  const ends = millis(token.expires_at);
  const used = millis(token.used_at);
  const { channelById } = useDirectory();
  return (
    <li className={styles.row} data-off={ended !== null || undefined}>
      <KeyRound size={18} aria-hidden />
      <span className={styles.main}>
        <b>{token.name}</b>
        <small>
          {[made !== null && t('tokens.made', { at: dateTime(made) }), ends === null ? t('tokens.no_end') : t('tokens.ends', { at: dateTime(ends) })]
            .filter(Boolean)
            .join(' · ')}
        </small>
        <small>{used === null ? t('tokens.unused') : t('tokens.used_last', { at: dateTime(used), address: token.used_address ?? '' })}</small>
        {token.channels.length > 0 && <small>{t('tokens.into', { channels: token.channels.map((id) => channelById.get(id)?.name ?? '?').join(', ') })}</small>}
      </span>
      {token.scopes.map((scope) => (
        <span key={scope} className={styles.mark}>
          {t(`scope.${scope as Scope}`)}
        </span>
      ))}
      {!token.scopes.includes('put') && <span className={styles.mark}>{t(`role.${token.role}`)}</span>}
      {ended !== null ? (
        <span className={styles.mark} data-tone="bad">
          {t('tokens.revoked', { at: dateTime(ended) })}
        </span>
      ) : (
        <Button look="danger" onClick={onEnd}>
          {t('tokens.revoke')}
        </Button>
      )}
    </li>
  );
}

function EndDialog({ token, onEnded, onClose }: { token: Token; onEnded: () => void; onClose: () => void }) {
  const t = useT();
  const end = async () => {
    try {
      await call('token.revoke', { id: token.id });
      toast(t('tokens.ended', { name: token.name }));
      onEnded();
      onClose();
    } catch (error) {
      toastError(error);
    }
  };
  return (
    <Dialog title={t('tokens.revoke_title', { name: token.name })} text={t('tokens.revoke_text')} onClose={onClose}>
      <div className={styles.buttons}>
        <Button look="danger" onClick={() => void end()}>
          {t('tokens.revoke')}
        </Button>
        <Button onClick={onClose}>{t('ui.cancel')}</Button>
      </div>
    </Dialog>
  );
}
