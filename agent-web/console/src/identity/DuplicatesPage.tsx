import { CopyCheck, GitCompareArrows } from 'lucide-react';
import { useEffect, useState } from 'react';
import type { CustomerRef, OpenSuggestion } from '@throughline/protocol';
import { dialog, openDialog } from '../app/dialogs.ts';
import { personHref } from '../app/route.ts';
import { call, client } from '../connection/client.ts';
import { useT } from '../i18n/index.ts';
import { saidAll } from '../i18n/said.ts';
import { useStore } from '../lib/store.ts';
import { Avatar } from '../ui/Avatar.tsx';
import { Button } from '../ui/Button.tsx';
import { Empty } from '../ui/Empty.tsx';
import { Keys } from '../ui/Keys.tsx';
import { reasonOf, toastError } from '../ui/toasts.ts';
import { When } from '../ui/When.tsx';
import { useHints, wantHints } from './hints.ts';
import { distinguish, merge, peopleChanged, SURE_FROM } from './merging.ts';
import { signalWords } from './words.ts';
import styles from './DuplicatesPage.module.css';
import { personName } from '../lib/personName.ts';

const PAGE = 50;

/** A suggestion with both its persons. */
type Pair = OpenSuggestion & { a: CustomerRef; b: CustomerRef };
const isSure = ({ confidence }: OpenSuggestion): boolean => (confidence ?? 0) >= SURE_FROM;
const isPair = (row: OpenSuggestion): row is Pair => row.a !== null && row.b !== null;

