import { X } from 'lucide-react';
import { preferences } from '../app/preferences.ts';
import { useT } from '../i18n/index.ts';
import { usePerson } from '../timeline/person.ts';
import { IconButton } from '../ui/IconButton.tsx';
import { About } from './About.tsx';
import { Conversations } from './Conversations.tsx';
import { Identities } from './Identities.tsx';
import { Orders } from './Orders.tsx';
import { Who } from './Who.tsx';
import styles from './Panel.module.css';

/** The person beside their story. */
export function Panel({ customerId }: { customerId: string }) {
  const t = useT();
  const person = usePerson(customerId, (now) => now);
  if (!person.customer) return <aside className={styles.panel} aria-label={t('panel.label')} />;
  return (
    <aside className={styles.panel} aria-label={t('panel.label')}>
      <IconButton icon={X} label={t('ui.close')} className={styles.close} small onClick={() => preferences.patch({ panel: false })} />
      <Who customer={person.customer} />
      <About customer={person.customer} />
      <Orders orders={person.orders} />
      <Identities identities={person.customer.identities} />
      <Conversations ids={person.conversationIds} />
    </aside>
  );
}
