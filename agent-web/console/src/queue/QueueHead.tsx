import { ArrowDownNarrowWide, ChevronDown, Ellipsis, ListFilter } from 'lucide-react';
import { preferences, setPeople } from '../app/preferences.ts';
import { openDialog } from '../app/dialogs.ts';
import { canSort, goInbox, hrefOf, SORTS, VIEWS, type Inbox, type View } from '../app/route.ts';
import { useT } from '../i18n/index.ts';
import { useStore } from '../lib/store.ts';
import { ChannelIcon } from '../ui/ChannelIcon.tsx';
import { IconButton } from '../ui/IconButton.tsx';
import { listedMedia, mediumName } from '../ui/medium.ts';
import { Menu, type MenuEntry } from '../ui/Menu.tsx';
import { useDirectory } from '../directory/directory.ts';
import { shownCount } from './counts.ts';
import { queue } from './queue.ts';
import styles from './QueueHead.module.css';

const TABS: readonly View[] = ['open', 'mine', 'unassigned'];

export function QueueHead({ route }: { route: Inbox }) {
  const t = useT();
  const counts = useStore(queue, (now) => now.counts);
  const count = (view: View) => (counts && view in counts ? counts[view as keyof typeof counts] : null);
  const shown = (view: View) => (count(view) === null ? undefined : shownCount(count(view) ?? 0));
  const rest = VIEWS.filter((view) => !TABS.includes(view));
  const people = useStore(preferences, (now) => now.people);
  const items: MenuEntry[] = rest.map((view) => ({
    id: view,
    name: t(`view.${view}`),
    end: shown(view),
    checked: route.view === view,
    run: () => goInbox({ view }),
  }));
  const rows = useStore(queue, (now) => now.rows);
  const open = rows.filter((row) => row.status !== 'resolved');
  if (open.length > 1)
    items.push({ id: 'resolve_shown', name: t('queue.resolve_shown', { n: open.length }), run: () => openDialog({ type: 'block', rows: open, many: true }) });
  items.push('line', { id: 'people', name: t('queue.per_person'), checked: people, run: () => setPeople(!people) });
  const other = rest.includes(route.view);
  return (
    <header className={styles.head}>
      <div className={styles.line}>
        <h1 className={styles.title}>{t(`view.${route.view}.title`)}</h1>
        <span className={styles.tools}>
          {canSort(route.view) && <SortMenu route={route} />}
          <MediumFilter route={route} />
        </span>
      </div>
      <nav className={styles.tabs} aria-label={t('queue.views')}>
        {TABS.map((view) => (
          <a key={view} href={hrefOf({ ...route, view, entryId: null })} aria-current={route.view === view ? 'page' : undefined} className={styles.tab}>
            <span className={styles.name}>{t(`view.${view}`)}</span>
            {(count(view) ?? 0) > 0 && <span className={styles.count}>{shownCount(count(view) ?? 0)}</span>}
          </a>
        ))}
        <Menu items={items} align="end">
          <button type="button" className={styles.tab} data-current={other || undefined}>
            {other ? <span className={styles.name}>{t(`view.${route.view}`)}</span> : <span className="visually-hidden">{t('queue.more_views')}</span>}
            {other && (count(route.view) ?? 0) > 0 && <span className={styles.count}>{shown(route.view)}</span>}
            {other ? <ChevronDown size={14} aria-hidden /> : <Ellipsis size={16} aria-hidden />}
          </button>
        </Menu>
      </nav>
    </header>
  );
}

function SortMenu({ route }: { route: Inbox }) {
  const t = useT();
  const items: MenuEntry[] = [
    { heading: t('queue.sort') },
    ...SORTS.map((sort) => ({ id: sort, name: t(`sort.${sort}`), checked: route.sort === sort, run: () => goInbox({ sort }) })),
  ];
  return (
    <Menu items={items} align="end">
      {route.sort === 'newest' ? (
        <IconButton icon={ArrowDownNarrowWide} label={t('queue.sort')} small />
      ) : (
        <button type="button" className={styles.filter} title={t('queue.sort')}>
          <ArrowDownNarrowWide size={14} aria-hidden />
          {t(`sort.${route.sort}`)}
        </button>
      )}
    </Menu>
  );
}

function MediumFilter({ route }: { route: Inbox }) {
  const t = useT();
  const { channels } = useDirectory();
  const connected = new Set(channels.map((channel) => channel.medium));
  const offered = listedMedia().filter((medium) => connected.has(medium) || medium === route.medium);
  const items: MenuEntry[] = [
    { heading: t('queue.filter') },
    { id: 'any', name: t('queue.any_channel'), checked: route.medium === null, run: () => goInbox({ medium: null }) },
    ...offered.map((medium) => ({
      id: medium,
      name: mediumName(medium),
      icon: <ChannelIcon medium={medium} silent />,
      checked: route.medium === medium,
      run: () => goInbox({ medium }),
    })),
  ];
  return (
    <Menu items={items} align="end">
      {route.medium ? (
        <button type="button" className={styles.filter}>
          <ChannelIcon medium={route.medium} size={14} silent />
          {mediumName(route.medium)}
          <ChevronDown size={14} aria-hidden />
        </button>
      ) : (
        <IconButton icon={ListFilter} label={t('queue.filter')} small />
      )}
    </Menu>
  );
}
