import { UserRound } from 'lucide-react';
import type { Entry } from '@throughline/protocol';
import { moveEntry } from '../actions/entry.ts';
import { customerOf, route } from '../app/route.ts';
import { useT } from '../i18n/index.ts';
import { useStore } from '../lib/store.ts';
import { usePerson } from './person.ts';
import { Button } from '../ui/Button.tsx';
import styles from './WhoWrote.module.css';
import { personName } from '../lib/personName.ts';

const ASKED = new Set<Entry['kind']>(['message', 'call']);

/** Under a message that came by an address of several: who of them was it? */
export function WhoWrote({ entry }: { entry: Entry }) {
  const t = useT();
  const id = useStore(route, customerOf);
  const sharers = usePerson(id, (person) => person.customer?.shared_by ?? null);
  if (!sharers || sharers.length === 0 || entry.direction !== 'in' || !ASKED.has(entry.kind) || entry.moved_from) return null;
  return (
    <p className={styles.ask} data-centre={entry.kind === 'call' || undefined}>
      <span>{t(entry.kind === 'call' ? 'shared.who_called' : 'shared.who')}</span>
      {sharers.map((one) => (
        <Button key={one.id} small icon={UserRound} onClick={() => void moveEntry(entry, one.id, one.name)}>
          {personName(one.name)}
        </Button>
      ))}
    </p>
  );
}
