import { useState, type FormEvent } from 'react';
import { chooseLanguage } from '../app/preferences.ts';
import { LANGUAGES, useLanguage, useT } from '../i18n/index.ts';
import { Button } from '../ui/Button.tsx';
import { Field } from '../ui/Field.tsx';
import mark from '../ui/mark.svg';
import { reasonOf } from '../ui/toasts.ts';
import styles from './Login.module.css';
import { logIn } from './session.ts';

export function Login({ ended }: { ended: boolean }) {
  const t = useT();
  const language = useLanguage();
  const [error, setError] = useState<string | null>(null);
  const [busy, setBusy] = useState(false);

  async function submit(event: FormEvent<HTMLFormElement>) {
    event.preventDefault();
    const form = new FormData(event.currentTarget);
    setBusy(true);
    setError(null);
    try {
      await logIn(String(form.get('email')), String(form.get('password')));
    } catch (reason) {
      setError(reasonOf(reason));
      setBusy(false);
    }
  }

  return (
    <main className={styles.page}>
      <form className={styles.card} onSubmit={(event) => void submit(event)} aria-labelledby="login-title">
        <img src={mark} alt="" width={44} height={44} />
        <h1 id="login-title">{t('login.title')}</h1>
        <p className={styles.lead}>{ended ? t('login.ended') : t('login.lead')}</p>
        <Field label={t('login.email')} name="email" type="email" autoComplete="username" required autoFocus />
        <Field label={t('login.password')} name="password" type="password" autoComplete="current-password" required />
        <p role="alert" className={styles.error}>
          {error}
        </p>
        <Button look="primary" type="submit" disabled={busy} className={styles.submit}>
          {busy ? t('login.busy') : t('login.submit')}
        </Button>
      </form>
      <p className={styles.languages}>
        {LANGUAGES.map((id) => (
          <button key={id} type="button" lang={id} aria-pressed={language === id} onClick={() => chooseLanguage(id)}>
            {t(`language.${id}`)}
          </button>
        ))}
      </p>
    </main>
  );
}
