import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import { parseWhen } from '../src/lib/when.ts';
import { setDeskZone } from '../src/lib/zone.ts';

/** A Saturday. */
const NOW = new Date(2026, 10, 28, 15, 20);

const read = (words: string, locale = 'en-US'): string | null => {
  const at = parseWhen(words, NOW, locale);
  const two = (n: number) => String(n).padStart(2, '0');
  return at && `${at.getFullYear()}-${two(at.getMonth() + 1)}-${two(at.getDate())} ${two(at.getHours())}:${two(at.getMinutes())}`;
};

describe('times in words', () => {
  const cases: Record<string, string | null> = {
    tomorrow: '2026-11-29 09:00',
    'tomorrow 9': '2026-11-29 09:00',
    'tue 9': '2026-12-01 09:00',
    'until tuesday': '2026-12-01 09:00',
    'tuesday 2pm': '2026-12-01 14:00',
    'mon 9:30': '2026-11-30 09:30',
    'in 3 days': '2026-12-01 09:00',
    '2h': '2026-11-28 17:20',
    'in 30m': '2026-11-28 15:50',
    'next week': '2026-12-05 09:00',
    'dec 5 14:00': '2026-12-05 14:00',
    '5 dec': '2026-12-05 09:00',
    '1 jan': '2027-01-01 09:00',
    '2026-12-05 9:00': '2026-12-05 09:00',
    '17:30': '2026-11-28 17:30',
    tonight: '2026-11-28 22:00',
    'tomorrow evening': '2026-11-29 20:00',
    明日: '2026-11-29 09:00',
    明日9時: '2026-11-29 09:00',
    'あさって 10時': '2026-11-30 10:00',
    火曜9時: '2026-12-01 09:00',
    火曜日まで: '2026-12-01 09:00',
    '３日後': '2026-12-01 09:00',
    '2時間後': '2026-11-28 17:20',
    来週: '2026-12-05 09:00',
    '来週の火曜 9時': '2026-12-01 09:00',
    再来週月曜日: '2026-12-07 09:00',
    '12月5日午後3時': '2026-12-05 15:00',
    '12/5 9:30': '2026-12-05 09:30',
    hello: null,
    'tue to fri': null,
    'call tue': null,
    '25:00': null,
    'tue 31': null,
    こんにちは: null,
    '': null,
  };
  for (const [words, at] of Object.entries(cases)) it(`${words || 'nothing'}: ${at ?? 'no time'}`, () => assert.equal(read(words), at));
  it('reads numbers in the order of the locale', () => {
    assert.equal(read('5/12', 'en-US'), '2027-05-12 09:00');
    assert.equal(read('5/12', 'en-GB'), '2026-12-05 09:00');
  });
  it('are times of the desk, wherever the browser is', () => {
    setDeskZone('Asia/Tokyo');
    const night = new Date('2026-11-28T16:00:00Z'); // Sunday, 1:00 there
    assert.equal(parseWhen('tomorrow 9', night, 'en-GB')?.toISOString(), '2026-11-30T00:00:00.000Z');
    assert.equal(parseWhen('2h', night, 'en-GB')?.toISOString(), '2026-11-28T18:00:00.000Z');
  });
  it('are not shifted by the hour that the browser’s own clock leaves out', () => {
    const before = process.env['TZ'];
    process.env['TZ'] = 'Europe/Berlin'; // on 29 March there is no 2:10
    setDeskZone('Asia/Tokyo');
    const at = (words: string, now: string): string | undefined => parseWhen(words, new Date(now), 'en-GB')?.toISOString();
    try {
      assert.equal(at('in 30m', '2026-03-28T17:10:00Z'), '2026-03-28T17:40:00.000Z', 'it is 2:10 on the desk');
      assert.equal(at('2h', '2026-03-28T16:30:00Z'), '2026-03-28T18:30:00.000Z', 'over it');
      assert.equal(at('30分後', '2026-03-28T17:10:00Z'), '2026-03-28T17:40:00.000Z');
      assert.equal(at('2:30', '2026-03-28T16:30:00Z'), '2026-03-28T17:30:00.000Z', 'into it');
      assert.equal(at('tomorrow 9', '2026-03-28T17:10:00Z'), '2026-03-30T00:00:00.000Z');
    } finally {
      if (before === undefined) delete process.env['TZ'];
      else process.env['TZ'] = before;
    }
  });
});
