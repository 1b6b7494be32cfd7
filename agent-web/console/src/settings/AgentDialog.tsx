import type { Agent } from '@throughline/protocol';
import { call } from '../connection/client.ts';
import { directory, loadAgents } from '../directory/directory.ts';
import { LANGUAGES, useT } from '../i18n/index.ts';
import { agentChanged, me } from '../session/session.ts';
import { Button } from '../ui/Button.tsx';
import { Dialog } from '../ui/Dialog.tsx';
import { Choice, Field } from '../ui/Field.tsx';
import { toast } from '../ui/toasts.ts';
import { useDraft } from './draft.ts';
import { Sessions } from './Sessions.tsx';
import styles from './rows.module.css';

export const ROLES = ['agent', 'supervisor', 'admin'] as const;

const valuesOf = (agent: Agent | null) => ({
  name: agent?.name ?? '',
  email: agent?.email ?? '',
  password: '',
  role: agent?.role ?? 'agent',
  language: agent?.language ?? 'en',
  active: (agent?.active ?? true) ? 'yes' : 'no',
});

type Typed = ReturnType<typeof valuesOf>;

function write({ name, email, password, language, ...typed }: Typed, base: Agent | null): Promise<Agent> {
  const role = ROLES.find((one) => one === typed.role) ?? 'agent';
  if (!base) return call('agent.create', { email, name, role, password, language });
  const active = typed.active === 'no' ? 'no' : 'yes';
  return call('agent.update', { id: base.id, name, role, language, active, version: base.version ?? 0, ...(password ? { password } : {}) });
}

async function reread(id: string | undefined): Promise<Agent | null> {
  await loadAgents();
  return directory.get().agentById.get(id ?? '') ?? null;
}

export function AgentDialog({ agent, onClose }: { agent: Agent | null; onClose: () => void }) {
  const t = useT();
  const save = async (typed: Typed, base: Agent | null) => {
    agentChanged(await write(typed, base));
    await loadAgents();
    toast(t('agents.saved', { name: typed.name }));
    onClose();
    return base;
  };
  const { values, set, submit, busy, problem, wrong } = useDraft<Agent, Typed>(agent, valuesOf, save, () => reread(agent?.id));
  const { name, email, password, role, language, active } = values;
  const own = agent !== null && agent.id === me()?.id;
  return (
    <Dialog title={agent ? t('agents.edit', { name: agent.name }) : t('agents.add')} onClose={onClose}>
      <form className={styles.form} onSubmit={submit} autoComplete="off">
        <Field
          label={t('agents.name')}
          hint={t('agents.name_hint')}
          error={wrong('name')}
          required
          maxLength={100}
          value={name}
          onChange={(event) => set('name')(event.target.value)}
        />
        {!agent && (
          <Field label={t('login.email')} type="email" error={wrong('email')} required value={email} onChange={(event) => set('email')(event.target.value)} />
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
            onChange={(event) => set('password')(event.target.value)}
          />
        )}
        <div className={styles.pair}>
          <Choice
            label={t('agents.role')}
            value={role}
            options={ROLES.map((value) => ({ value, name: t(`role.${value}`) }))}
            hint={t(`role.${role}.text`)}
            onChange={set('role')}
          />
          <Choice
            label={t('account.language')}
            value={language}
            options={LANGUAGES.map((value) => ({ value, name: t(`language.${value}`) }))}
            onChange={set('language')}
          />
        </div>
        {agent && !own && (
          <Choice
            label={t('agents.may_log_in')}
            value={active}
            options={[
              { value: 'yes', name: t('ui.yes') },
              { value: 'no', name: t('ui.no') },
            ]}
            hint={t('agents.may_log_in_hint')}
            onChange={set('active')}
          />
        )}
        <p role="alert" className={styles.problem}>
          {problem && !['name', 'email', 'password'].includes(problem.field ?? '') ? problem.text : ''}
        </p>
        <div className={styles.buttons}>
          <Button look="primary" type="submit" disabled={busy}>
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
