import { LogIn } from 'lucide-react';
import { useState } from 'react';
import type { Channel, ChannelType } from '@throughline/protocol';
import { hrefOf } from '../app/route.ts';
import { call } from '../connection/client.ts';
import { isKey, useT } from '../i18n/index.ts';
import { saidAll } from '../i18n/said.ts';
import { dateTime, millis } from '../lib/format.ts';
import { Button } from '../ui/Button.tsx';
import { toastError } from '../ui/toasts.ts';
import { CopyLine } from './CopyLine.tsx';
import { secretWarning } from './fault.ts';
import { Card, Page } from './Page.tsx';
import styles from './rows.module.css';

/** What the provider says of tokens that hold no more, or never were. */
const isDead = ({ mailbox, problem }: Channel): boolean =>
  [...(mailbox?.problem ?? []), ...problem].some(({ code }) => code.startsWith('oauth_') && code !== 'oauth_unreachable');

/** Of a channel that gets tokens of its provider: whether somebody has signed in, and the way to do so. */
export function SignInCard({ channel, type }: { channel: Channel; type: ChannelType }) {
  const t = useT();
  const [busy, setBusy] = useState(false);
  const { mailbox, sign_in } = channel;
  if (sign_in === 'nobody' || !mailbox) return null;
  const warning = secretWarning(channel);
  const at = millis(mailbox.signed_in_at);
  const signedIn = mailbox.signed_in_as ?? String(channel.settings?.imap_user ?? channel.settings?.user ?? '');
  const begin = async () => {
    setBusy(true);
    try {
      location.assign((await call('mailbox.sign_in', { channel_id: channel.id })).url);
    } catch (error) {
      toastError(error);
      setBusy(false);
    }
  };
  return (
    <Card title={t('sign_in.title')}>
      <div className={styles.form}>
        {warning && <p className={styles.problem}>{warning}</p>}
        {mailbox.sign_in_problem.length > 0 && (
          <p role="alert" className={styles.problem}>
            {saidAll(mailbox.sign_in_problem)}
          </p>
        )}
        {sign_in === 'app' ? (
          <p>{t('sign_in.app')}</p>
        ) : (
          <>
            <p>{at === null ? t('sign_in.nobody') : t('sign_in.as', { who: signedIn, at: dateTime(at) })}</p>
            <div className={styles.buttons}>
              <Button icon={LogIn} look={at === null || isDead(channel) ? 'primary' : undefined} disabled={busy} onClick={() => void begin()}>
                {t(at === null ? 'sign_in.begin' : 'sign_in.again')}
              </Button>
            </div>
            <RedirectLine type={type} />
          </>
        )}
      </div>
    </Card>
  );
}

/** Where the provider sends the browser back: it takes no other address than what is registered, to the letter. */
export function RedirectLine({ type: { redirect_url } }: { type: ChannelType }) {
  const t = useT();
  if (!redirect_url) return null;
  return (
    <div>
      <CopyLine label={t('sign_in.redirect')} value={redirect_url} />
      {!redirect_url.startsWith('https:') && <p className={styles.problem}>{t('sign_in.not_public', { at: new URL(redirect_url).origin })}</p>}
    </div>
  );
}

/** The provider has sent somebody back, but nobody has begun that here. */
export function NotBegun({ code }: { code: string }) {
  const t = useT();
  const key = `said.${code}`;
  const list = hrefOf({ page: 'settings', section: 'channels', rest: [] });
  return (
    <Page title={t('sign_in.failed')} back={{ href: list, name: t('settings.channels') }}>
      <Card>
        <p role="alert" className={styles.problem}>
          {t(isKey(key) ? key : 'sign_in.failed_text')}
        </p>
      </Card>
    </Page>
  );
}
