import { CopyCheck, GitCompareArrows } from 'lucide-react';
import { useCallback, useEffect, useRef, useState } from 'react';
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
import { Differs } from './Differs.tsx';
import { useHints, wantHints } from './hints.ts';
import { distinguish, merge, peopleChanged, SURE_FROM } from './merging.ts';
import { signalWords } from './words.ts';
import styles from './DuplicatesPage.module.css';
import { personName } from '../lib/personName.ts';

const PAGE = 50;
/** The server looks at so much at a time, of which nothing may come: so often is it asked for one page. */
const LOOKS = 10;

/** A suggestion with both its persons. */
type Pair = OpenSuggestion & { a: CustomerRef; b: CustomerRef };
const isSure = ({ confidence }: OpenSuggestion): boolean => (confidence ?? 0) >= SURE_FROM;
const isPair = (row: OpenSuggestion): row is Pair => row.a !== null && row.b !== null;
const keyOf = ({ a, b }: Pair): string => `${a.id} ${b.id}`;

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
      .then(() => drop(row))
      .catch(toastError);
  const apart = (row: Pair) => void distinguish(row.a.id, row.b.id).then((done) => done && drop(row));

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
      {rows?.length === 0 && <Empty icon={CopyCheck} title={t(more ? 'duplicates.none_yet' : 'duplicates.none')} text={t('duplicates.none_text')} />}
      <ul className={styles.list}>
        {rows?.map((row, index) => (
          <li
            key={keyOf(row)}
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
              <Person one={row.b} marks={differing(row.b, row.a)} />
            </span>
            <span className={styles.why}>
              <b>{signalWords(row.signal)}</b>
              <small>
                {saidAll(row.evidence)}
                {row.found_at && (
                  <>
                    {' · '}
                    <When at={row.found_at} />
                  </>
                )}
              </small>
              <Differs differs={row.differs} />
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
      <Avatar name={personName(name)} size={26} />
      <span className={styles.called}>
        <span className={styles.name}>{personName(name)}</span> {marks.length > 0 && <small className={styles.marks}>{marks.join(' · ')}</small>}
      </span>
    </a>
  );
}

interface Listed {
  rows: readonly Pair[] | null;
  /** Where to go on; null: that is all. */
  cursor: string | null;
  error: string | null;
}

/** About a page, or what there is by so many looks. */
async function readPage(from: string | null): Promise<{ rows: Pair[]; cursor: string | null }> {
  const rows: Pair[] = [];
  let cursor = from;
  for (let looks = 0; looks < LOOKS && rows.length < PAGE; looks++) {
    // oxlint-disable-next-line no-await-in-loop -- each begins where the one before has ended
    const page = await call('suggestion.list', { limit: PAGE - rows.length, ...(cursor === null ? {} : { before: cursor }) });
    rows.push(...page.suggestions.filter(isPair));
    cursor = page.more ? page.cursor : null;
    if (cursor === null) break;
  }
  return { rows, cursor };
}

function useSuggestions() {
  const [{ rows, cursor, error }, setState] = useState<Listed>({ rows: null, cursor: null, error: null });
  const turn = useRef(0);
  const load = useCallback((from: string | null) => {
    const mine = ++turn.current;
    return readPage(from)
      .then(
        (page) =>
          mine === turn.current &&
          setState((now) => ({ rows: from === null ? page.rows : joined(now.rows ?? [], page.rows), cursor: page.cursor, error: null })),
      )
      .catch((problem: unknown) => mine === turn.current && setState((now) => ({ ...now, error: reasonOf(problem) })));
  }, []);
  useEffect(() => {
    void load(null);
    return client.onOpen(() => void load(null));
  }, [load]);
  // A merge in the dialogue, or an undo, changes the list.
  useEffect(() => peopleChanged.on(() => void load(null)), [load]);
  return {
    rows,
    error,
    more: cursor !== null,
    loadMore: () => void load(cursor),
    drop: (answered: Pair) => setState((now) => ({ ...now, rows: (now.rows ?? []).filter((row) => keyOf(row) !== keyOf(answered)) })),
  };
}

/** One of which more was said meanwhile is there already. */
function joined(known: readonly Pair[], incoming: readonly Pair[]): Pair[] {
  const all = new Map([...known, ...incoming].map((row) => [keyOf(row), row]));
  return [...all.values()];
}
