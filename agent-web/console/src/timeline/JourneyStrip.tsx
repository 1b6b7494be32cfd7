import { useEffect, useMemo, useRef, type KeyboardEvent, type PointerEvent } from 'react';
import { travelTo } from '../actions/signals.ts';
import { useLanguage, useT } from '../i18n/index.ts';
import { dateShort, dateTime, millis, monthShort, monthYear } from '../lib/format.ts';
import { useNow } from '../lib/now.ts';
import { useStore } from '../lib/store.ts';
import { ChannelIcon } from '../ui/ChannelIcon.tsx';
import { JourneyLanes } from './JourneyLanes.tsx';
import { journeyOf, placeOf, ticksOf } from './journey.ts';
import { loadOlder, type Person } from './person.ts';
import { viewport } from './viewport.ts';
import styles from './JourneyStrip.module.css';

/** The strip shows a life, so it fetches that much of it beforehand. */
const AHEAD = 500;
const AHEAD_PAUSE_MS = 400;
const KEY_STEP = 1 / 40;
/** Beyond it a tick's words would run out of the strip. */
const LAST_TICK = 0.93;

export function JourneyStrip({ person }: { person: Person }) {
  const t = useT();
  useLanguage();
  const now = useNow();
  const track = useRef<HTMLDivElement>(null);
  const shown = useStore(viewport);
  const first = millis(person.customer?.first_at);
  const journey = useMemo(
    () => journeyOf(person.entries, person.orders ?? [], first, person.more, now),
    [person.entries, person.orders, first, person.more, now],
  );
  const { from, to, lanes } = journey;
  useEffect(() => {
    if (!person.more || person.loadingOlder || person.entries.length >= AHEAD) return;
    const timer = setTimeout(() => void loadOlder(person.id).catch(() => undefined), AHEAD_PAUSE_MS);
    return () => clearTimeout(timer);
  }, [person.id, person.more, person.loadingOlder, person.entries.length]);

  if (lanes.length === 0) return null;
  const go = (x: number) => travelTo.emit(from + Math.min(1, Math.max(0, x)) * (to - from));
  const point = (event: PointerEvent) => {
    const box = track.current?.getBoundingClientRect();
    if (box) go((event.clientX - box.left) / box.width);
  };
  const place = placeOf(shown.from ?? to, from, to);
  const end = placeOf(shown.to ?? to, from, to);
  const onKeyDown = (event: KeyboardEvent) => {
    const step = event.key === 'ArrowLeft' ? -KEY_STEP : event.key === 'ArrowRight' ? KEY_STEP : 0;
    if (step === 0) return;
    event.preventDefault();
    go(place + step);
  };
  return (
    <div className={styles.strip}>
      <div className={styles.icons}>{lanes.map(({ medium }) => <span key={medium}><ChannelIcon medium={medium} size={12} /></span>)}</div>
      <div
        ref={track}
        className={styles.track}
        role="slider"
        tabIndex={0}
        aria-label={t('journey.label')}
        aria-valuemin={0}
        aria-valuemax={100}
        aria-valuenow={Math.round(place * 100)}
        aria-valuetext={dateTime(shown.from ?? now)}
        onKeyDown={onKeyDown}
        onPointerDown={(event) => { event.currentTarget.setPointerCapture(event.pointerId); point(event); }}
        onPointerMove={(event) => event.buttons === 1 && point(event)}
      >
        <JourneyLanes journey={journey} />
        <span className={styles.window} style={{ left: `calc(${place * 100}% - 4px)`, width: `calc(${Math.max(0, end - place) * 100}% + 8px)` }} />
        {ticksOf(from, to).filter((tick) => placeOf(tick.at, from, to) < LAST_TICK).map(({ at, unit }) => (
          <span key={at} className={styles.tick} style={{ left: `${placeOf(at, from, to) * 100}%` }}>
            {unit === 'day' ? dateShort(at) : unit === 'year' || new Date(at).getMonth() === 0 ? monthYear(at) : monthShort(at)}
          </span>
        ))}
      </div>
    </div>
  );
}
