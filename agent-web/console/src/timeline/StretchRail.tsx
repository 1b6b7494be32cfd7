import { useT } from '../i18n/index.ts';
import { useConversation } from '../queue/conversations.ts';
import styles from './StretchRail.module.css';

interface Props {
  stretch: number | null;
  conversationId: string | null;
  lit: boolean;
  onLight: (conversationId: string | null) => void;
}

/** The thin line at the left: which conversation an entry belongs to. */
export function StretchRail({ stretch, conversationId, lit, onLight }: Props) {
  const t = useT();
  const number = useConversation(conversationId)?.number ?? null;
  if (stretch === null) return null;
  return (
    <span
      className={styles.rail}
      data-lit={lit || undefined}
      title={number === null ? undefined : t('timeline.stretch', { n: number })}
      style={{ '--stretch': `var(--stretch-${stretch})` } as React.CSSProperties}
      onPointerEnter={() => onLight(conversationId)}
      onPointerLeave={() => onLight(null)}
    />
  );
}
