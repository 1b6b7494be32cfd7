import { Search, SearchX, TextSearch } from 'lucide-react';
import { useEffect, useRef, useState, type KeyboardEvent } from 'react';
import type { SearchHit, SearchPerson } from '@throughline/protocol';
import { filterOpen } from '../actions/signals.ts';
import { goPerson, hrefOf, personHref, type Search as SearchRoute, type SearchFilter } from '../app/route.ts';
import { useT } from '../i18n/index.ts';
import { number } from '../lib/format.ts';
import { NO_FILTER } from '../timeline/filter.ts';
import { showFiltered } from '../timeline/stretch.ts';
import { Avatar } from '../ui/Avatar.tsx';
import { Button } from '../ui/Button.tsx';
import { ChannelIcon } from '../ui/ChannelIcon.tsx';
import { Empty } from '../ui/Empty.tsx';
import { Marked } from '../ui/Marked.tsx';
import { When } from '../ui/When.tsx';
import { Filters } from './Filters.tsx';
import { useSearch } from './search.ts';
import { WhyHit, WhyPerson } from './Why.tsx';
import styles from './SearchPage.module.css';
import { personName } from '../lib/personName.ts';

/** One box over people and everything they and we have said. */
export default function SearchPage({ route }: { route: SearchRoute }) {
  const t = useT();
  const [query, setQuery] = useState(route.query);
  const [filter, setFilter] = useState<SearchFilter>(route.filter);
  const found = useSearch(query, filter);
  const page = useRef<HTMLElement>(null);
  // Somebody else has changed the address: the palette, or going back.
  useEffect(() => {
    setQuery(route.query);
    setFilter(route.filter);
  }, [route]);
  const settle = (nextQuery: string, nextFilter: SearchFilter) => {
    setQuery(nextQuery);
    setFilter(nextFilter);
    history.replaceState(null, '', hrefOf({ page: 'search', query: nextQuery, filter: nextFilter }));
  };
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
            onChange={(event) => settle(event.target.value, filter)}
          />
        </label>
        <Filters filter={filter} onChange={(next) => settle(query, next)} />
        <Said found={found} />
      </header>
      {found.error && <Empty icon={SearchX} title={found.error} />}
      {query.trim() === '' && <Empty icon={TextSearch} title={t('search.begin')} text={t('search.hints')} />}
      {found.answered && !found.error && found.people.length === 0 && query.trim() !== '' && (
        <Empty icon={SearchX} title={t('search.nothing', { query: query.trim() })} text={t('search.hints')}>
          {Object.keys(filter).length > 0 && <Button onClick={() => settle(query, {})}>{t('search.all_filters_off')}</Button>}
        </Empty>
      )}
      <ol className={styles.people} aria-label={t('search.results')}>
        {found.people.map((person) => (
          <Person key={person.customer_id} person={person} query={query.trim()} />
        ))}
      </ol>
      {found.more && (
        <Button className={styles.more} disabled={found.loading} onClick={found.loadMore}>
          {t('ui.more')}
        </Button>
      )}
    </main>
  );
}

function Said({ found }: { found: ReturnType<typeof useSearch> }) {
  const t = useT();
  if (!found.answered || found.error) return <p className={styles.said} role="status" />;
  return (
    <p className={styles.said} role="status">
      {!found.complete && <span className={styles.indexing}>{t('search.indexing', { n: Math.floor(found.progress) })}</span>}
      <span>{t(found.more ? 'search.found_more' : 'search.found', { count: found.people.length })}</span>
      <span>{t('search.took', { n: number(found.tookMs) })}</span>
    </p>
  );
}

/** The person's timeline, narrowed to what was searched for. */
function showAll(customerId: string, query: string): void {
  void showFiltered(customerId, { ...NO_FILTER, query });
  filterOpen.set(true);
  goPerson(customerId);
}

function Person({ person, query }: { person: SearchPerson; query: string }) {
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
          </b>
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

function Hit({ customerId, hit }: { customerId: string; hit: SearchHit }) {
  const t = useT();
  const subject = hit.reasons.find(({ found_in }) => found_in === 'subject');
  return (
    <li>
      <a className={styles.hit} href={personHref(customerId, hit.entry_id)} data-stop>
        <ChannelIcon medium={hit.medium} size={14} />
        <span className={styles.told}>
          <span className={styles.words}>
            {hit.subject && hit.subject !== hit.snippet && (
              <b>
                <Marked text={hit.subject} marks={subject?.text === hit.subject ? subject.marks : []} />{' '}
              </b>
            )}
            <Marked text={hit.snippet ?? ''} marks={hit.marks} />
          </span>
          <WhyHit hit={hit} />
        </span>
        <span className={styles.kind}>{t(hit.direction === 'out' && hit.kind === 'message' ? 'search.answer' : `kind.${hit.kind}`)}</span>
        <When at={hit.occurred_at} className={styles.when} />
      </a>
    </li>
  );
}
