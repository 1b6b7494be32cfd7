// Days are those of the desk, in Tokyo, though the browser is in Berlin: marks in the timeline, clocks, counts, and what a search means by a day.
import assert from 'node:assert/strict';
import { after, before, describe, it } from 'node:test';
import type { Page } from 'playwright-core';
import { waitFor } from '../system/harness.ts';
import { Desk, soon } from './lib/browser.ts';

const WHO = { kind: 'email', value: 'hana@customer.example', name: 'Hana Day' } as const;

describe('console, days', () => {
  let desk: Desk;
  let person = '';

  before(async () => {
    desk = await Desk.open({ config: { desk: { time_zone: 'Asia/Tokyo' } } });
    const shop = await desk.server.channel('api', 'Shop');
    // A day in UTC and in Berlin, two in Tokyo.
    const said = { 'said before midnight': '2026-03-08T14:59:00Z', 'said after midnight': '2026-03-08T15:30:00Z' };
    await desk.server.api('entries.put', {
      channel_id: shop.id,
      entries: Object.entries(said).map(([text, at]) => ({ kind: 'message', direction: 'in', identity: WHO, external_id: at, text, occurred_at: at })),
    });
    person = (await desk.server.api('customer.find', { kind: 'email', value: WHO.value })).id;
  });
  after(() => desk.end());

  const open = (language: 'en' | 'ja', hash = `#/inbox/all/${person}`): Promise<Page> => desk.console({ language }, undefined, hash);

  it('are marked, and clocked, where the desk is', async () => {
    const page = await open('en');
    const log = page.getByRole('log', { name: 'Timeline' });
    await page.getByText('said after midnight').last().waitFor();
    const shown = await waitFor('both days are marked', async () => {
      const text = await log.innerText();
      return /March 8[\s\S]*said before midnight[\s\S]*March 9[\s\S]*said after midnight/.test(text) ? text : null;
    });
    assert.match(shown, /11:59\sPM/);
    assert.match(shown, /12:30\sAM/);
    await page.getByText('Days: Japan Standard Time').waitFor();
  });

  it('are said in Japanese', async () => {
    const page = await open('ja');
    await page.getByText('日付：日本標準時').waitFor();
    await page.getByText('3月9日').first().waitFor();
  });

  it('are the same when they are searched', async () => {
    const page = await open('en', '#/search?q=midnight&from=2026-03-09&to=2026-03-09');
    const results = page.getByRole('main');
    await results.getByText('said after').first().waitFor();
    await soon(async () => assert.equal(await results.getByText('said before').count(), 0));
    await page.getByRole('button', { name: 'Mar 9 – Mar 9' }).click();
    await page.getByText('Days: Japan Standard Time').waitFor();
  });
});
