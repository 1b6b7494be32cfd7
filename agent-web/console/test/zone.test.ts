// The desk's days, as the server counts them (tests/unit/test_zone.c has the same ones), wherever this runs.
import assert from 'node:assert/strict';
import { afterEach, describe, it } from 'node:test';
import { snoozeChoices } from '../src/actions/conversation.ts';
import { startWords } from '../src/i18n/index.ts';
import { dateTime, time, zoneName } from '../src/lib/format.ts';
import { dayAfter, dayBegins, dayOf, daysBetween, dayStart, deskZone, hourOf, setDeskZone } from '../src/lib/zone.ts';

startWords();

const DAYS: [zone: string, day: string, begins: string, ends: string][] = [
  ['UTC', '2026-11-21', '2026-11-21T00:00:00.000Z', '2026-11-22T00:00:00.000Z'],
  ['Asia/Tokyo', '2026-11-21', '2026-11-20T15:00:00.000Z', '2026-11-21T15:00:00.000Z'],
  ['Asia/Kathmandu', '2026-11-21', '2026-11-20T18:15:00.000Z', '2026-11-21T18:15:00.000Z'],
  ['Pacific/Tongatapu', '2026-07-01', '2026-06-30T11:00:00.000Z', '2026-07-01T11:00:00.000Z'],
  ['America/New_York', '2026-03-08', '2026-03-08T05:00:00.000Z', '2026-03-09T04:00:00.000Z'],
  ['America/New_York', '2026-11-01', '2026-11-01T04:00:00.000Z', '2026-11-02T05:00:00.000Z'],
  ['America/Sao_Paulo', '2018-11-04', '2018-11-04T03:00:00.000Z', '2018-11-05T02:00:00.000Z'],
  ['America/Havana', '2026-11-01', '2026-11-01T04:00:00.000Z', '2026-11-02T05:00:00.000Z'],
  ['Pacific/Apia', '2011-12-31', '2011-12-30T10:00:00.000Z', '2011-12-31T10:00:00.000Z'],
];

describe("the desk's days", () => {
  afterEach(() => setDeskZone('UTC'));

  for (const [zone, day, begins, ends] of DAYS)
    it(`${day} in ${zone}`, () => {
      setDeskZone(zone);
      assert.equal(new Date(dayBegins(day)).toISOString(), begins);
      assert.equal(dayOf(Date.parse(begins)), day);
      assert.equal(dayOf(Date.parse(ends) - 1), day);
      assert.notEqual(dayOf(Date.parse(ends)), day);
      assert.ok(dayOf(Date.parse(begins) - 1) < day);
      assert.equal(dayStart(Date.parse(ends) - 1), Date.parse(begins));
    });

  it('have dates that are counted without clocks', () => {
    assert.equal(dayAfter('2026-02-28', 1), '2026-03-01');
    assert.equal(dayAfter('2026-01-01', -1), '2025-12-31');
    assert.equal(daysBetween('2026-03-07', '2026-03-09'), 2);
  });

  it('show their own clocks', () => {
    setDeskZone('Asia/Tokyo');
    assert.match(time(Date.parse('2026-11-20T15:30:00Z')), /^(12:30\sAM|0:30|00:30)$/);
    assert.match(dateTime(Date.parse('2026-11-20T15:30:00Z')), /21/);
    assert.match(zoneName('Asia/Tokyo'), /Japan/);
  });

  it('have mornings', () => {
    setDeskZone('America/New_York');
    assert.equal(new Date(hourOf('2026-11-01', 9)).toISOString(), '2026-11-01T14:00:00.000Z');
    const friday = snoozeChoices(new Date('2026-10-31T03:00:00Z')); // Friday evening there
    assert.deepEqual(
      friday.slice(2).map(({ until }) => until?.toISOString()),
      ['2026-10-31T13:00:00.000Z', '2026-11-02T14:00:00.000Z', '2026-11-06T14:00:00.000Z', undefined],
    );
    const idsAt = (at: string): string[] => snoozeChoices(new Date(at)).map(({ id }) => id);
    assert.deepEqual(idsAt('2026-11-01T17:00:00Z'), ['hour', 'later', 'tomorrow', 'week', 'answer'], 'a Sunday');
    assert.deepEqual(idsAt('2026-11-02T17:00:00Z'), ['hour', 'later', 'tomorrow', 'monday', 'answer'], 'a Monday');
  });

  it('are those of the browser when it does not know the zone', () => {
    setDeskZone('Asia/Atlantis');
    assert.equal(deskZone(), undefined);
    assert.equal(dayOf(dayBegins('2026-11-21')), '2026-11-21');
  });
});
