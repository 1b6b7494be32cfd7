import { Power, PowerOff, SearchX } from 'lucide-react';
import { useState } from 'react';
import type { Channel } from '@throughline/protocol';
import { hrefOf } from '../app/route.ts';
import { call } from '../connection/client.ts';
import { directory, loadChannels, useDirectory } from '../directory/directory.ts';
import { useT, type Key } from '../i18n/index.ts';
import { channelType, saidAll } from '../i18n/said.ts';
import { dateTime, millis } from '../lib/format.ts';
import { Button } from '../ui/Button.tsx';
import { Empty } from '../ui/Empty.tsx';
import { Choice } from '../ui/Field.tsx';
import { toast, toastError } from '../ui/toasts.ts';
import { SecretsOnce, WebhookCard } from './Carried.tsx';
import { ChannelForm } from './ChannelForm.tsx';
import { ChatSnippet } from './ChatSnippet.tsx';
import { Journal } from './Journal.tsx';
import { MailboxCard } from './MailboxCard.tsx';
import { Card, Page } from './Page.tsx';
import { SignInCard } from './SignInCard.tsx';
import { useLoaded } from '../lib/useLoaded.ts';
import styles from './rows.module.css';

/** What is shown only once must be seen, wherever the page stands. */
const intoView = (element: HTMLElement | null): void => element?.scrollIntoView({ block: 'center' });

export function ChannelPage({ id }: { id: string }) {
  const t = useT();
  const { channelById, channels } = useDirectory();
  const types = useLoaded(() => call('channel.types', {}));
  const [secrets, setSecrets] = useState<Record<string, string>>({});
  const channel = channelById.get(id);
  const back = { href: hrefOf({ page: 'settings', section: 'channels', rest: [] }), name: t('settings.channels') };
  if (!channel)
    return channels.length > 0 ? (
      <Empty icon={SearchX} title={t('channels.gone')}>
        <a href={back.href}>{back.name}</a>
      </Empty>
    ) : null;
  const type = types.value?.types.find((one) => one.type === channel.type);
  const last = millis(channel.last_event_at);
  return (
    <Page
      title={channel.name}
      lead={[channelType(channel.type), last === null ? t('channels.never') : t('channels.last_event', { at: dateTime(last) })].join(' · ')}
      back={back}
      action={<ActiveSwitch channel={channel} />}
    >
      {channel.warnings.includes('plain_signatures') && (
        <Card>
          <p className={styles.problem}>{t('channels.plain_signatures', { until: String(channel.settings?.plain_signatures_until ?? '') })}</p>
        </Card>
      )}
      {channel.problem.length > 0 && !channel.mailbox && (
        <Card>
          <p className={styles.problem}>{saidAll(channel.problem)}</p>
        </Card>
      )}
      {channel.webhook_url && <WebhookCard url={channel.webhook_url} />}
      {channel.type === 'chat' && <ChatSnippet channelId={channel.id} />}
      {type && <SignInCard channel={channel} type={type} />}
      {channel.mailbox && <MailboxCard key={id} channel={channel} mailbox={channel.mailbox} />}
      <Readers channel={channel} />
      <Journal channelId={channel.id} />
      {ROTATED.map(
        (secret) => channel.secrets_set.includes(secret.setting) && <Rotated key={secret.setting} secret={secret} channel={channel} onMade={setSecrets} />,
      )}
      {Object.keys(secrets).length > 0 && (
        <div key={JSON.stringify(secrets)} ref={intoView}>
          <SecretsOnce channel={channel} type={type} secrets={secrets} />
        </div>
      )}
      {type && (
        <Card title={t('channels.settings')}>
          <ChannelForm
            key={id}
            type={type}
            channel={channel}
            submit={t('channels.save')}
            reread={() => reread(id)}
            onSubmit={async (name, settings, version) => {
              const saved = await call('channel.update', { id, name, settings, ...seen(version) });
              setSecrets(saved.generated ?? {});
              await loadChannels();
              toast(t('channels.saved'));
              return saved.channel;
            }}
          />
        </Card>
      )}
    </Page>
  );
}

const seen = (version: number | null): { version?: number } => (version === null ? {} : { version });

async function reread(id: string): Promise<Channel | null> {
  await loadChannels();
  return directory.get().channelById.get(id) ?? null;
}

/** What is refused may have changed: it is shown as it is now. */
async function refused(error: unknown): Promise<void> {
  toastError(error);
  await loadChannels().catch(() => undefined);
}

interface Rotating {
  setting: string;
  title: Key;
  text: Key;
  both: Key;
}

/** Secrets that are shared with somebody else's program, who cannot change them at the same moment. */
const ROTATED: readonly Rotating[] = [
  { setting: 'identity_secret', title: 'channels.site_secret', text: 'channels.site_secret_text', both: 'channels.site_secret_both' },
  { setting: 'signing_secret', title: 'channels.signing_secret', text: 'channels.signing_secret_text', both: 'channels.signing_secret_both' },
];

interface RotatedProps {
  secret: Rotating;
  channel: Channel;
  onMade: (secrets: Record<string, string>) => void;
}

/** Made anew, with the one before still good until it is ended. */
function Rotated({ secret: { setting, title, text, both: whileBoth }, channel: { id, secrets_set, version }, onMade }: RotatedProps) {
  const t = useT();
  const run = async (what: () => Promise<Record<string, string> | null>) => {
    try {
      onMade((await what()) ?? {});
      await loadChannels();
      toast(t('channels.saved'));
    } catch (error) {
      await refused(error);
    }
  };
  const rotate = async () => (await call('channel.rotate_secret', { id, setting, ...seen(version) })).generated;
  const endBefore = async () => (await call('channel.update', { id, settings: { [`${setting}_previous`]: null }, ...seen(version) })).generated;
  const both = secrets_set.includes(`${setting}_previous`);
  return (
    <Card title={t(title)}>
      <div className={styles.form}>
        <p>{t(both ? whileBoth : text)}</p>
        <div className={styles.buttons}>
          <Button onClick={() => void run(rotate)}>{t('channels.rotate')}</Button>
          {both && (
            <Button look="danger" onClick={() => void run(endBefore)}>
              {t('channels.end_before')}
            </Button>
          )}
        </div>
      </div>
    </Card>
  );
}

const READERS = ['agent', 'supervisor', 'admin'] as const;

/** Who may read what comes and goes by it; others see closed stubs. */
function Readers({ channel: { id, readers, version } }: { channel: Channel }) {
  const t = useT();
  const change = async (next: string) => {
    try {
      await call('channel.update', { id, readers: READERS.find((one) => one === next) ?? 'agent', ...seen(version) });
      await loadChannels();
      toast(t('channels.saved'));
    } catch (error) {
      await refused(error);
    }
  };
  return (
    <Card title={t('channels.readers')}>
      <Choice
        label={t('channels.readers_label')}
        value={readers}
        options={READERS.map((value) => ({ value, name: t(`channels.readers_${value}`) }))}
        hint={t('channels.readers_hint')}
        onChange={(value) => void change(value)}
      />
    </Card>
  );
}

function ActiveSwitch({ channel: { id, active, version } }: { channel: Channel }) {
  const t = useT();
  const change = async () => {
    try {
      await call('channel.update', { id, active: active ? 'no' : 'yes', ...seen(version) });
      await loadChannels();
    } catch (error) {
      await refused(error);
    }
  };
  return (
    <Button icon={active ? PowerOff : Power} onClick={() => void change()}>
      {t(active ? 'channels.turn_off' : 'channels.turn_on')}
    </Button>
  );
}
