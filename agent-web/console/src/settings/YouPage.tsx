import { useState } from 'react';
import { AFTERS, chooseLanguage, preferences, setAfter, setDesktop, setSound, setTheme, THEMES, type After, type Theme } from '../app/preferences.ts';
import { call } from '../connection/client.ts';
import { loadAgents } from '../directory/directory.ts';
import { LANGUAGES, useLanguage, useT, type Language } from '../i18n/index.ts';
import { useStore } from '../lib/store.ts';
import { useAttempt } from '../lib/useAttempt.ts';
import { agentChanged, me, session } from '../session/session.ts';
import { Button } from '../ui/Button.tsx';
import { chime } from '../queue/chime.ts';
import { Choice, Field, Tick } from '../ui/Field.tsx';
import { toast, toastError } from '../ui/toasts.ts';
import { Card, Page } from './Page.tsx';
import { Sessions } from './Sessions.tsx';
import { useDraft } from './draft.ts';
import styles from './rows.module.css';

export function YouPage() {
  const t = useT();
  const { theme, after } = useStore(preferences);
  const language = useLanguage();
  const [changed, setChanged] = useState(0);
  const version = useStore(session, (now) => (now.phase === 'in' ? now.version : ''));
  const changeLanguage = (next: Language) => {
    chooseLanguage(next);
    const id = me()?.id;
    if (id) call('agent.update', { id, language: next }).then(agentChanged).catch(toastError);
  };
  return (
    <Page title={t('settings.you')} lead={me()?.email}>
      <Card title={t('you.look')}>
        <div className={styles.pair}>
          <Choice
            label={t('account.theme')}
            value={theme}
            options={THEMES.map((value) => ({ value, name: t(`theme.${value}`) }))}
            onChange={(value) => setTheme(value as Theme)}
          />
          <Choice
            label={t('account.language')}
            value={language}
            options={LANGUAGES.map((value) => ({ value, name: t(`language.${value}`) }))}
            onChange={(value) => changeLanguage(value as Language)}
          />
          <Choice
            label={t('you.after')}
            value={after}
            options={AFTERS.map((value) => ({ value, name: t(`after.${value}`) }))}
            onChange={(value) => setAfter(value as After)}
          />
        </div>
      </Card>
      <Card title={t('you.told')}>
        <ToldForm />
      </Card>
      <Card title={t('you.account')}>
        <AccountForm />
      </Card>
      <Card title={t('you.password')}>
        <PasswordForm onChanged={() => setChanged((now) => now + 1)} />
      </Card>
      <Card title={t('you.sessions')}>
        <Sessions key={changed} />
      </Card>
      {version && (
        <p className={styles.end} style={{ textAlign: 'start' }}>
          {t('you.version', { version })}
        </p>
      )}
    </Page>
  );
}

/** It is said on the screen in any case. */
function ToldForm() {
  const t = useT();
  const { sound, desktop } = useStore(preferences);
  const [refused, setRefused] = useState(false);
  return (
    <>
      <p className={styles.hint}>{t('you.told_hint')}</p>
      <Tick
        label={t('you.told_sound')}
        checked={sound}
        onChange={(on) => {
          setSound(on);
          if (on) chime();
        }}
      />
      <Tick label={t('you.told_desktop')} checked={desktop} onChange={(on) => void setDesktop(on).then((done) => setRefused(!done))} />
      <p role="alert" className={styles.problem}>
        {refused ? t('you.told_refused') : ''}
      </p>
    </>
  );
}

function AccountForm() {
  const t = useT();
  const [name, setName] = useState(me()?.name ?? '');
  const { busy, problem, onSubmit } = useAttempt();
  const save = async () => {
    const id = me()?.id;
    if (!id) return;
    agentChanged(await call('agent.update', { id, name }));
    await loadAgents();
    toast(t('agents.saved', { name }));
  };
  return (
    <form className={styles.form} onSubmit={onSubmit(save)} autoComplete="off">
      <Field label={t('agents.name')} hint={t('agents.name_hint')} required maxLength={100} value={name} onChange={(event) => setName(event.target.value)} />
      <p role="alert" className={styles.problem}>
        {problem}
      </p>
      <div className={styles.buttons}>
        <Button look="primary" type="submit" disabled={busy}>
          {t('ui.save')}
        </Button>
      </div>
    </form>
  );
}

const NO_PASSWORDS = { old_password: '', password: '' };

/** The old one is asked for: a console that was left open must not become somebody else's. */
function PasswordForm({ onChanged }: { onChanged: () => void }) {
  const t = useT();
  const save = async (typed: typeof NO_PASSWORDS) => {
    await call('agent.update', { id: me()?.id ?? '', ...typed });
    toast(t('you.password_saved'));
    onChanged();
    return null;
  };
  const { values, set, submit, busy, problem, wrong } = useDraft(
    null,
    () => NO_PASSWORDS,
    save,
    async () => null,
  );
  return (
    <form className={styles.form} onSubmit={submit}>
      <input type="text" autoComplete="username" value={me()?.email ?? ''} readOnly hidden />
      <div className={styles.pair}>
        <Field
          label={t('you.old_password')}
          type="password"
          autoComplete="current-password"
          required
          error={wrong('old_password')}
          value={values.old_password}
          onChange={(event) => set('old_password')(event.target.value)}
        />
        <Field
          label={t('agents.new_password')}
          hint={t('agents.password_hint')}
          type="password"
          autoComplete="new-password"
          required
          error={wrong('password')}
          value={values.password}
          onChange={(event) => set('password')(event.target.value)}
        />
      </div>
      <p role="alert" className={styles.problem}>
        {problem && problem.field !== 'old_password' && problem.field !== 'password' ? problem.text : ''}
      </p>
      <div className={styles.buttons}>
        <Button look="primary" type="submit" disabled={busy}>
          {t('you.change_password')}
        </Button>
      </div>
    </form>
  );
}
