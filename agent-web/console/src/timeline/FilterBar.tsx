import { Search, SlidersHorizontal, X } from 'lucide-react';
import { useEffect, useState, type KeyboardEvent } from 'react';
import type { Entry, Medium } from '@throughline/protocol';
import { useT, type Translate } from '../i18n/index.ts';
import { useStore } from '../lib/store.ts';
import { toggled } from '../lib/toggled.ts';
import { conversationsOf, newestFirst } from '../queue/conversations.ts';
import { Button } from '../ui/Button.tsx';
import { ChannelIcon } from '../ui/ChannelIcon.tsx';
import { listedMedia, mediumName } from '../ui/medium.ts';
import { Days } from '../ui/Days.tsx';
import { Menu, type MenuEntry } from '../ui/Menu.tsx';
import { Popover } from '../ui/Popover.tsx';
import { isNarrow, KINDS, NO_FILTER, type Filter } from './filter.ts';
import type { Person } from './person.ts';
import { showFiltered, showNewest, stretch } from './stretch.ts';
import styles from './FilterBar.module.css';

const PAUSE_MS = 250;

/** Narrows the timeline, and says that it is narrowed. */
export function FilterBar({ person, onClose }: { person: Person; onClose: () => void }) {
  const t = useT();
  const [filter, setFilter] = useState<Filter>(() => stretch.get()?.filter ?? NO_FILTER);
  const shown = useStore(stretch, (now) => (now?.customerId === person.id ? now : null));
  useEffect(() => {
    if (!isNarrow(filter) && !stretch.get()?.filter) return;
    const timer = setTimeout(() => void showFiltered(person.id, filter), PAUSE_MS);
    return () => clearTimeout(timer);
  }, [filter, person.id]);
  const patch = (part: Partial<Filter>) => setFilter((now) => ({ ...now, ...part }));
  const close = () => {
    if (stretch.get()?.filter) showNewest();
    onClose();
  };
  // A box with words is emptied by the browser first; a menu of the bar is no part of it.
  const onKeyDown = (event: KeyboardEvent<HTMLElement>) => {
    const { target, currentTarget } = event;
    if (event.key !== 'Escape' || event.nativeEvent.isComposing || !currentTarget.contains(target as Node)) return;
    if (target instanceof HTMLInputElement && target.value !== '') return;
    event.preventDefault();
    close();
  };
  const narrow = isNarrow(filter) && shown?.filter;
  return (
    <section className={styles.filter} aria-label={t('filter.label')} data-keys="escape" onKeyDown={onKeyDown}>
      <div className={styles.controls}>
        <label className={styles.text}>
          <Search size={14} aria-hidden />
          <input
            autoFocus
            type="search"
            aria-label={t('filter.text')}
            placeholder={t('filter.text')}
            value={filter.query}
            onChange={(event) => patch({ query: event.target.value })}
          />
        </label>
        <Menu items={mediaItems(filter, (media) => patch({ media }))}>
          <Button small aria-pressed={filter.media.length > 0}>
            {filter.media.length > 0 ? filter.media.map(mediumName).join(t('ui.comma')) : t('filter.channel')}
          </Button>
        </Menu>
        <Menu
          items={KINDS.map((kind) => ({
            id: kind,
            name: t(`kind.${kind}`),
            checked: filter.kinds.includes(kind),
            stay: true,
            run: () => patch({ kinds: toggled(filter.kinds, kind) }),
          }))}
        >
          <Button small aria-pressed={filter.kinds.length > 0}>
            {filter.kinds.length > 0 ? filter.kinds.map((kind: Entry['kind']) => t(`kind.${kind}`)).join(t('ui.comma')) : t('filter.kind')}
          </Button>
        </Menu>
        <Menu items={directionItems(t, filter, (direction) => patch({ direction }))}>
          <Button small aria-pressed={filter.direction !== null}>
            {t(filter.direction ? `filter.direction_${filter.direction}` : 'filter.direction')}
          </Button>
        </Menu>
        <Days from={filter.from} to={filter.to} onChange={patch} />
        <More person={person} filter={filter} onChange={patch} />
        <Button small look="quiet" icon={X} aria-label={t('filter.close')} title={t('filter.close')} onClick={close} />
      </div>
      {narrow && !shown.error && (
        <p className={styles.said} role="status">
          <span>
            {shown.loading === 'first'
              ? t('palette.searching')
              : shown.entries.length === 0
                ? t('filter.nothing')
                : shown.older
                  ? t('filter.shows_more', { n: shown.entries.length })
                  : t('filter.shows', { count: shown.entries.length })}
          </span>
          <Button
            small
            look="plain"
            onClick={() => {
              setFilter(NO_FILTER);
              showNewest();
            }}
          >
            {t('filter.clear')}
          </Button>
        </p>
      )}
    </section>
  );
}

function mediaItems(filter: Filter, choose: (media: Medium[]) => void): MenuEntry[] {
  return listedMedia().map((medium) => ({
    id: medium,
    name: mediumName(medium),
    icon: <ChannelIcon medium={medium} silent />,
    checked: filter.media.includes(medium),
    stay: true,
    run: () => choose(toggled(filter.media, medium)),
  }));
}

const directionItems = (t: Translate, { direction }: Filter, choose: (direction: Filter['direction']) => void): MenuEntry[] =>
  ([null, 'in', 'out'] as const).map((one) => ({
    id: one ?? 'both',
    name: t(one ? `filter.direction_${one}` : 'filter.direction_both'),
    checked: direction === one,
    run: () => choose(one),
  }));

/** What is asked for less often. */
function More({ person, filter, onChange }: { person: Person; filter: Filter; onChange: (part: Partial<Filter>) => void }) {
  const t = useT();
  const chosen = [filter.conversationId !== null, filter.attachments, filter.order.trim() !== ''].filter(Boolean).length;
  return (
    <Popover
      label={t('filter.more')}
      trigger={
        <Button small icon={SlidersHorizontal} aria-pressed={chosen > 0} aria-label={t('filter.more')} title={t('filter.more')}>
          {chosen > 0 ? String(chosen) : null}
        </Button>
      }
    >
      <div className={styles.more}>
        <ConversationChoice person={person} chosen={filter.conversationId} onChoose={(conversationId) => onChange({ conversationId })} />
        <Button small aria-pressed={filter.attachments} onClick={() => onChange({ attachments: !filter.attachments })}>
          {t('filter.attachments')}
        </Button>
        <input
          className={styles.order}
          aria-label={t('filter.order')}
          placeholder={t('filter.order')}
          value={filter.order}
          onChange={(event) => onChange({ order: event.target.value })}
        />
      </div>
    </Popover>
  );
}

function ConversationChoice({ person, chosen, onChoose }: { person: Person; chosen: string | null; onChoose: (id: string | null) => void }) {
  const t = useT();
  const rows = newestFirst(useStore(conversationsOf(person.id)));
  const current = rows.find((row) => row.id === chosen);
  const items: MenuEntry[] = [
    { id: 'any', name: t('filter.any_conversation'), checked: chosen === null, run: () => onChoose(null) },
    ...rows.map((row) => ({
      id: row.id,
      name: row.subject || row.preview || t('queue.no_text'),
      icon: <ChannelIcon medium={row.last_medium} silent />,
      end: row.number === null ? undefined : `#${row.number}`,
      checked: row.id === chosen,
      run: () => onChoose(row.id),
    })),
  ];
  return (
    <Menu items={items}>
      <Button small aria-pressed={chosen !== null}>
        {current ? `#${current.number ?? ''}` : t('filter.conversation')}
      </Button>
    </Menu>
  );
}
