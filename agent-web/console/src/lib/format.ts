// Times, money and sizes in the language of the console; times are those of the desk (zone.ts).
import { currentLanguage, t } from '../i18n/index.ts';
import { dayOf, daysBetween, deskZone, momentOf, wallAt } from './zone.ts';

const MINUTE = 60_000;
const HOUR = 60 * MINUTE;
export const DAY = 24 * HOUR;

/** The language of the console, as the browser's region writes it: 11/22 and 22/11, 1:41 PM and 13:41. */
export const locale = (): string => navigator.languages.find((tag) => tag.split('-')[0] === currentLanguage()) ?? currentLanguage();

const cache = new Map<string, Intl.DateTimeFormat>();

function dates(wanted: Intl.DateTimeFormatOptions): Intl.DateTimeFormat {
  const options = { timeZone: deskZone(), ...wanted };
  const key = locale() + JSON.stringify(options);
  let format = cache.get(key);
  if (!format) cache.set(key, (format = new Intl.DateTimeFormat(locale(), options)));
  return format;
}

export const time = (at: number): string => dates({ hour: 'numeric', minute: '2-digit' }).format(at);

export const exact = (at: number): string =>
  dates({ year: 'numeric', month: 'short', day: 'numeric', weekday: 'short', hour: 'numeric', minute: '2-digit', second: '2-digit' }).format(at);

export const dateTime = (at: number): string => dates({ year: 'numeric', month: 'short', day: 'numeric', hour: 'numeric', minute: '2-digit' }).format(at);

/** The year only where it is another. */
export const dateTimeShort = (at: number, now = Date.now()): string =>
  sameYear(at, now) ? dates({ month: 'short', day: 'numeric', hour: 'numeric', minute: '2-digit' }).format(at) : dateTime(at);

/** Of a time to come: which weekday matters. */
export const weekdayTime = (at: number): string => dates({ weekday: 'short', month: 'short', day: 'numeric', hour: 'numeric', minute: '2-digit' }).format(at);

/** As an input of the browser for date and time wants it, and has it. */
export const inputTime = (at: number): string => new Date(wallAt(at)).toISOString().slice(0, 16);
export const timeOfInput = (value: string): number => momentOf(Date.parse(`${value}Z`));

export const dateShort = (at: number, now = Date.now()): string =>
  sameYear(at, now) ? dates({ month: 'short', day: 'numeric' }).format(at) : dates({ year: 'numeric', month: 'short', day: 'numeric' }).format(at);

export const monthShort = (at: number): string => dates({ month: 'short' }).format(at);
export const monthYear = (at: number): string => dates({ year: 'numeric', month: 'short' }).format(at);

/** Of an event in a calendar: times as it has them, RFC 3339, without a zone ("2026-11-30T10:00:00", the clock there), or days alone, of
 * which the last is the one behind it. "" for what is none. */
export function eventTime(starts: string, ends: string): string {
  const zone = /Z$/.test(starts) ? {} : { timeZone: 'UTC' };
  const wholeDays = /^\d{4}-\d{2}-\d{2}$/.test(starts);
  const at = (value: string): number => Date.parse(/Z$|^[^T]*$/.test(value) ? value : `${value}Z`);
  const from = at(starts);
  const to = at(ends) - (wholeDays ? DAY : 0);
  if (Number.isNaN(from)) return '';
  const format = dates({
    weekday: 'short',
    year: 'numeric',
    month: 'short',
    day: 'numeric',
    ...(wholeDays ? {} : { hour: 'numeric', minute: '2-digit' }),
    ...zone,
  });
  return to > from ? format.formatRange(from, to) : format.format(from);
}

function sameYear(a: number, b: number): boolean {
  return dayOf(a).slice(0, 4) === dayOf(b).slice(0, 4);
}

