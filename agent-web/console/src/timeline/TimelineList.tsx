import { useVirtualizer } from '@tanstack/react-virtual';
import { ArrowDown, Milestone } from 'lucide-react';
import { useEffect, useMemo, useRef, useState } from 'react';
import { jumpToNow, travelTo } from '../actions/signals.ts';
import { newestIn } from '../composer/news.ts';
import { pendingOf, sending } from '../composer/sending.ts';
import { useLanguage, useT } from '../i18n/index.ts';
import { day, dayStart, millis } from '../lib/format.ts';
import { useNow } from '../lib/now.ts';
import { useStore } from '../lib/store.ts';
import { conversations } from '../queue/queue.ts';
import { Button } from '../ui/Button.tsx';
import { Empty } from '../ui/Empty.tsx';
import { loadOlder, type Person } from './person.ts';
import { buildRows, guessHeight, type Row } from './rows.ts';
import { travel } from './travel.ts';
import { TimelineRow } from './TimelineRow.tsx';
import { viewport } from './viewport.ts';
import styles from './TimelineList.module.css';

const NEAR_END = 160;
const LOAD_BEFORE = 900;

interface Props {
  person: Person;
  /** The stretch that was asked for; an older one is gone to. */
  conversationId: string | null;
}

export function TimelineList({ person, conversationId }: Props) {
  const t = useT();
  useLanguage();
  const now = useNow();
  const today = dayStart(now);
  const scroller = useRef<HTMLDivElement>(null);
  const allPending = useStore(sending);
  const rows = useMemo(
    () => buildRows(person.entries, pendingOf(allPending, person), person.more, today),
    [person.entries, person.id, allPending, person.more, today],
  );
  const [lit, setLit] = useState<string | null>(null);
  const virtual = useVirtualizer({
    count: rows.length,
    getScrollElement: () => scroller.current,
    estimateSize: (index) => guessHeight(rows[index]),
    getItemKey: (index) => rows[index]?.key ?? index,
    overscan: 6,
    anchorTo: 'end',
    followOnAppend: true,
    scrollEndThreshold: NEAR_END,
    paddingEnd: 16,
  });
  const items = virtual.getVirtualItems();
  const atEnd = virtual.isAtEnd(NEAR_END);
  const offset = virtual.scrollOffset ?? 0;
  const firstShown = rows[items.find((item) => item.end > offset + 4)?.index ?? 0];
  const lastShown = rows[items.at(-1)?.index ?? 0];

  const begun = useRef(false);
  useEffect(() => {
    virtual.scrollToEnd();
    begun.current = true;
  }, [virtual]);

  useEffect(() => {
    if (begun.current && person.more && !person.loadingOlder && offset < LOAD_BEFORE) void loadOlder(person.id).catch(() => undefined);
  }, [offset, person.more, person.loadingOlder, person.id, rows.length]);

  useEffect(() => viewport.set({ from: atOf(firstShown), to: atOf(lastShown) }), [firstShown, lastShown]);

  const newestId = newestIn(person.entries)?.id ?? null;
  const [seenId, setSeenId] = useState(newestId);
  useEffect(() => {
    if (atEnd) setSeenId(newestId);
  }, [atEnd, newestId]);

  const latest = useRef(rows);
  latest.current = rows;
  useEffect(() => jumpToNow.on(() => virtual.scrollToEnd()), [virtual]);
  useEffect(
    () => travelTo.on((moment) => void travel(person.id, moment, () => latest.current, (index) => virtual.scrollToIndex(index, { align: 'start' }))),
    [virtual, person.id],
  );

  const begin = useStore(conversations, (all) => millis(all.get(conversationId ?? '')?.created_at));
  useEffect(() => {
    const newest = person.entries.findLast((entry) => entry.conversation_id !== null);
    if (begin !== null && newest?.conversation_id !== conversationId) travelTo.emit(begin);
    // Not when entries come: then the agent is somewhere already.
  }, [conversationId, begin]);

  const shownDay = atOf(firstShown);
  return (
    <div className={styles.frame}>
      {shownDay !== null && offset > 8 && (
        <div className={styles.sticky} aria-hidden><span>{day(shownDay, now)}</span></div>
      )}
      <div ref={scroller} className={styles.scroller} tabIndex={0} role="log" aria-live="off" aria-label={t('timeline.label')}>
        {rows.length === 0 && <Empty icon={Milestone} title={t('timeline.empty')} />}
        {person.loadingOlder && <p className={styles.older}>{t('timeline.loading_older')}</p>}
        <div className={styles.column} style={{ height: virtual.getTotalSize() }}>
          {items.map(({ index, key, start }) => {
            const row = rows[index];
            return row && (
              <div key={key} data-index={index} ref={virtual.measureElement} className={styles.row} style={{ transform: `translateY(${start}px)` }}>
                <TimelineRow row={row} now={now} lit={lit !== null && lit === stretchId(row)} onLight={setLit} />
              </div>
            );
          })}
        </div>
      </div>
      {!atEnd && (
        <Button look={newestId === seenId ? 'plain' : 'primary'} small icon={ArrowDown} className={styles.jump} onClick={() => virtual.scrollToEnd()}>
          {t(newestId === seenId ? 'timeline.to_now' : 'timeline.new_below')}
        </Button>
      )}
    </div>
  );
}

export function stretchId(row: Row): string | null {
  if (row.type === 'entry') return row.entry.conversation_id;
  return row.type === 'quiet' ? (row.entries[0]?.conversation_id ?? null) : null;
}

function atOf(row: Row | undefined): number | null {
  return row && 'at' in row ? row.at : null;
}
