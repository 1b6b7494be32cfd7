import { PenLine } from 'lucide-react';
import type { PresencePush } from '@throughline/protocol';
import { useDirectory } from '../directory/directory.ts';
import { useT } from '../i18n/index.ts';
import { Avatar } from '../ui/Avatar.tsx';
import { Tip } from '../ui/Tip.tsx';
import styles from './Onlookers.module.css';

const SHOWN = 3;

/** Colleagues who look at this person now, and who of them writes. */
export function Onlookers({ presence }: { presence: PresencePush | null }) {
  const t = useT();
  const { agentById } = useDirectory();
  const agents = presence?.agents ?? [];
  if (agents.length === 0) return null;
  return (
    <ul className={styles.onlookers} aria-label={t('presence.label')}>
      {agents.slice(0, SHOWN).map(({ agent_id, typing }) => {
        const name = agentById.get(agent_id)?.name ?? t('person.unnamed');
        const words = t(typing ? 'presence.types' : 'presence.looks', { name });
        return (
          <Tip key={agent_id} text={words}>
            <li className={styles.one} data-typing={typing || undefined}>
              <Avatar name={name} size={26} />
              {typing && <PenLine size={11} aria-hidden />}
              <span className="visually-hidden">{words}</span>
            </li>
          </Tip>
        );
      })}
      {agents.length > SHOWN && <li className={styles.more}>+{agents.length - SHOWN}</li>}
    </ul>
  );
}
