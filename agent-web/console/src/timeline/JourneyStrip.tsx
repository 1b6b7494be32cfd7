import { Maximize2, ZoomIn, ZoomOut } from 'lucide-react';
import { memo, useEffect, useEffectEvent, useMemo, useRef, useState, type KeyboardEvent, type PointerEvent } from 'react';
import { travelTo } from '../actions/signals.ts';
import { onward } from '../i18n/direction.ts';
import { useLanguage, useT } from '../i18n/index.ts';
import { dateShort, dateTime, millis, monthShort, monthYear, number, zoneName } from '../lib/format.ts';
import { useNow } from '../lib/now.ts';
import { useStore } from '../lib/store.ts';
import { dayOf, useDeskZone } from '../lib/zone.ts';
import { ChannelIcon } from '../ui/ChannelIcon.tsx';
import { IconButton } from '../ui/IconButton.tsx';
import { mediumName } from '../ui/medium.ts';
import { JourneyLanes } from './JourneyLanes.tsx';
import { lanesOf, lifeOf, monthsOf, panned, placeOf, ticksOf, zoomed, type Life, type Span } from './journey.ts';
import type { Person } from './person.ts';
import { viewport } from './viewport.ts';
import styles from './JourneyStrip.module.css';

const KEY_STEP = 1 / 40;
const CLOSER = 0.6;
/** A pointer that moved less has clicked. */
const CLICK_PX = 4;
/** A month that begins here ends before the words that say in which zone the days are (the last fifth). */
const LAST_TICK = 0.72;

export function JourneyStrip({ person }: { person: Person }) {
  const first = millis(person.customer?.first_at);
  const now = useNow();
  const { days, orders } = person;
  const journey = useMemo(() => orders && { days, orders }, [days, orders]);
  const life = useMemo(() => journey && lifeOf(journey, first, now), [journey, first, now]);
  if (!journey || !life || (journey.days.every(({ medium }) => medium === 'none') && journey.orders.length === 0)) return null;
  return <Strip key={person.id} journey={journey} life={life} />;
}

