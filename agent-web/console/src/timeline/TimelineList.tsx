import { defaultRangeExtractor, useVirtualizer } from '@tanstack/react-virtual';
import { ArrowDown, Milestone } from 'lucide-react';
import { useEffect, useEffectEvent, useMemo, useRef, useState } from 'react';
import { jumpToNow, timelineFocus, travelTo } from '../actions/signals.ts';
import { goInbox, route } from '../app/route.ts';
import { newestIn } from '../composer/news.ts';
import { pendingOf, sending } from '../composer/sending.ts';
import { useLanguage, useT } from '../i18n/index.ts';
import { day, millis } from '../lib/format.ts';
import { useNow } from '../lib/now.ts';
import { rem } from '../lib/rem.ts';
import { useStore } from '../lib/store.ts';
import { dayStart } from '../lib/zone.ts';
import { useConversation } from '../queue/conversations.ts';
import { Button } from '../ui/Button.tsx';
import { Empty } from '../ui/Empty.tsx';
import type { Person } from './person.ts';
import { Numbers, numbersOf } from './orderNumbers.ts';
import { useSameRows } from './sameRows.ts';
import { useRoving, useRows } from './roving.ts';
import { guessHeight } from './heights.ts';
import { buildRows, type Row } from './rows.ts';
import type { Source } from './source.ts';
import { showNewest } from './stretch.ts';
import { Target } from './target.ts';
import { TimelineRow } from './TimelineRow.tsx';
import { whenIdle } from './whenIdle.ts';
import { rowAt, travel } from './travel.ts';
import { viewport } from './viewport.ts';
import styles from './TimelineList.module.css';

const NEAR_END = 160;
const LOAD_BEFORE = 900;
const LOAD_AHEAD = 12_000;
const SETTLE_FRAMES = 8;
/** As --page in tokens.css. */
const PAGE = 880;

interface Props {
  person: Person;
  source: Source;
  /** The stretch that was asked for; an older one is gone to. */
  conversationId: string | null;
}

