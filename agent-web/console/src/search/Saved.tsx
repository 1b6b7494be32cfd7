import { Bookmark, X } from 'lucide-react';
import { useState, type FormEvent } from 'react';
import type { SavedSearch } from '@throughline/protocol';
import { perform, type Done } from '../actions/done.ts';
import { filtersOf, searchHref, type Search } from '../app/route.ts';
import { call } from '../connection/client.ts';
import { t, useT } from '../i18n/index.ts';
import { Store, useStore } from '../lib/store.ts';
import { useLoaded } from '../lib/useLoaded.ts';
import { Button } from '../ui/Button.tsx';
import { Field } from '../ui/Field.tsx';
import { IconButton } from '../ui/IconButton.tsx';
import { Popover } from '../ui/Popover.tsx';
import styles from './Saved.module.css';

type Kept = Pick<SavedSearch, 'name' | 'query' | 'filters'>;

/** So often they were changed here, by whatever undoes it too. */
const changes = new Store(0);
const changed = (): void => changes.set((n) => n + 1);

const put = ({ name, query, filters }: Kept) => call('search.save', { name, query, filters: filters ?? '' }).finally(changed);

/** `known`: among them is what the name stood for. */
async function keepSearch(search: Kept, known: readonly SavedSearch[]): Promise<Done> {
  const made = await put(search);
  const before = known.find(({ id }) => id === made.id);
  return { words: t('search.kept', { name: search.name }), undo: () => (before ? keepSearch(before, [made]) : forgetSearch(made)) };
}

async function forgetSearch(search: SavedSearch): Promise<Done> {
  await call('search.forget', { id: search.id }).finally(changed);
  return { words: t('search.forgotten', { name: search.name }), undo: () => keepSearch(search, []) };
}

/** The agent's own searches: to go to, to keep this one among them, and to remove. */
export function Saved({ asked }: { asked: Search }) {
  const t = useT();
  return (
    <Popover
      label={t('search.saved')}
      trigger={
        <Button small look="quiet" icon={Bookmark}>
          {t('search.saved')}
        </Button>
      }
    >
      <List asked={asked} />
    </Popover>
  );
}

function List({ asked }: { asked: Search }) {
  const t = useT();
  const saved = useLoaded(async () => (await call('search.saved', {})).searches, String(useStore(changes)));
  const [name, setName] = useState(asked.query.trim().slice(0, 80));
  const keep = (event: FormEvent) => {
    event.preventDefault();
    const wanted = name.trim();
    if (wanted) void perform(keepSearch({ name: wanted, query: asked.query.trim(), filters: filtersOf(asked).toString() }, saved.value ?? []));
  };
  return (
    <div className={styles.saved}>
      {saved.error && <p className={styles.none}>{saved.error}</p>}
      {saved.value?.length === 0 && <p className={styles.none}>{t('search.saved_none')}</p>}
      <ul>
        {saved.value?.map((one) => (
          <li key={one.id}>
            <a href={searchHref(one.query, new URLSearchParams(one.filters ?? ''))}>{one.name}</a>
            <IconButton icon={X} small label={t('search.forget', { name: one.name })} onClick={() => void perform(forgetSearch(one))} />
          </li>
        ))}
      </ul>
      {asked.query.trim() !== '' && (
        <form onSubmit={keep} className={styles.keep}>
          <Field label={t('search.save_name')} value={name} maxLength={80} onChange={(event) => setName(event.target.value)} />
          <Button small type="submit" look="primary" disabled={!name.trim()}>
            {t('search.save')}
          </Button>
        </form>
      )}
    </div>
  );
}
