import { ago, exact, millis, time } from '../lib/format.ts';
import { useNow } from '../lib/now.ts';
import { useLanguage } from '../i18n/index.ts';

/** A time: relative within a day, or the clock; exact when pointed at. */
export function When({ at, clock, className }: { at: string | null; clock?: boolean; className?: string | undefined }) {
  useLanguage();
  const now = useNow();
  const ms = millis(at);
  if (ms === null) return null;
  return (
    <time dateTime={at ?? ''} title={exact(ms)} className={className}>
      {clock ? time(ms) : ago(ms, now)}
    </time>
  );
}
