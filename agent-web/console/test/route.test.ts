// Addresses: as the console writes them, and cut, mistyped or made up.
import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import { hrefOf, parseRoute, type Route } from '../src/app/route.ts';

describe('an address', () => {
  const inbox = { page: 'inbox', view: 'open', medium: null, sort: 'newest', customerId: null, conversationId: null, entryId: null } as const;

  it('is read as it was written', () => {
    const routes: Exclude<Route, { page: 'missing' }>[] = [
      { ...inbox, medium: 'line', sort: 'waiting', customerId: 'c 1', conversationId: 'k/2' },
      { page: 'search', query: '100 % #7', filter: { by: 'email', from: '2026-02-28', to: '2026-03-01', tag: 'a&b' }, show: 'people' },
      { page: 'search', query: 'x', filter: { days: 'month', channel: 'c', status: 'open,snoozed' }, show: 'conversations' },
      { page: 'settings', section: 'channels', rest: ['x%y'] },
    ];
    for (const route of routes) assert.deepEqual(parseRoute(hrefOf(route)), route);
  });

  it('that was cut in the middle of a character leads somewhere', () => {
    assert.deepEqual(parseRoute('#/%'), { page: 'missing' });
    assert.deepEqual(parseRoute('#/inbox/%E0%A4'), { page: 'missing' });
    assert.deepEqual(parseRoute('#/settings/channels/%E3%81'), { page: 'settings', section: 'channels', rest: ['%E3%81'] });
  });

  it('loses what nobody knows: media, orders, days', () => {
    for (const by of ['nonsense', '__proto__', 'constructor', '%00', '']) assert.deepEqual(parseRoute(`#/inbox/open?by=${by}`), inbox);
    assert.deepEqual(parseRoute('#/inbox/open?sort=nonsense'), inbox);
    for (const day of ['abc', '0000-00-00', '2026-13-45', '99999-01-01', '2026-01-01T00']) {
      assert.deepEqual(parseRoute(`#/search?q=x&from=${day}&to=${day}&days=${day}&show=${day}&kind=note`), {
        page: 'search',
        query: 'x',
        filter: { kind: 'note' },
        show: 'people',
      });
    }
  });
});
