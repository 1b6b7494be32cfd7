import { X } from 'lucide-react';
import { preferences } from '../app/preferences.ts';
import { useT } from '../i18n/index.ts';
import { usePerson } from '../timeline/person.ts';
import { IconButton } from '../ui/IconButton.tsx';
import { About } from './About.tsx';
import { Attributes } from './Attributes.tsx';
import { Contacts } from './Contacts.tsx';
import { Conversations } from './Conversations.tsx';
import { tagsOf } from './facts.ts';
import { Identities } from './Identities.tsx';
import { Orders } from './Orders.tsx';
import { PersonMenu } from './PersonMenu.tsx';
import { Pins } from './Pins.tsx';
import { Reach } from './Reach.tsx';
import { Visit } from './Visit.tsx';
import { Suggestions } from './SuggestionCard.tsx';
import { Tags } from './Tags.tsx';
import { update } from './update.ts';
import { Who } from './Who.tsx';
import styles from './Panel.module.css';

/** The person beside their story. */
export function Panel({ customerId }: { customerId: string }) {
  const t = useT();
  const person = usePerson(customerId, (now) => now);
  const { customer } = person;
  if (!customer) return <aside className={styles.panel} aria-label={t('panel.label')} />;
  return (
    <aside className={styles.panel} aria-label={t('panel.label')}>
      <div className={styles.tools}>
        <PersonMenu />
        <IconButton icon={X} label={t('ui.close')} className={styles.close} small onClick={() => preferences.patch({ panel: false })} />
      </div>
      <Who customer={customer} />
      <Tags tags={tagsOf(customer)} label={t('panel.tags')} onChange={(tags) => update(customer, { tags })} />
      <Suggestions customerId={customer.id} suggestions={person.suggestions} />
      <About customer={customer} />
      <Pins customerId={customer.id} pins={person.pins} />
      <Reach customerId={customer.id} ways={person.ways} here={person.presence?.visitor_here ?? false} />
      <Visit presence={person.presence} />
      <Orders orders={person.orders} totals={person.orderSums} />
      <Identities customer={customer} />
      <Attributes customer={customer} />
      <Contacts customerId={person.id} days={person.days} />
      <Conversations customerId={person.id} />
    </aside>
  );
}