/** Of a day mark: today, yesterday, or the date. */
export function day(at: number, now: number): string {
  const distance = daysBetween(dayOf(at), dayOf(now));
  if (distance === 0) return t('time.today');
  if (distance === 1) return t('time.yesterday');
  return dates({ weekday: 'short', month: 'long', day: 'numeric', ...(sameYear(at, now) ? {} : { year: 'numeric' }) }).format(at);
}

/** "now", "4 min", "3 h" within a day, then the date. */
export function ago(at: number, now: number): string {
  const passed = now - at;
  if (passed < MINUTE) return t('time.now');
  if (passed < HOUR) return t('time.minutes', { n: Math.floor(passed / MINUTE) });
  if (passed < DAY) return t('time.hours', { n: Math.floor(passed / HOUR) });
  return dateShort(at, now);
}

/** As part of a sentence: "4 min ago", or the date. */
export function since(at: number, now: number): string {
  return now - at < MINUTE || now - at >= DAY ? ago(at, now) : t('time.ago', { span: ago(at, now) });
}

/** How long somebody has waited: "4 min", "3 h", "2 d". */
export function waited(ms: number): string {
  if (ms < MINUTE) return t('time.now');
  if (ms < HOUR) return t('time.minutes', { n: Math.floor(ms / MINUTE) });
  if (ms < 2 * DAY) return t('time.hours', { n: Math.floor(ms / HOUR) });
  return t('time.days', { n: Math.floor(ms / DAY) });
}

export function duration(seconds: number): string {
  const whole = Math.round(seconds);
  const parts = [Math.floor(whole / 3600), Math.floor(whole / 60) % 60, whole % 60];
  const [hours = 0, minutes = 0, rest = 0] = parts;
  const padded = (n: number) => String(n).padStart(2, '0');
  return hours > 0 ? `${hours}:${padded(minutes)}:${padded(rest)}` : `${minutes}:${padded(rest)}`;
}

export function money(amount: string | null | undefined, currency: string | null | undefined): string {
  if (amount === null || amount === undefined || amount === '') return '';
  const value = Number(amount);
  if (!Number.isFinite(value) || !currency) return [amount, currency].filter(Boolean).join(' ');
  try {
    return new Intl.NumberFormat(locale(), { style: 'currency', currency, currencyDisplay: 'narrowSymbol' }).format(value);
  } catch {
    return `${amount} ${currency}`;
  }
}

export const number = (value: number): string => new Intl.NumberFormat(locale()).format(value);

export function bytes(size: number): string {
  if (size < 1000) return `${size} B`;
  if (size < 1_000_000) return `${number(Math.round(size / 1000))} kB`;
  return `${number(Math.round(size / 100_000) / 10)} MB`;
}

/** "Japan Standard Time"; of a zone without a name its id. */
export function zoneName(zone: string | undefined): string {
  const named = new Intl.DateTimeFormat(locale(), { timeZone: zone, timeZoneName: 'longGeneric' }).formatToParts();
  return named.find(({ type }) => type === 'timeZoneName')?.value ?? zone ?? '';
}

/** The clock where the person is; '' when the zone is unknown. */
export function localTime(zone: string | null | undefined, now: number): string {
  if (!zone) return '';
  try {
    return dates({ timeZone: zone, weekday: 'short', hour: 'numeric', minute: '2-digit' }).format(now);
  } catch {
    return '';
  }
}

export function languageName(tag: string | null | undefined): string {
  if (!tag) return '';
  try {
    return new Intl.DisplayNames(currentLanguage(), { type: 'language' }).of(tag) ?? tag;
  } catch {
    return tag;
  }
}

export function countryName(code: string): string {
  try {
    return new Intl.DisplayNames(currentLanguage(), { type: 'region' }).of(code) ?? code;
  } catch {
    return code;
  }
}

export const millis = (iso: string | null | undefined): number | null => {
  const at = iso ? Date.parse(iso) : NaN;
  return Number.isNaN(at) ? null : at;
};
