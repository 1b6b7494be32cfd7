import type { Access } from '@throughline/protocol';
import { useState } from 'react';
import { call } from '../connection/client.ts';
import { useT } from '../i18n/index.ts';
import { number } from '../lib/format.ts';
import { useLoaded } from '../lib/useLoaded.ts';
import { Avatar } from '../ui/Avatar.tsx';
import { Button } from '../ui/Button.tsx';
import { Dialog } from '../ui/Dialog.tsx';
import { toastError } from '../ui/toasts.ts';
import { When } from '../ui/When.tsx';
import styles from './form.module.css';
import { personName } from '../lib/personName.ts';

/** Who has looked at this person. */
export function LookedDialog({ customerId, name, onClose }: { customerId: string; name: string; onClose: () => void }) {
  const t = useT();
  const first = useLoaded(() => call('privacy.accesses', { customer_id: customerId, limit: 50 }), customerId);
  const [older, setOlder] = useState<readonly Access[]>([]);
  const [more, setMore] = useState<boolean | null>(null);
  const rows = [...(first.value?.accesses ?? []), ...older];
  const load = () => {
    call('privacy.accesses', { customer_id: customerId, before_at: rows.at(-1)?.last_at ?? null, limit: 50 })
      .then((page) => {
        setOlder([...older, ...page.accesses]);
        setMore(page.more);
      })
      .catch(toastError);
  };
  return (
    <Dialog title={t('looked.title', { name: personName(name) })} text={t('looked.text')} onClose={onClose}>
      {first.error && (
        <p role="alert" className={styles.problem}>
          {first.error}
        </p>
      )}
      {first.value && rows.length === 0 && <p className={styles.text}>{t('looked.nobody')}</p>}
      <ul className={styles.rows}>
        {rows.map((row, index) => {
          const who = row.agent_name ?? row.token_name ?? t('author.system');
          return (
            <li key={index}>
              <Avatar name={who} size={28} />
              <span>
                <b>{who}</b>
                <br />
                <small>
                  {t(`looked.${row.what}`)}
                  {(row.count ?? 1) > 1 && ` · ${t('looked.times', { n: number(row.count ?? 1) })}`}
                </small>
              </span>
              <small>
                <When at={row.last_at} />
              </small>
            </li>
          );
        })}
      </ul>
      {(more ?? first.value?.more) && (
        <Button small look="quiet" onClick={load}>
          {t('ui.more')}
        </Button>
      )}
    </Dialog>
  );
}
