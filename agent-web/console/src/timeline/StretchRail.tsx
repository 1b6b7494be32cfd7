import { useT } from '../i18n/index.ts';
import { useConversation } from '../queue/conversations.ts';
import { Tip } from '../ui/Tip.tsx';
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
  const line = (
    <span
      className={styles.rail}
      data-lit={lit || undefined}
      style={{ '--stretch': `var(--stretch-${stretch})` } as React.CSSProperties}
      onPointerEnter={() => onLight(conversationId)}
      onPointerLeave={() => onLight(null)}
    />
  );
  return number === null ? (
    line
  ) : (
    <Tip text={t('timeline.stretch', { n: number })} side="left">
      {line}
    </Tip>
  );
}
