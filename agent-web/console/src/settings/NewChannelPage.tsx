import { useState } from 'react';
import type { ChannelSaved, ChannelType } from '@throughline/protocol';
import { goSettings, hrefOf } from '../app/route.ts';
import { call } from '../connection/client.ts';
import { loadChannels } from '../directory/directory.ts';
import { useT } from '../i18n/index.ts';
import { channelType, channelTypeHelp, settingName } from '../i18n/said.ts';
import { Button } from '../ui/Button.tsx';
import { ChannelIcon } from '../ui/ChannelIcon.tsx';
import { ChannelForm } from './ChannelForm.tsx';
import { ChatSnippet } from './ChatSnippet.tsx';
import { CopyLine } from './CopyLine.tsx';
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
  if (made) return <Made saved={made} />;
  const chosen = types.value.types.find((one) => one.type === type);
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
function Made({ saved: { channel, generated } }: { saved: ChannelSaved }) {
  const t = useT();
  const secrets = Object.entries(generated ?? {});
  return (
    <Page title={t('channels.created', { name: channel?.name ?? '' })} lead={t('channels.created_text')}>
      {channel?.webhook_url && (
        <Card title={t('channels.webhook')}>
          <CopyLine label={t('channels.webhook_text')} value={channel.webhook_url} />
        </Card>
      )}
      {channel?.type === 'chat' && <ChatSnippet channelId={channel.id} />}
      {secrets.length > 0 && (
        <div className={styles.once}>
          <p>{t('channels.secrets_once')}</p>
          {secrets.map(([name, value]) => (
            <CopyLine key={name} label={settingName(channel?.type ?? '', name)} value={value} />
          ))}
        </div>
      )}
      <p style={{ marginTop: 'var(--s5)' }}>
        <Button look="primary" onClick={() => (channel ? goSettings('channels', channel.id) : goSettings('channels'))}>
          {t('channels.done')}
        </Button>
      </p>
    </Page>
  );
}
