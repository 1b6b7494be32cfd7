// Days of a search that are others tomorrow.
import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import { daysOf } from '../src/search/days.ts';
import { setDeskZone } from '../src/lib/zone.ts';

describe('the days of a search', () => {
  setDeskZone('Asia/Tokyo');
  // In Tokyo it is March 1 already.
  const now = Date.parse('2026-02-28T16:00:00Z');

  it('are those of the desk', () => {
    assert.deepEqual(daysOf({ days: 'today' }, now), ['2026-03-01', '2026-03-01']);
    assert.deepEqual(daysOf({ days: 'week' }, now), ['2026-02-23', '2026-03-01']);
    assert.deepEqual(daysOf({ days: 'month' }, now), ['2026-02-01', '2026-02-28']);
  });

  it('of the last month go over the year', () => {
    assert.deepEqual(daysOf({ days: 'month' }, Date.parse('2026-01-15T12:00:00Z')), ['2025-12-01', '2025-12-31']);
    assert.deepEqual(daysOf({ days: 'month' }, Date.parse('2028-03-31T12:00:00Z')), ['2028-02-01', '2028-02-29']);
  });

  it('are those that were named, or any', () => {
    assert.deepEqual(daysOf({ from: '2026-01-05' }, now), ['2026-01-05', undefined]);
    assert.deepEqual(daysOf({}, now), [undefined, undefined]);
  });
});
