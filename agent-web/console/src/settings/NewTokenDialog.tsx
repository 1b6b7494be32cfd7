import { useState } from 'react';
import type { Token } from '@throughline/protocol';
import { call } from '../connection/client.ts';
import { useDirectory } from '../directory/directory.ts';
import { useT } from '../i18n/index.ts';
import { useAttempt } from '../lib/useAttempt.ts';
import { Button } from '../ui/Button.tsx';
import { Dialog } from '../ui/Dialog.tsx';
import { Choice, Field } from '../ui/Field.tsx';
import { ROLES } from './AgentDialog.tsx';
import { CopyLine } from './CopyLine.tsx';
import styles from './rows.module.css';

export type Scope = 'put' | 'read' | 'send' | 'administer';

/** What a token is for: the scopes that go with it. */
const USES = { put: ['put'], read: ['read'], bot: ['read', 'send'], administer: ['administer'] } satisfies Record<string, Scope[]>;
type Use = keyof typeof USES;
const DAYS = ['30', '365', 'never'] as const;
const DAY = 86_400_000;

const endOf = (days: (typeof DAYS)[number]) => (days === 'never' ? {} : { expires_at: new Date(Date.now() + Number(days) * DAY).toISOString() });

export function NewTokenDialog({ onMade, onClose }: { onMade: () => void; onClose: () => void }) {
  const t = useT();
  const [name, setName] = useState('');
  const [role, setRole] = useState<Token['role']>('agent');
  const [use, setUse] = useState<Use>('read');
  const [chosen, setChosen] = useState<readonly string[]>([]);
  const [days, setDays] = useState<(typeof DAYS)[number]>('365');
  const { channels } = useDirectory();
  const [secret, setSecret] = useState<string | null>(null);
  const { busy, problem, onSubmit } = useAttempt();
  const make = async () => {
    setSecret(
      (
        await call('token.create', {
          name,
          role: use === 'put' ? 'agent' : role,
          scopes: USES[use],
          channels: use === 'put' ? [...chosen] : [],
          ...endOf(days),
        })
      ).secret,
    );
    onMade();
  };
  return (
    <Dialog title={t('tokens.add')} onClose={onClose}>
      {secret === null ? (
        <form className={styles.form} onSubmit={onSubmit(make)}>
          <Field
            label={t('tokens.name')}
            hint={t('tokens.name_hint')}
            required
            maxLength={100}
            value={name}
            onChange={(event) => setName(event.target.value)}
          />
          <Choice
            label={t('tokens.may')}
            value={use}
            options={Object.keys(USES).map((value) => ({ value, name: t(`tokens.may_${value as Use}`) }))}
            hint={t(`tokens.may_${use}.text`)}
            onChange={(value) => setUse(value as Use)}
          />
          {use === 'put' && (
            <fieldset className={styles.ticks}>
              <legend>{t('tokens.channels')}</legend>
              {channels.map(({ id, name: channel }) => (
                <label key={id}>
                  <input
                    type="checkbox"
                    checked={chosen.includes(id)}
                    onChange={(event) => setChosen(event.target.checked ? [...chosen, id] : chosen.filter((one) => one !== id))}
                  />{' '}
                  {channel}
                </label>
              ))}
            </fieldset>
          )}
          {use !== 'put' && (
            <Choice
              label={t('agents.role')}
              value={role}
              options={ROLES.map((value) => ({ value, name: t(`role.${value}`) }))}
              hint={t(`role.${role}.text`)}
              onChange={(value) => setRole(value as Token['role'])}
            />
          )}
          <Choice
            label={t('tokens.good_for')}
            value={days}
            options={DAYS.map((value) => ({ value, name: t(`tokens.days_${value}`) }))}
            onChange={(value) => setDays(value as (typeof DAYS)[number])}
          />
          <p role="alert" className={styles.problem}>
            {problem}
          </p>
          <div className={styles.buttons}>
            <Button look="primary" type="submit" disabled={busy || (use === 'put' && chosen.length === 0)}>
              {t('tokens.create')}
            </Button>
          </div>
        </form>
      ) : (
        <div className={styles.form}>
          <div className={styles.once}>
            <p>{t('tokens.once')}</p>
            <CopyLine label={t('tokens.use')} value={secret} />
          </div>
          <div className={styles.buttons}>
            <Button look="primary" onClick={onClose}>
              {t('channels.done')}
            </Button>
          </div>
        </div>
      )}
    </Dialog>
  );
}
