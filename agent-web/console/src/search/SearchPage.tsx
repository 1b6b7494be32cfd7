import { Search, SearchX, TextSearch } from 'lucide-react';
import { useEffect, useMemo, useRef, useState, type KeyboardEvent } from 'react';
import type { SearchHit, SearchPerson } from '@throughline/protocol';
import { filterOpen } from '../actions/signals.ts';
import { goPerson, hrefOf, personHref, RESULTS, type ResultsBy, type Search as SearchRoute, type SearchFilter } from '../app/route.ts';
import { useT } from '../i18n/index.ts';
import { useMarks } from '../identity/hints.ts';
import { number } from '../lib/format.ts';
import { pickNone } from '../queue/selection.ts';
import { NO_FILTER } from '../timeline/filter.ts';
import { showFiltered } from '../timeline/stretch.ts';
import { Avatar } from '../ui/Avatar.tsx';
import { Button } from '../ui/Button.tsx';
import { ChannelIcon } from '../ui/ChannelIcon.tsx';
import { Empty } from '../ui/Empty.tsx';
import { Marked } from '../ui/Marked.tsx';
import { When } from '../ui/When.tsx';
import { FoundConversations } from './FoundConversations.tsx';
import { Filters } from './Filters.tsx';
import { Hit } from './Hit.tsx';
import { Saved } from './Saved.tsx';
import { useSearch } from './search.ts';
import { WhyPerson } from './Why.tsx';
import styles from './SearchPage.module.css';
import { personName } from '../lib/personName.ts';

/** One box over people and everything they and we have said. */
export default function SearchPage({ route }: { route: SearchRoute }) {
  const t = useT();
  const [query, setQuery] = useState(route.query);
  const [filter, setFilter] = useState<SearchFilter>(route.filter);
  const [show, setShow] = useState(route.show);
  const found = useSearch(query, filter, show);
  const called = useMemo(() => found.people.map(({ customer_id: id, name, matched }) => ({ id, name: name || matched })), [found.people]);
  const marks = useMarks(called);
  const page = useRef<HTMLElement>(null);
  // Somebody else has changed the address: the palette, or going back.
  useEffect(() => {
    setQuery(route.query);
    setFilter(route.filter);
    setShow(route.show);
  }, [route]);
  // What was picked of other results is picked no more.
  useEffect(() => pickNone, [query, filter, show]);
  const asked = { page: 'search', query, filter, show } as const;
  const settle = (part: Partial<Pick<SearchRoute, 'query' | 'filter' | 'show'>>) => {
    const next = { ...asked, ...part };
    setQuery(next.query);
    setFilter(next.filter);
    setShow(next.show);
    history.replaceState(null, '', hrefOf(next));
  };
  const nothing = found.people.length === 0 && found.conversations.length === 0;
  const onKeyDown = (event: KeyboardEvent) => {
    if (event.nativeEvent.isComposing || (event.key !== 'ArrowDown' && event.key !== 'ArrowUp')) return;
    if ((event.target as HTMLElement).closest('select, [role=menu]')) return;
    const stops = [...(page.current?.querySelectorAll<HTMLElement>('input[type=search], [data-stop]') ?? [])];
    const place = stops.indexOf(document.activeElement as HTMLElement);
    const next = stops[place + (event.key === 'ArrowDown' ? 1 : -1)];
    if (!next) return;
    event.preventDefault();
    next.focus();
  };
  return (
    <main ref={page} className={styles.page} onKeyDown={onKeyDown}>
      <header className={styles.head}>
        <h1 className="visually-hidden">{t('search.title')}</h1>
        <label className={styles.box}>
          <Search size={18} aria-hidden />
          <input
            autoFocus
            type="search"
            aria-label={t('search.ask')}
            placeholder={t('search.ask')}
            value={query}
            onChange={(event) => settle({ query: event.target.value })}
          />
        </label>
        <Filters filter={filter} onChange={(next) => settle({ filter: next })} />
        <div className={styles.below}>
          <Said found={found} show={show} />
          <ShownBy show={show} onChange={(next) => settle({ show: next })} />
          <Saved asked={asked} />
        </div>
      </header>
      {found.error && <Empty icon={SearchX} title={found.error} />}
      {query.trim() === '' && <Empty icon={TextSearch} title={t('search.begin')} text={t('search.hints')} />}
      {found.answered && !found.error && nothing && query.trim() !== '' && (
        <Empty icon={SearchX} title={t('search.nothing', { query: query.trim() })} text={t('search.hints')}>
          {Object.keys(filter).length > 0 && <Button onClick={() => settle({ filter: {} })}>{t('search.all_filters_off')}</Button>}
        </Empty>
      )}
      {show === 'conversations' ? (
        <FoundConversations found={found.conversations} />
      ) : (
        <ol className={styles.people} aria-label={t('search.results')}>
          {found.people.map((person) => (
            <Person key={person.customer_id} person={person} mark={marks.get(person.customer_id) ?? null} query={query.trim()} />
          ))}
        </ol>
      )}
      {found.more && (
        <Button className={styles.more} disabled={found.loading} onClick={found.loadMore}>
          {t('ui.more')}
        </Button>
      )}
    </main>
  );
}