/** Persons who may be one, to be worked through by keyboard: J and K move, C compares, Y joins, X tells apart. */
export default function DuplicatesPage() {
  const t = useT();
  const { rows, more, error, loadMore, drop } = useSuggestions();
  const [place, setPlace] = useState(0);
  const active = Math.min(place, (rows?.length ?? 1) - 1);
  const current = rows?.[active];
  const hints = useHints();
  useEffect(() => wantHints((rows ?? []).flatMap(({ a, b }) => [a.id, b.id])), [rows]);
  /** What the one is known by and the other is not. */
  const differing = (one: CustomerRef, other: CustomerRef): string[] => {
    const theirs = hints.get(other.id)?.hint.marks ?? [];
    return (hints.get(one.id)?.hint.marks ?? []).filter((mark) => !theirs.includes(mark) && mark !== one.name).slice(0, 2);
  };
  const asked = useStore(dialog);

  // `b` is who is known by what `a` claims, so that record stays.
  const compare = ({ a, b }: Pair) => openDialog({ type: 'merge', intoId: b.id, fromId: a.id });
  const same = (row: Pair) =>
    void merge(row.b.id, row.a.id, saidAll(row.evidence), [])
      .then(() => drop(row.id))
      .catch(toastError);
  const apart = (row: Pair) => void distinguish(row.a.id, row.b.id).then((done) => done && drop(row.id));

  useEffect(() => {
    if (!rows || asked) return;
    const move = (step: number) => {
      const next = Math.min(rows.length - 1, Math.max(0, active + step));
      setPlace(next);
      document.getElementById(`pair-${next}`)?.focus();
    };
    const keys: Record<string, () => void> = {
      j: () => move(1),
      k: () => move(-1),
      ArrowDown: () => move(1),
      ArrowUp: () => move(-1),
      c: () => current && compare(current),
      y: () => current && same(current),
      x: () => current && apart(current),
    };
    const listen = (event: KeyboardEvent) => {
      if (event.defaultPrevented || event.ctrlKey || event.metaKey || event.altKey || event.isComposing) return;
      if ((event.target as HTMLElement).closest('input, textarea, select') || document.querySelector('[role=dialog], [role=menu]')) return;
      const run = keys[event.key];
      if (!run) return;
      event.preventDefault();
      run();
    };
    window.addEventListener('keydown', listen);
    return () => window.removeEventListener('keydown', listen);
  });

  return (
    <main className={styles.page}>
      <header className={styles.head}>
        <h1>{t('duplicates.title')}</h1>
        <p>{t('duplicates.lead')}</p>
        <p className={styles.keys}>
          <span>
            <Keys keys="j" /> <Keys keys="k" /> {t('duplicates.move')}
          </span>
          <span>
            <Keys keys="c" /> {t('suggestion.compare')}
          </span>
          <span>
            <Keys keys="y" /> {t('suggestion.same')}
          </span>
          <span>
            <Keys keys="x" /> {t('suggestion.not')}
          </span>
        </p>
      </header>
      {error && (
        <p role="alert" className={styles.problem}>
          {error}
        </p>
      )}
      {rows?.length === 0 && <Empty icon={CopyCheck} title={t('duplicates.none')} text={t('duplicates.none_text')} />}
      <ul className={styles.list}>
        {rows?.map((row, index) => (
          <li
            key={row.id ?? index}
            id={`pair-${index}`}
            tabIndex={index === active ? 0 : -1}
            className={styles.pair}
            data-active={index === active || undefined}
            onFocus={() => setPlace(index)}
          >
            <span className={styles.score} aria-label={t('suggestion.confidence', { n: row.confidence ?? 0 })}>
              {row.confidence} %
            </span>
            <span className={styles.who}>
              <Person one={row.a} marks={differing(row.a, row.b)} />
              <span aria-hidden>↔</span>
              <Person one={row.b} marks={differing(row.b, row.a)} />
            </span>
            <span className={styles.why}>
              <b>{signalWords(row.signal)}</b>
              <small>
                {saidAll(row.evidence)} · <When at={row.found_at} />
              </small>
            </span>
            <span className={styles.buttons}>
              <Button small look={isSure(row) ? 'plain' : 'primary'} icon={GitCompareArrows} onClick={() => compare(row)}>
                {t('suggestion.compare')}
              </Button>
              <Button small look={isSure(row) ? 'primary' : 'plain'} onClick={() => same(row)}>
                {t('suggestion.same')}
              </Button>
              <Button small onClick={() => apart(row)}>
                {t('suggestion.not')}
              </Button>
            </span>
          </li>
        ))}
      </ul>
      {more && (
        <Button small look="quiet" onClick={loadMore}>
          {t('ui.more')}
        </Button>
      )}
    </main>
  );
}

function Person({ one: { id, name }, marks }: { one: CustomerRef; marks: readonly string[] }) {
  return (
    <a href={personHref(id)}>
      <Avatar name={personName(name)} size={26} /> <span>{personName(name)}</span>
      {marks.length > 0 && <small className={styles.marks}>{marks.join(' · ')}</small>}
    </a>
  );
}

function useSuggestions() {
  const [state, setState] = useState<{ rows: readonly Pair[] | null; more: boolean; error: string | null }>({ rows: null, more: false, error: null });
  const load = (before: number | null) =>
    call('suggestion.list', { limit: PAGE, ...(before === null ? {} : { before_id: before }) })
      .then(({ suggestions, more }) =>
        setState((now) => ({ rows: before === null ? suggestions.filter(isPair) : [...(now.rows ?? []), ...suggestions.filter(isPair)], more, error: null })),
      )
      .catch((error: unknown) => setState((now) => ({ ...now, error: reasonOf(error) })));
  useEffect(() => {
    void load(null);
    const off = client.onOpen(() => load(null));
    return () => {
      off();
    };
  }, []);
  // A merge in the dialogue, or an undo, changes the list.
  useEffect(() => peopleChanged.on(() => void load(null)), []);
  return {
    ...state,
    loadMore: () => void load(state.rows?.at(-1)?.id ?? null),
    drop: (id: number | null) => setState((now) => ({ ...now, rows: (now.rows ?? []).filter((row) => row.id !== id) })),
  };
}