function Strip({ journey, life }: { journey: Life; life: Span }) {
  const t = useT();
  useLanguage();
  const zone = useDeskZone();
  const track = useRef<HTMLDivElement>(null);
  const shown = useStore(viewport);
  const [chosen, setChosen] = useState<Span | null>(null);
  const span = chosen ?? life;
  const { lanes, flags } = useMemo(() => lanesOf(journey, span), [journey, span]);
  const go = (x: number) => travelTo.emit(span.from + Math.min(1, Math.max(0, x)) * (span.to - span.from));
  const zoom = (factor: number, x = 0.5) =>
    setChosen((now) => {
      const next = zoomed(now ?? life, life, factor, x);
      return next.to - next.from >= (life.to - life.from) * 0.999 ? null : next;
    });
  const pan = (part: number) => setChosen((now) => now && panned(now, life, part));
  const xOf = (clientX: number) => {
    const box = track.current?.getBoundingClientRect();
    if (!box) return 0;
    const part = (clientX - box.left) / box.width;
    return onward() > 0 ? part : 1 - part;
  };

  useWheel(track, (event) => {
    if (Math.abs(event.deltaX) > Math.abs(event.deltaY) || event.shiftKey) pan((event.deltaX * onward() || event.deltaY) / 600);
    else zoom(event.deltaY < 0 ? 0.8 : 1.25, xOf(event.clientX));
  });
  const drag = useRef<{ from: number; last: number; moved: boolean } | null>(null);
  const onPointerDown = (event: PointerEvent) => {
    event.currentTarget.setPointerCapture(event.pointerId);
    drag.current = { from: event.clientX, last: event.clientX, moved: false };
  };
  const onPointerMove = (event: PointerEvent) => {
    const held = drag.current;
    if (!held || event.buttons !== 1) return;
    held.moved ||= Math.abs(event.clientX - held.from) > CLICK_PX;
    if (!held.moved) return;
    // Where there is nothing to pan, dragging travels.
    if (chosen) pan((onward() * (held.last - event.clientX)) / (track.current?.clientWidth || 1));
    else go(xOf(event.clientX));
    held.last = event.clientX;
  };
  const onPointerUp = (event: PointerEvent) => {
    if (drag.current && !drag.current.moved) go(xOf(event.clientX));
    drag.current = null;
  };

  const place = placeOf(shown.from ?? span.to, span);
  const end = placeOf(shown.to ?? span.to, span);
  const keys: Record<string, () => void> = {
    ArrowLeft: () => go(place - KEY_STEP * onward()),
    ArrowRight: () => go(place + KEY_STEP * onward()),
    Home: () => travelTo.emit(life.from),
    End: () => travelTo.emit(life.to),
    '+': () => zoom(CLOSER, clamp(place)),
    '=': () => zoom(CLOSER, clamp(place)),
    '-': () => zoom(1 / CLOSER, clamp(place)),
    0: () => setChosen(null),
    PageUp: () => pan(-0.5),
    PageDown: () => pan(0.5),
  };
  const onKeyDown = (event: KeyboardEvent) => {
    const run = event.ctrlKey || event.metaKey || event.altKey ? undefined : keys[event.key];
    if (!run) return;
    event.preventDefault();
    event.stopPropagation();
    run();
  };
  return (
    <div className={styles.strip}>
      <div className={styles.icons}>
        {lanes.map(({ medium }) => (
          <span key={medium}>
            <ChannelIcon medium={medium} size={12} />
          </span>
        ))}
      </div>
      <div
        ref={track}
        className={styles.track}
        data-zoomed={chosen !== null || undefined}
        role="slider"
        tabIndex={0}
        aria-label={t('journey.label')}
        aria-description={t('journey.keys')}
        aria-valuemin={0}
        aria-valuemax={100}
        aria-valuenow={Math.round(clamp(placeOf(shown.from ?? life.to, life)) * 100)}
        aria-valuetext={dateTime(shown.from ?? life.to)}
        onKeyDown={onKeyDown}
        onPointerDown={onPointerDown}
        onPointerMove={onPointerMove}
        onPointerUp={onPointerUp}
      >
        <JourneyLanes lanes={lanes} flags={flags} />
        {end > -0.01 && place < 1.01 && (
          <span
            className={styles.window}
            style={{
              insetInlineStart: `calc(${clamp(place) * 100}% - 4px)`,
              width: `calc(${Math.max(0, clamp(end) - clamp(place)) * 100}% + 8px)`,
            }}
          />
        )}
        {ticksOf(span)
          .filter((tick) => placeOf(tick.at, span) < LAST_TICK)
          .map(({ at, unit }) => (
            <span key={at} className={styles.tick} style={{ insetInlineStart: `${placeOf(at, span) * 100}%` }}>
              {unit === 'day' ? dateShort(at) : unit === 'year' || dayOf(at).slice(5, 7) === '01' ? monthYear(at) : monthShort(at)}
            </span>
          ))}
        <span className={styles.zone}>{t('time.days_of', { zone: zoneName(zone) })}</span>
      </div>
      <div className={styles.tools}>
        <IconButton icon={ZoomIn} small label={t('journey.zoom_in')} onClick={() => zoom(CLOSER, clamp(place))} />
        {chosen ? (
          <IconButton icon={Maximize2} small label={t('journey.zoom_all')} onClick={() => setChosen(null)} />
        ) : (
          <IconButton icon={ZoomOut} small label={t('journey.zoom_out')} disabled />
        )}
      </div>
      <Months journey={journey} />
    </div>
  );
}

const clamp = (x: number) => Math.min(1, Math.max(0, x));

/** The wheel is the strip's own: the page behind must not scroll, and React's listeners cannot say so. */
function useWheel(ref: React.RefObject<HTMLElement | null>, turn: (event: WheelEvent) => void): void {
  const latest = useEffectEvent(turn);
  useEffect(() => {
    const element = ref.current;
    const listen = (event: WheelEvent) => {
      event.preventDefault();
      latest(event);
    };
    element?.addEventListener('wheel', listen, { passive: false });
    return () => element?.removeEventListener('wheel', listen);
  }, [ref]);
}

const Months = memo(function Months({ journey }: { journey: Life }) {
  const t = useT();
  const months = useMemo(() => monthsOf(journey), [journey]);
  return (
    <div className="visually-hidden">
      <table>
        <caption>{t('journey.table')}</caption>
        <thead>
          <tr>
            <th>{t('journey.month')}</th>
            <th>{t('journey.contacts')}</th>
            <th>{t('panel.orders')}</th>
          </tr>
        </thead>
        <tbody>
          {months.map(({ month, at, media, orders }) => (
            <tr key={month}>
              <th>{monthYear(at)}</th>
              <td>{media.map(({ medium, n }) => `${mediumName(medium)} ${number(n)}`).join(t('ui.comma'))}</td>
              <td>{number(orders)}</td>
            </tr>
          ))}
        </tbody>
      </table>
    </div>
  );
});
