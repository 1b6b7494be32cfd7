// What is carried to the provider by hand: the address of the webhook, and secrets that are shown once.
import type { Channel, ChannelType } from '@throughline/protocol';
import { useT } from '../i18n/index.ts';
import { settingName } from '../i18n/said.ts';
import { CopyLine } from './CopyLine.tsx';
import { Card } from './Page.tsx';
import styles from './rows.module.css';

export function WebhookCard({ url }: { url: string }) {
  const t = useT();
  return (
    <Card title={t('channels.webhook')}>
      <CopyLine label={t('channels.webhook_text')} value={url} />
      {isLocal(url) && <p className={styles.hint}>{t('channels.not_public')}</p>}
    </Card>
  );
}

/** Of a server whose public address nobody has set. */
const isLocal = (url: string): boolean => ['127.0.0.1', 'localhost', '[::1]'].includes(new URL(url).hostname);

interface SecretsProps {
  channel: Channel | null;
  type: ChannelType | undefined;
  secrets: Record<string, string>;
}

export function SecretsOnce({ channel, type, secrets }: SecretsProps) {
  const t = useT();
  const user = channel?.settings?.['user'] ?? type?.settings.find(({ name }) => name === 'user')?.standard;
  const whole = withPassword(channel?.webhook_url, user, secrets['password']);
  return (
    <div className={styles.once}>
      <p>{t('channels.secrets_once')}</p>
      {Object.entries(secrets).map(([name, value]) => (
        <CopyLine key={name} label={settingName(channel?.type ?? '', name)} value={value} />
      ))}
      {whole && <CopyLine label={t('channels.webhook_whole')} value={whole} />}
    </div>
  );
}

/** As it is given to providers that sign nothing, or not all. */
function withPassword(webhook: string | null | undefined, user: unknown, password: string | undefined): string | null {
  if (!webhook || typeof user !== 'string' || !password) return null;
  const url = new URL(webhook);
  url.username = user;
  url.password = password;
  return url.href;
}
