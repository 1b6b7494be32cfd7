// A time in words, as people type it: "tue 9", "in 3 days", "12月5日15時". chrono-node understands them; what it does not know of
// Japanese is added here. It is large: load this module when somebody is about to type a time.
import { Chrono, ParsingComponents, casual as american, GB as british } from 'chrono-node/en';
import { casual as japanese } from 'chrono-node/ja';
import { momentOf, wallAt } from './zone.ts';

/** A day without an hour means its morning. */
const MORNING = 9;
/** The words around a time: "until tuesday", "火曜まで". */
const AROUND = /^(?:until|till|on|at)\s+|\s*(?:まで|に)$/gi;
/** "2h", "in 30m". */
const SO_LONG = 'result/relativeDateAndTime';
/** Words that say which part of a day. */
const PART_OF_DAY = /^casualReference\/(?:afternoon|evening|midnight|night|noon|tonight)$/;
const JAPANESE = /[\u3040-\u30ff\u4e00-\u9fff]/;

const UNITS = { 分: 'minute', 時間: 'hour', 日: 'day', 週間: 'week', ヶ月: 'month', か月: 'month' } as const;
const WEEKS = { 再来週: 2, 来週: 1 } as const;

const extended = new Chrono({
  parsers: [
    {
      pattern: () => /(\d{1,4})(分|時間|日|週間|[ヶか]月)後/,
      extract: ({ reference }, match) =>
        ParsingComponents.createRelativeFromReference(reference, { [UNITS[match[2] as keyof typeof UNITS]]: Number(match[1]) }),
    },
    {
      pattern: () => /明後日|あさって/,
      extract: ({ reference }) => ParsingComponents.createRelativeFromReference(reference, { day: 2 }),
    },
    ...japanese.parsers,
  ],
  refiners: japanese.refiners,
});

/** Null when it is no time, or only in part. Days and weekdays are those to come, and hours those of the desk; 5/12 is as the locale writes it. */
export function parseWhen(words: string, now: Date, locale: string): Date | null {
  const text = words.normalize('NFKC').trim().replace(AROUND, '').trim();
  if (text === '' || text.length > 60) return null;
  const wall = wallAt(now.getTime());
  const clock = { wall, now: asLocal(wall) };
  const read = JAPANESE.test(text) ? inJapanese(text, clock) : inEnglish(text, clock, locale);
  return read === null ? null : new Date(momentOf(read));
}

/** What the desk's clock shows, as if it were UTC, and a time at which the browser's shows the same, or nearly. */
interface Clock {
  wall: number;
  now: Date;
}

/** chrono reckons with the clock of the browser: it is given one that shows what the desk's shows. */
function asLocal(wall: number): Date {
  const at = new Date(wall);
  return new Date(at.getUTCFullYear(), at.getUTCMonth(), at.getUTCDate(), at.getUTCHours(), at.getUTCMinutes());
}

/** "tue 9": a number behind a day is an hour. */
function inEnglish(text: string, now: Clock, locale: string): number | null {
  const english = locale === 'en-US' || locale === 'en' ? american : british;
  return read(english, text, now) ?? (/(?:^|\s)\d{1,2}$/.test(text) ? read(english, `${text}:00`, now) : null);
}

function inJapanese(text: string, clock: Clock): number | null {
  const week = Object.entries(WEEKS).find(([word]) => text.startsWith(word));
  if (!week) return read(extended, text, clock);
  const [word, weeks] = week;
  const rest = text.slice(word.length).replace(/^の/, '');
  if (rest === '') return read(extended, `${weeks}週間後`, clock);
  return read(extended, rest, { ...clock, now: mondayIn(weeks, clock.now) });
}

/** The first moment of a week, which begins on Monday. */
function mondayIn(weeks: number, now: Date): Date {
  const at = new Date(now);
  at.setDate(at.getDate() - ((at.getDay() + 6) % 7) + 7 * weeks);
  at.setHours(0, 0, 0, 0);
  return at;
}

/** As a clock on the wall shows it. */
function read(language: Chrono, text: string, { wall, now }: Clock): number | null {
  const [found, ...others] = language.parse(text, now, { forwardDate: true });
  if (!found || others.length > 0 || found.end || found.text.replace(/\s/g, '') !== text.replace(/\s/g, '')) return null;
  const { start } = found;
  // So long from now: the browser's own clock may be put on meanwhile, or have no such hour at all.
  if (start.tags().has(SO_LONG)) return wall + (start.date().getTime() - now.getTime());
  const says = start.isCertain('hour') || start.isCertain('meridiem') || [...start.tags()].some((tag) => PART_OF_DAY.test(tag));
  const of = (part: 'year' | 'month' | 'day' | 'hour' | 'minute'): number => start.get(part) ?? 0;
  return Date.UTC(of('year'), of('month') - 1, of('day'), says ? of('hour') : MORNING, says ? of('minute') : 0);
}