export function TimelineList({ person, source, conversationId }: Props) {
  const t = useT();
  useLanguage();
  const now = useNow();
  const today = dayStart(now);
  const scroller = useRef<HTMLDivElement>(null);
  const column = useRef<HTMLDivElement>(null);
  const heldIndex = useRef(-1);
  const allPending = useStore(sending);
  const { entries, older, newer, target } = source;
  const live = source.key === 'live';
  const built = useMemo(
    () => buildRows(entries, live ? pendingOf(allPending, person.id, entries) : [], older, today, source.narrow),
    [entries, person.id, allPending, older, today, live, source.narrow],
  );
  const rows = useSameRows(built);
  const numbers = useMemo(() => ({ customerId: person.id, known: numbersOf(person.orders) }), [person.id, person.orders]);
  const [lit, setLit] = useState<string | null>(null);
  const virtual = useVirtualizer({
    count: rows.length,
    getScrollElement: () => scroller.current,
    estimateSize: (index) => rem(guessHeight(rows[index], columnOf(scroller.current))),
    getItemKey: (index) => rows[index]?.key ?? index,
    overscan: 6,
    // The one with the focus stays, however far one scrolls.
    rangeExtractor: (range) => withHeld(defaultRangeExtractor(range), heldIndex.current, rows.length),
    anchorTo: 'end',
    followOnAppend: !newer,
    scrollEndThreshold: NEAR_END,
    paddingEnd: 16,
  });
  const items = virtual.getVirtualItems();
  const atEnd = virtual.isAtEnd(NEAR_END);
  const offset = virtual.scrollOffset ?? 0;
  const firstShown = rows[items.find((item) => item.end > offset + 4)?.index ?? 0];
  const lastShown = rows[items.at(-1)?.index ?? 0];

  const stops = useMemo(() => rows.filter((row) => row.type !== 'day' && row.type !== 'start').map(({ key }) => key), [rows]);
  const shownStop = items.findLast((item) => item.start < offset + (scroller.current?.clientHeight ?? 0) && isStop(rows[item.index]));
  const reach = (key: string) =>
    virtual.scrollToIndex(
      rows.findIndex((row) => row.key === key),
      { align: 'auto' },
    );
  const { held, ...roving } = useRows(scroller, stops, shownStop && rows[shownStop.index]?.key, reach);
  useRoving(column, held);
  heldIndex.current = document.activeElement?.closest('[data-row]') ? rows.findIndex((row) => row.key === held) : -1;

  const begun = useRef(false);
  // Rows get their heights as they are drawn: until the place that was asked for stands still, nothing may come above it.
  const [settled, setSettled] = useState(live);
  const settling = useRef(0);
  useEffect(() => () => cancelAnimationFrame(settling.current), []);
  const fromEnd = virtual.getTotalSize() - offset - (scroller.current?.clientHeight ?? 0);
  // In the rows of now: more may come while it settles, and then the place has another number.
  const place = useEffectEvent(() => {
    const named = target === null ? -1 : rows.findIndex((row) => holds(row, target));
    if (named >= 0) virtual.scrollToIndex(named, { align: 'center' });
    else if (source.moment !== null) virtual.scrollToIndex(rowAt(rows, source.moment), { align: 'start' });
    else virtual.scrollToEnd();
  });
  useEffect(() => {
    if (begun.current || (!live && entries.length === 0)) return;
    begun.current = true;
    place();
    if (live) return;
    let frames = 0;
    const again = () => {
      place();
      if (++frames < SETTLE_FRAMES) {
        settling.current = requestAnimationFrame(again);
        return;
      }
      // The virtualiser still holds on to a number of a row, which is another row's when older ones come: to the place from now on.
      virtual.scrollToOffset(virtual.scrollOffset ?? 0);
      setSettled(true);
    };
    settling.current = requestAnimationFrame(again);
  }, [virtual, live, entries]);

  const scrolledBack = fromEnd > (scroller.current?.clientHeight ?? 0);
  const more = useEffectEvent((side: 'older' | 'newer') => (side === 'older' ? source.loadOlder() : source.loadNewer()));
  useEffect(() => {
    if (!begun.current || !settled || !older || source.loadingOlder) return;
    if (offset < LOAD_BEFORE) return more('older');
    // Whoever has begun to scroll back shall not meet the end of what is loaded.
    if (scrolledBack && offset < LOAD_AHEAD) return whenIdle(() => more('older'));
  }, [offset, older, source.loadingOlder, rows.length, settled, scrolledBack]);
  useEffect(() => {
    if (begun.current && settled && newer && !source.loadingNewer && fromEnd < LOAD_BEFORE) more('newer');
  }, [fromEnd, newer, source.loadingNewer, rows.length, settled]);

  useEffect(() => viewport.set({ from: atOf(firstShown), to: atOf(lastShown) }), [firstShown, lastShown]);

  const newestId = newestIn(person.entries)?.id ?? null;
  const [seenId, setSeenId] = useState(newestId);
  useEffect(() => {
    if (atEnd) setSeenId(newestId);
  }, [atEnd, newestId]);

  const toNow = () => (live || source.narrow ? virtual.scrollToEnd() : leave(person.id));
  const jump = useEffectEvent(toNow);
  useEffect(() => jumpToNow.on(() => jump()), []);
  useEffect(() => timelineFocus.on(() => scroller.current?.focus()), []);
  const go = useEffectEvent((moment: number) => travel(person.id, moment, source, rows, (index) => virtual.scrollToIndex(index, { align: 'start' })));
  useEffect(() => travelTo.on((moment) => go(moment)), []);

  const begin = millis(useConversation(conversationId)?.created_at);
  // Not when entries come: then the agent is somewhere already.
  const isElsewhere = useEffectEvent(() => live && person.entries.findLast((entry) => entry.conversation_id !== null)?.conversation_id !== conversationId);
  useEffect(() => {
    if (begin !== null && isElsewhere()) travelTo.emit(begin);
  }, [conversationId, begin]);

  const shownDay = atOf(firstShown);
  return (
    <div className={styles.frame} data-timeline>
      <div className={styles.sticky} aria-hidden data-shown={(shownDay !== null && offset > 8) || undefined}>
        {shownDay !== null && offset > 8 && <span>{day(shownDay, now)}</span>}
      </div>
      <div ref={scroller} className={styles.scroller} tabIndex={-1} role="log" aria-live="off" aria-label={t('timeline.label')} {...roving}>
        {rows.length === 0 && live && <Empty icon={Milestone} title={t('timeline.empty')} />}
        {source.loadingOlder && <p className={styles.older}>{t('timeline.loading_older')}</p>}
        <Numbers value={numbers}>
          <Target value={target}>
            <div ref={column} className={styles.column} style={{ height: virtual.getTotalSize() }}>
              {items.map(({ index, key, start }) => {
                const row = rows[index];
                return (
                  row && (
                    <div
                      key={key}
                      data-index={index}
                      data-row={row.key}
                      ref={virtual.measureElement}
                      className={styles.row}
                      style={{ transform: `translateY(${start}px)` }}
                    >
                      <TimelineRow
                        row={row}
                        now={now}
                        lit={lit !== null && lit === stretchId(row)}
                        named={target !== null && holds(row, target)}
                        onLight={setLit}
                      />
                    </div>
                  )
                );
              })}
            </div>
          </Target>
        </Numbers>
      </div>
      {(!atEnd || (!live && !source.narrow)) && (
        <Button look={newestId === seenId ? 'plain' : 'primary'} small icon={ArrowDown} className={styles.jump} onClick={toNow}>
          {t(newestId === seenId ? 'timeline.to_now' : 'timeline.new_below')}
        </Button>
      )}
    </div>
  );
}

/** How wide rows are, in pixels of a browser whose text is 16. */
const columnOf = (scroller: HTMLElement | null): number => Math.min(PAGE, ((scroller?.clientWidth || PAGE) - 32) / rem(1));

const isStop = (row: Row | undefined): boolean => row !== undefined && row.type !== 'day' && row.type !== 'start';

const withHeld = (range: number[], held: number, count: number): number[] =>
  held < 0 || held >= count || range.includes(held) ? range : [...range, held].sort((a, b) => a - b);

/** A narrowed timeline goes to its own end; one that was gone to by a link or a date is left. */
function leave(customerId: string): void {
  showNewest();
  const now = route.get();
  if (now.page === 'inbox' && now.entryId) goInbox({ customerId, conversationId: null });
}

export function holds(row: Row, entryId: string): boolean {
  if (row.type === 'entry') return row.entry.id === entryId;
  return row.type === 'quiet' && row.entries.some((entry) => entry.id === entryId);
}

export function stretchId(row: Row): string | null {
  if (row.type === 'entry') return row.entry.conversation_id;
  return row.type === 'quiet' ? (row.entries[0]?.conversation_id ?? null) : null;
}

function atOf(row: Row | undefined): number | null {
  return row && 'at' in row ? row.at : null;
}
