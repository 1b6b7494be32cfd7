import { Bookmark, X } from 'lucide-react';
import { useState, type FormEvent } from 'react';
import { filtersOf, searchHref, type Search } from '../app/route.ts';
import { call } from '../connection/client.ts';
import { useT } from '../i18n/index.ts';
import { useLoaded } from '../lib/useLoaded.ts';
import { Button } from '../ui/Button.tsx';
import { Field } from '../ui/Field.tsx';
import { IconButton } from '../ui/IconButton.tsx';
import { Popover } from '../ui/Popover.tsx';
import { toast, toastError } from '../ui/toasts.ts';
import styles from './Saved.module.css';

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
  const saved = useLoaded(async () => (await call('search.saved', {})).searches);
  const [name, setName] = useState(asked.query.trim().slice(0, 80));
  const change = async (work: Promise<unknown>, words: string) => {
    try {
      await work;
      toast(words);
    } catch (error) {
      toastError(error);
    }
    saved.reload();
  };
  const keep = (event: FormEvent) => {
    event.preventDefault();
    const wanted = name.trim();
    if (wanted)
      void change(call('search.save', { name: wanted, query: asked.query.trim(), filters: filtersOf(asked).toString() }), t('search.kept', { name: wanted }));
  };
  return (
    <div className={styles.saved}>
      {saved.error && <p className={styles.none}>{saved.error}</p>}
      {saved.value?.length === 0 && <p className={styles.none}>{t('search.saved_none')}</p>}
      <ul>
        {saved.value?.map((one) => (
          <li key={one.id}>
            <a href={searchHref(one.query, new URLSearchParams(one.filters ?? ''))}>{one.name}</a>
            <IconButton
              icon={X}
              small
              label={t('search.forget', { name: one.name })}
              onClick={() => void change(call('search.forget', { id: one.id }), t('search.forgotten', { name: one.name }))}
            />
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
