import { useState } from 'react';
import type { ChannelSaved, ChannelType } from '@throughline/protocol';
import { goSettings, hrefOf } from '../app/route.ts';
import { call } from '../connection/client.ts';
import { loadChannels } from '../directory/directory.ts';
import { useT } from '../i18n/index.ts';
import { channelType, channelTypeHelp } from '../i18n/said.ts';
import { Button } from '../ui/Button.tsx';
import { ChannelIcon } from '../ui/ChannelIcon.tsx';
import { SecretsOnce, WebhookCard } from './Carried.tsx';
import { ChannelForm } from './ChannelForm.tsx';
import { ChatSnippet } from './ChatSnippet.tsx';
import { Card, Page } from './Page.tsx';
import { RedirectLine } from './SignInCard.tsx';
import { Problem } from './Problem.tsx';
import { useLoaded } from '../lib/useLoaded.ts';
import styles from './rows.module.css';

const LIST = { page: 'settings', section: 'channels', rest: [] as string[] } as const;

export function NewChannelPage({ type }: { type: string | null }) {
  const t = useT();
  const types = useLoaded(() => call('channel.types', {}));
  const [made, setMade] = useState<ChannelSaved | null>(null);
  if (types.error) return <Problem text={types.error} again={types.reload} />;
  if (!types.value) return null;
  const chosen = types.value.types.find((one) => one.type === type);
  if (made) return <Made saved={made} type={chosen} />;
  if (!chosen)
    return (
      <Page title={t('channels.choose')} lead={t('channels.choose_text')} back={{ href: hrefOf(LIST), name: t('settings.channels') }}>
        <div className={styles.types}>
          {types.value.types.map((one) => (
            <TypeCard key={one.type} type={one} />
          ))}
        </div>
      </Page>
    );
  return (
    <Page title={channelType(chosen.type)} lead={channelTypeHelp(chosen.type)} back={{ href: hrefOf({ ...LIST, rest: ['new'] }), name: t('channels.choose') }}>
      <Card>
        <ChannelForm
          key={chosen.type}
          type={chosen}
          submit={t('channels.create')}
          onSubmit={async (name, settings) => {
            const saved = await call('channel.create', { type: chosen.type, name, settings });
            if (chosen.collects && saved.channel) goSettings('channels', saved.channel.id);
            else setMade(saved);
            void loadChannels().catch(() => undefined);
            return null;
          }}
        />
      </Card>
      {chosen.redirect_url && (
        <Card title={t('sign_in.title')}>
          <RedirectLine type={chosen} />
        </Card>
      )}
    </Page>
  );
}

function TypeCard({ type: { type, medium } }: { type: ChannelType }) {
  return (
    <a className={styles.type} href={hrefOf({ page: 'settings', section: 'channels', rest: ['new', type] })}>
      <ChannelIcon medium={medium} round silent />
      <span>
        <b>{channelType(type)}</b>
        <small>{channelTypeHelp(type)}</small>
      </span>
    </a>
  );
}

/** What must be carried to the provider now: the address, and secrets that are shown this once. */
function Made({ saved: { channel, generated }, type }: { saved: ChannelSaved; type: ChannelType | undefined }) {
  const t = useT();
  return (
    <Page title={t('channels.created', { name: channel?.name ?? '' })} lead={t('channels.created_text')}>
      {channel?.webhook_url && <WebhookCard url={channel.webhook_url} />}
      {channel?.type === 'chat' && <ChatSnippet channelId={channel.id} />}
      {Object.keys(generated ?? {}).length > 0 && <SecretsOnce channel={channel} type={type} secrets={generated ?? {}} />}
      <p style={{ marginTop: 'var(--s5)' }}>
        <Button look="primary" onClick={() => (channel ? goSettings('channels', channel.id) : goSettings('channels'))}>
          {t('channels.done')}
        </Button>
      </p>
    </Page>
  );
}
