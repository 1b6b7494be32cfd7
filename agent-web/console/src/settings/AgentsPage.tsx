import { Pencil, UserRoundPlus } from 'lucide-react';
import { useState } from 'react';
import type { Agent } from '@throughline/protocol';
import { useDirectory } from '../directory/directory.ts';
import { useT } from '../i18n/index.ts';
import { me } from '../session/session.ts';
import { Avatar } from '../ui/Avatar.tsx';
import { Button } from '../ui/Button.tsx';
import { IconButton } from '../ui/IconButton.tsx';
import { AgentDialog } from './AgentDialog.tsx';
import { Page } from './Page.tsx';
import styles from './rows.module.css';

export function AgentsPage() {
  const t = useT();
  const { agents } = useDirectory();
  const [edited, setEdited] = useState<Agent | 'new' | null>(null);
  return (
    <Page
      title={t('settings.agents')}
      lead={t('agents.lead')}
      action={
        <Button look="primary" icon={UserRoundPlus} onClick={() => setEdited('new')}>
          {t('agents.add')}
        </Button>
      }
    >
      <ul className={styles.rows}>
        {agents.map((agent) => (
          <li key={agent.id} className={styles.row} data-off={!agent.active || undefined}>
            <Avatar name={agent.name} />
            <span className={styles.main}>
              <b>{agent.id === me()?.id ? t('agents.you', { name: agent.name }) : agent.name}</b>
              <small>{agent.email}</small>
            </span>
            {!agent.active && <span className={styles.mark}>{t('agents.inactive')}</span>}
            <span className={styles.mark}>{t(`role.${agent.role}`)}</span>
            <IconButton icon={Pencil} label={t('agents.edit', { name: agent.name })} onClick={() => setEdited(agent)} />
          </li>
        ))}
      </ul>
      {edited && <AgentDialog agent={edited === 'new' ? null : edited} onClose={() => setEdited(null)} />}
    </Page>
  );
}