function ShownBy({ show, onChange }: { show: ResultsBy; onChange: (show: ResultsBy) => void }) {
  const t = useT();
  return (
    <span role="group" aria-label={t('search.shown_by')} className={styles.shownBy}>
      {RESULTS.map((one) => (
        <Button key={one} small look="quiet" aria-pressed={show === one} onClick={() => onChange(one)}>
          {t(`search.by_${one}`)}
        </Button>
      ))}
    </span>
  );
}

const FOUND = { people: ['search.found', 'search.found_more'], conversations: ['search.found_conversations', 'search.found_more_conversations'] } as const;

function Said({ found, show }: { found: ReturnType<typeof useSearch>; show: ResultsBy }) {
  const t = useT();
  if (!found.answered || found.error) return <p className={styles.said} role="status" />;
  return (
    <p className={styles.said} role="status">
      {!found.complete && <span className={styles.indexing}>{t('search.indexing', { n: Math.floor(found.progress) })}</span>}
      <span>{t(FOUND[show][found.more ? 1 : 0], { count: found[show].length })}</span>
      <span>{t('search.took', { n: number(found.tookMs) })}</span>
    </p>
  );
}

/** The person's timeline, narrowed to what was searched for. */
function showAll(customerId: string, query: string): void {
  void showFiltered(customerId, { ...NO_FILTER, query });
  filterOpen.set(customerId);
  goPerson(customerId);
}

/** `mark`: what tells the person from others of the same name. */
function Person({ person, mark, query }: { person: SearchPerson; mark: string | null; query: string }) {
  const t = useT();
  const { customer_id: id, name, name_marks, matched, media, last_at, hits, more_hits, reasons } = person;
  const shown = personName(name, matched);
  return (
    <li className={styles.person}>
      <a className={styles.who} href={personHref(id)} data-stop>
        <Avatar name={shown} size={32} />
        <span className={styles.name}>
          <b>
            <Marked text={shown} marks={name ? name_marks : []} />
          </b>{' '}
          {mark && (
            <small className={styles.mark}>
              <bdi>{mark}</bdi>
            </small>
          )}
          <WhyPerson reasons={reasons} name={name ? shown : ''} />
        </span>
        <span className={styles.media}>
          {media.map((medium) => (
            <ChannelIcon key={medium} medium={medium as SearchHit['medium']} size={14} />
          ))}
        </span>
        <When at={last_at} className={styles.when} />
      </a>
      <ol>
        {hits.map((hit) => (
          <Hit key={hit.entry_id} customerId={id} hit={hit} />
        ))}
      </ol>
      {more_hits && (
        <Button small look="quiet" className={styles.rest} onClick={() => showAll(id, query)}>
          {t('search.more_hits')}
        </Button>
      )}
    </li>
  );
}
