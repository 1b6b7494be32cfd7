import type { Entry } from '@throughline/protocol';
import { authorAction } from '../actions/entry.ts';
import { attempt } from '../actions/remote.ts';
import { customerOf, route } from '../app/route.ts';
import { useT } from '../i18n/index.ts';
import { useStore } from '../lib/store.ts';
import { me } from '../session/session.ts';
import { Button } from '../ui/Button.tsx';
import { forwardedFrom } from './forwarded.ts';
import { usePerson } from './person.ts';
import styles from './Forwarded.module.css';

/** In a mail that was passed on: whose it was, and one click that files it there. */
export function Forwarded({ entry }: { entry: Entry }) {
  const t = useT();
  const customerId = useStore(route, customerOf);
  const from = forwardedFrom(entry);
  const isTheirs = usePerson(
    customerId,
    (person) => person.customer?.identities.some(({ kind, value }) => kind === 'email' && value === from?.address) ?? true,
  );
  if (!from) return null;
  const { name, address } = from;
  const short = name ?? address ?? '';
  const context = customerId && !isTheirs ? { entry, customerId, agent: me() } : null;
  return (
    <p className={styles.line} role="group" aria-label={t('forwarded.label')} title={from.date ?? undefined}>
      <span>{t('forwarded.by', { who: name && address ? `${name} <${address}>` : short })}</span>
      {context && authorAction.when(context) && (
        <Button small icon={authorAction.icon} onClick={() => attempt(authorAction, context)}>
          {t('forwarded.is_customer', { name: short })}
        </Button>
      )}
    </p>
  );
}
