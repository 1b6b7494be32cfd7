import { useState, type FormEvent } from 'react';
import { CallError, type Agent } from '@throughline/protocol';
import { call } from '../connection/client.ts';
import { loadAgents } from '../directory/directory.ts';
import { LANGUAGES, useT } from '../i18n/index.ts';
import { agentChanged, me } from '../session/session.ts';
import { Button } from '../ui/Button.tsx';
import { Dialog } from '../ui/Dialog.tsx';
import { Choice, Field } from '../ui/Field.tsx';
import { reasonOf, toast } from '../ui/toasts.ts';
import { Sessions } from './Sessions.tsx';
import styles from './rows.module.css';

export const ROLES = ['agent', 'supervisor', 'admin'] as const;

export function AgentDialog({ agent, onClose }: { agent: Agent | null; onClose: () => void }) {
  const t = useT();
  const [name, setName] = useState(agent?.name ?? '');
  const [email, setEmail] = useState(agent?.email ?? '');
  const [password, setPassword] = useState('');
  const [role, setRole] = useState<Agent['role']>(agent?.role ?? 'agent');
  const [language, setLanguage] = useState(agent?.language ?? 'en');
  const [active, setActive] = useState(agent?.active ?? true);
  const [problem, setProblem] = useState<{ field: string | null; text: string } | null>(null);

  const save = async (event: FormEvent) => {
    event.preventDefault();
    try {
      const changed = agent
        ? await call('agent.update', { id: agent.id, name, role, language, active: active ? 'yes' : 'no', ...(password ? { password } : {}) })
        : await call('agent.create', { email, name, role, password, language });
      agentChanged(changed);
      await loadAgents();
      toast(t('agents.saved', { name }));
      onClose();
    } catch (error) {
      setProblem({ field: error instanceof CallError ? error.field : null, text: reasonOf(error) });
    }
  };
  const wrong = (field: string) => (problem?.field === field ? problem.text : null);
  const own = agent !== null && agent.id === me()?.id;
  return (
    <Dialog title={agent ? t('agents.edit', { name: agent.name }) : t('agents.add')} onClose={onClose}>
      <form className={styles.form} onSubmit={(event) => void save(event)} autoComplete="off">
        <Field
          label={t('agents.name')}
          hint={t('agents.name_hint')}
          error={wrong('name')}
          required
          maxLength={100}
          value={name}
          onChange={(event) => setName(event.target.value)}
        />
        {!agent && (
          <Field label={t('login.email')} type="email" error={wrong('email')} required value={email} onChange={(event) => setEmail(event.target.value)} />
        )}
        {!own && (
          <Field
            label={agent ? t('agents.new_password') : t('login.password')}
            hint={[t('agents.password_hint'), agent && t('agents.new_password_hint')].filter(Boolean).join(' ')}
            error={wrong('password')}
            type="password"
            autoComplete="new-password"
            required={!agent}
            value={password}
            onChange={(event) => setPassword(event.target.value)}
          />
        )}
        <div className={styles.pair}>
          <Choice
            label={t('agents.role')}
            value={role}
            options={ROLES.map((value) => ({ value, name: t(`role.${value}`) }))}
            hint={t(`role.${role}.text`)}
            onChange={(value) => setRole(value as Agent['role'])}
          />
          <Choice
            label={t('account.language')}
            value={language}
            options={LANGUAGES.map((value) => ({ value, name: t(`language.${value}`) }))}
            onChange={setLanguage}
          />
        </div>
        {agent && !own && (
          <Choice
            label={t('agents.may_log_in')}
            value={active ? 'yes' : 'no'}
            options={[
              { value: 'yes', name: t('ui.yes') },
              { value: 'no', name: t('ui.no') },
            ]}
            hint={t('agents.may_log_in_hint')}
            onChange={(value) => setActive(value === 'yes')}
          />
        )}
        <p role="alert" className={styles.problem}>
          {problem && !['name', 'email', 'password'].includes(problem.field ?? '') ? problem.text : ''}
        </p>
        <div className={styles.buttons}>
          <Button look="primary" type="submit">
            {t('ui.save')}
          </Button>
          <Button onClick={onClose}>{t('ui.cancel')}</Button>
        </div>
      </form>
      {agent && !own && (
        <section className={styles.form} aria-label={t('agents.sessions')}>
          <h3>{t('agents.sessions')}</h3>
          <Sessions agentId={agent.id} />
        </section>
      )}
    </Dialog>
  );
}
