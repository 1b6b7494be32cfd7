import { useVirtualizer } from '@tanstack/react-virtual';
import { useEffect, useRef, useState, type KeyboardEvent, type MouseEvent } from 'react';
import type { Conversation } from '@throughline/protocol';
import { goInbox, type Inbox } from '../app/route.ts';
import { queueFocus, queueMove, queueStep } from '../actions/signals.ts';
import { useT } from '../i18n/index.ts';
import { useStore } from '../lib/store.ts';
import { rem } from '../lib/rem.ts';
import { personName } from '../lib/personName.ts';
import { loadOlder, queue } from './queue.ts';
import { RowMenu, RowMenuButton } from './RowMenu.tsx';
import { QueueRow } from './QueueRow.tsx';
import { useRowMarks } from './rowMarks.ts';
import { pick, pickNone, pickTo, selection } from './selection.ts';
import { useSteadyScroll } from './useSteadyScroll.ts';
import styles from './QueueList.module.css';

const ROW_PX = 68;

interface Props {
  rows: readonly Conversation[];
  /** With one row a person: how many more of theirs the list holds. */
  others: ReadonlyMap<string, number> | null;
  route: Inbox;
}

export function QueueList({ rows, others, route }: Props) {
  const t = useT();
  const ROW = rem(ROW_PX);
  const scroller = useRef<HTMLDivElement>(null);
  const { more, loading } = useStore(queue);
  const virtual = useVirtualizer({
    count: rows.length,
    getScrollElement: () => scroller.current,
    estimateSize: () => ROW,
    overscan: 8,
    getItemKey: (index) => rows[index]?.id ?? index,
  });
  useSteadyScroll(scroller, rows, ROW);
  const chosen = useStore(selection);
  useEffect(() => pickNone, []);
  const items = virtual.getVirtualItems();
  const lastShown = items.at(-1)?.index ?? 0;

  useEffect(() => {
    if (more && loading === null && lastShown > rows.length - 15) void loadOlder().catch(() => undefined);
  }, [more, loading, lastShown, rows.length]);

  const opened = rows.findIndex((row) => isOpen(row, route));
  const place = useRef(0);
  useEffect(() => {
    if (opened >= 0) place.current = opened;
  }, [opened]);

  // One stop of the keyboard for all rows: the one that was last in hand, else the open one.
  const [held, setHeld] = useState<string | null>(null);
  const marks = useRowMarks(rows, items[0]?.index ?? 0, lastShown);
  const shownIds = items.map(({ index }) => rows[index]?.id);
  const stop = [held, rows[opened]?.id].find((id) => id && shownIds.includes(id)) ?? shownIds[0];
  useEffect(() => {
    const focusRow = (index: number) => {
      place.current = index;
      virtual.scrollToIndex(index, { align: 'auto' });
      const row = () => scroller.current?.querySelector<HTMLElement>(`[data-index="${index}"] a`);
      if (row()) row()?.focus({ preventScroll: true });
      else requestAnimationFrame(() => row()?.focus({ preventScroll: true }));
    };
    const move = (step: 1 | -1): number => {
      const focused = document.activeElement?.closest<HTMLElement>('[data-conversation]')?.dataset.index;
      const from = focused === undefined ? opened : Number(focused);
      // A row that has just left, as a resolved one does, leaves its place to the one after it.
      const next = from >= 0 ? from + step : step > 0 ? place.current : place.current - 1;
      const to = Math.min(rows.length - 1, Math.max(0, next));
      focusRow(to);
      return to;
    };
    const endMove = queueMove.on((step) => {
      const to = move(step);
      // Whoever reads somebody reads on; whoever looks through the list only looks.
      const row = rows[to];
      if (row && opened >= 0) goInbox({ customerId: row.customer_id, conversationId: row.id });
    });
    const endStep = queueStep.on(move);
    const endFocus = queueFocus.on(() => focusRow(Math.max(0, opened)));
    return () => {
      endMove();
      endStep();
      endFocus();
    };
  }, [rows, opened, virtual]);

  return (
    <div ref={scroller} className={styles.scroller}>
      <RowMenu>
        <ul className={styles.list} style={{ height: virtual.getTotalSize() }}>
          {items.map(({ index, start, key }) => {
            const row = rows[index];
            return (
              row && (
                <li
                  key={key}
                  data-index={index}
                  data-conversation={row.id}
                  data-picked={chosen.has(row.id) || undefined}
                  onClickCapture={(event) => pickBy(event, row.id)}
                  onFocus={() => setHeld(row.id)}
                  onKeyDown={onArrow}
                  className={styles.item}
                  style={{ transform: `translateY(${start}px)`, height: ROW }}
                >
                  <QueueRow
                    row={row}
                    route={route}
                    open={isOpen(row, route)}
                    stop={row.id === stop}
                    mark={marks.get(row.customer_id) ?? null}
                    others={others?.get(row.customer_id) ?? 0}
                  />
                  <RowMenuButton name={personName(row.customer_name)} />
                  <label className={styles.pick} data-shown={chosen.size > 0 || undefined}>
                    <input
                      type="checkbox"
                      checked={chosen.has(row.id)}
                      onChange={() => pick(row.id)}
                      aria-label={t('select.row', { name: personName(row.customer_name) })}
                      tabIndex={-1}
                    />
                  </label>
                </li>
              )
            );
          })}
        </ul>
      </RowMenu>
      {loading === 'older' && <p className={styles.loading}>{t('queue.loading')}</p>}
    </div>
  );
}

/** The arrows only look. */
function onArrow(event: KeyboardEvent): void {
  const step = event.key === 'ArrowDown' ? 1 : event.key === 'ArrowUp' ? -1 : 0;
  if (step === 0 || event.altKey || event.ctrlKey || event.metaKey) return;
  event.preventDefault();
  queueStep.emit(step);
}

/** With shift, the rows from the last one that was picked to this one. */
function pickBy(event: MouseEvent, id: string): void {
  if (!event.shiftKey) return;
  event.preventDefault();
  event.stopPropagation();
  pickTo(id);
}

function isOpen(row: Conversation, route: Inbox): boolean {
  if (route.conversationId) return row.id === route.conversationId;
  return row.customer_id === route.customerId;
}
