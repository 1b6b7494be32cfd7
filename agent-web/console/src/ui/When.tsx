import { ago, exact, millis, since, time } from '../lib/format.ts';
import { useNow } from '../lib/now.ts';
import { useLanguage } from '../i18n/index.ts';

/** A time: relative within a day, in a sentence as "4 min ago", or the clock; exact when pointed at. */
export function When({ at, clock, said, className }: { at: string | null; clock?: boolean; said?: boolean; className?: string | undefined }) {
  useLanguage();
  const now = useNow(clock);
  const ms = millis(at);
  if (ms === null) return null;
  return (
    <time dateTime={at ?? ''} title={exact(ms)} className={className}>
      {clock ? time(ms) : said ? since(ms, now) : ago(ms, now)}
    </time>
  );
}
