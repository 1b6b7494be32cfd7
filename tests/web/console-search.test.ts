// Everything that was ever said is found, and every entry has an address: search, filters, links, the journey's jumps.
import assert from 'node:assert/strict';
import { after, before, describe, it } from 'node:test';
import type { Locator, Page } from 'playwright-core';
import type { PutEntry } from '../../agent-web/protocol/src/index.ts';
import { waitFor } from '../system/harness.ts';
import { Desk, PASSWORD, soon } from './lib/browser.ts';
import { email, goTo, newestEntry, personBy, said, wrote } from './lib/desk.ts';

const DAY = 86_400_000;
const MANY = 600;
const VERA = email('vera@customer.example', 'Vera Lindqvist');

describe('console, search', () => {
  let desk: Desk;
  let page: Page;
  let vera = '';
  let mail = '';
  let scroller: Locator;

  const inView = async (text: string): Promise<boolean> => {
    const [entry, view] = [await said(page, text).boundingBox(), await scroller.boundingBox()];
    return !!entry && !!view && entry.y < view.y + view.height && entry.y + entry.height > view.y;
  };
  const openFilters = async (): Promise<Locator> => {
    const bar = page.getByRole('region', { name: 'Filter the timeline' });
    if ((await bar.count()) === 0) await page.getByRole('button', { name: 'Filter the timeline' }).click();
    await bar.waitFor();
    return bar;
  };

  before(async () => {
    desk = await Desk.open();
    const { server } = desk;
    mail = (await server.channel('api', 'Mail')).id;
    const story: PutEntry[] = Array.from({ length: MANY }, (_, n) => ({
      kind: 'message',
      direction: n % 3 ? 'in' : 'out',
      identity: VERA,
      external_id: `v${n}`,
      text:
        n === 40
          ? 'Die Lieferung der Teekanne ist zerbrochen angekommen'
          : n === 41
            ? '注文の領収書を再発行してください'
            : `Number ${n} of Vera’s story. ${'Words and words. '.repeat(n % 5)}`,
      occurred_at: new Date(Date.now() - (MANY - n) * DAY).toISOString(),
    }));
    for (let from = 0; from < MANY; from += 200) await server.api('entries.put', { channel_id: mail, entries: story.slice(from, from + 200), history: 'yes' });
    vera = await personBy(server, 'vera@customer.example');
    await wrote(server, mail, email('tom@customer.example', 'Tom Teekanne'), 'Somebody else asks for order #5512', {
      occurred_at: new Date(Date.now() - DAY).toISOString(),
    });
    await waitFor('all of it is indexed', async () => {
      const found = await server.api('search.query', { query: '領収書' });
      const tom = await server.api('search.query', { query: 'Tom Teekanne' });
      return found.complete && found.people.length === 1 && tom.people.length > 0;
    });
    page = await desk.console();
    scroller = page.getByRole('log', { name: 'Timeline' });
  });
  after(() => desk.end());

  it('finds people and words of all years, marks them, and goes to the entry', async () => {
    await goTo(page, '#/search?q=');
    const box = page.getByRole('searchbox', { name: 'Search people, messages, orders, files' });
    await box.fill('teekanne');
    const results = page.getByRole('list', { name: 'Results by person' });
    await results.getByRole('link', { name: /Tom Teekanne/ }).waitFor();
    await results.locator('mark').filter({ hasText: 'Teekanne' }).first().waitFor();
    const hit = results.getByRole('link').filter({ hasText: 'zerbrochen' });
    await hit.waitFor();
    await waitFor('the address holds what is searched', () => page.url().includes('q=teekanne'));
    await box.press('ArrowDown');
    await page.keyboard.press('ArrowUp');
    assert.ok(await box.evaluate((element) => element === document.activeElement), 'back in the box');
    await hit.focus();
    await page.keyboard.press('Enter');
    await waitFor('the entry is in view', () => inView('zerbrochen angekommen'));
    await page.locator('[aria-current=true]').getByText('zerbrochen angekommen').waitFor();
    assert.match(page.url(), new RegExp(`#/person/${vera}/entry/`));
    await page.goBack();
    await results.getByRole('link').filter({ hasText: 'zerbrochen' }).waitFor();
  });

  it('is narrowed by channel, kind and time, and finds Japanese within words', async () => {
    await goTo(page, '#/search?q=%E9%A0%98%E5%8F%8E%E6%9B%B8');
    const results = page.getByRole('list', { name: 'Results by person' });
    await results.locator('mark').filter({ hasText: '領収書' }).waitFor();
    await page.getByRole('group', { name: 'Narrow the search' }).getByRole('button', { name: 'Kind' }).click();
    await page.getByRole('menuitemcheckbox', { name: 'Note' }).click();
    await page.keyboard.press('Escape');
    await page.getByText('Nothing found for “領収書”').waitFor();
    await page.getByRole('button', { name: 'Search without filters' }).click();
    await results.locator('mark').filter({ hasText: '領収書' }).waitFor();
    const from = new Date(Date.now() - 30 * DAY).toISOString().slice(0, 10);
    await goTo(page, `#/search?q=%E9%A0%98%E5%8F%8E%E6%9B%B8&from=${from}`);
    await page.getByText('Nothing found for “領収書”').waitFor();
  });

  it('says why: in what it was found, and how it agrees with what was typed', async () => {
    const { server } = desk;
    const shop = (await server.channel('api', 'Why shop')).id;
    const nora = email('nora.whyte@parts.example', 'Nora Whyte');
    const order = {
      identities: [nora],
      order: {
        external_id: 'why',
        number: '#EC-77001',
        state: 'shipped' as const,
        place: 'web' as const,
        currency: 'EUR',
        total: '40.00',
        placed_at: new Date(Date.now() - 3 * DAY).toISOString(),
        updated_at: new Date(Date.now() - 2 * DAY).toISOString(),
        items: [{ name: 'Samovar', quantity: 1, price: '40.00' }],
        tracking: [{ carrier: 'UPS', number: '1Z 999 AA1 0123 4567 84' }],
      },
    };
    await server.api('orders.put', { channel_id: shop, orders: [order] } as never);
    await wrote(server, mail, nora, 'Both samovars came with the wrong plug, please refund them', { subject: 'The samovars' } as never);
    await server.api('customer.update', { id: await personBy(server, 'nora.whyte@parts.example'), company: 'Teahouse Ltd' });
    await waitFor('it is indexed', async () => (await server.api('search.query', { query: 'teahouse' })).people.length === 1);
    const results = page.getByRole('list', { name: 'Results by person' });
    const ask = async (query: string, said: string, marked: string): Promise<void> => {
      await goTo(page, `#/search?q=${encodeURIComponent(query)}`);
      const why = results.locator('a').filter({ hasText: said });
      await why.first().waitFor();
      await why.locator('mark').filter({ hasText: marked }).first().waitFor();
    };
    await ask('parts.ex', 'Email: nora.whyte@parts.example (part of the address)', 'parts.ex');
    await ask('Nora Whtye', 'Name (similar spelling)', 'Whyte');
    await ask('teahouse', 'Company: Teahouse Ltd', 'Teahouse');
    await ask('7001', 'Order number (last digits)', '7001');
    await ask('1z999aa10123456784', 'Tracking number (the same number)', '1Z 999 AA1 0123 4567 84');
    await ask('plugs', 'Text (singular or plural)', 'plug');
    await ask('nora refund', 'Written by this person', 'refund');
    await waitFor('each place has words', async () => !(await results.innerText()).includes('search.'));
  });

  it('finds in the palette what was said, and goes there', async () => {
    await goTo(page, '#/inbox/open');
    await page.keyboard.press('Control+k');
    await page.getByRole('combobox').fill('zerbrochen');
    await page.getByRole('option').filter({ hasText: 'zerbrochen angekommen' }).click();
    await waitFor('the entry is in view', () => inView('zerbrochen angekommen'));
  });

  it('opens an entry by its address, pages both ways from there, and goes back to now', async () => {
    const { entries } = await desk.server.api('timeline.page', { customer_id: vera, limit: 500 });
    const old = entries.find((entry) => entry.text?.startsWith('Number 250 '))!;
    await goTo(page, `#/person/${vera}/entry/${old.id}`);
    await page.reload();
    await said(page, 'Number 250 of').waitFor();
    await waitFor('it is in view', () => inView('Number 250 of'));
    const reach = (text: string, step: number) =>
      waitFor(`${text} is reached`, async () => {
        if (await said(page, text).count()) return true;
        await scroller.evaluate((element, by) => {
          element.scrollTop += by;
        }, step);
        return false;
      });
    await reach('Number 190 of', -400);
    await reach('Number 320 of', 500);
    await page.getByRole('button', { name: 'To now' }).click();
    await waitFor('the newest is in view', () => inView(`Number ${MANY - 1} of`));
    assert.doesNotMatch(page.url(), /entry/);
  });

  it('copies the address of an entry', async () => {
    await goTo(page, `#/person/${vera}`);
    const newest = said(page, `Number ${MANY - 1} of`);
    await newest.hover();
    await page.context().grantPermissions(['clipboard-read', 'clipboard-write']);
    await newest.getByRole('button', { name: 'More' }).click();
    await page.getByRole('menuitem', { name: 'Copy link' }).click();
    const entry = await newestEntry(desk.server, vera, `Number ${MANY - 1} of`);
    await waitFor(
      'it is on the clipboard',
      async () => (await page.evaluate(() => navigator.clipboard.readText())) === `${desk.server.url}/#/person/${vera}/entry/${entry.id}`,
    );
  });

  it('narrows the timeline, says so, lets new ones in that fit, and is cleared', async () => {
    const { server } = desk;
    await goTo(page, `#/person/${vera}`);
    await said(page, `Number ${MANY - 1} of`).waitFor();
    const bar = await openFilters();
    await bar.getByRole('searchbox').fill('領収書');
    await bar.getByText('Filtered: 1 entry. New ones that fit still appear.').waitFor();
    await said(page, '注文の領収書').waitFor();
    await soon(async () => assert.equal(await said(page, `Number ${MANY - 1} of`).count(), 0));
    await wrote(server, mail, VERA, 'もう一度、領収書をお願いします');
    await wrote(server, mail, VERA, 'Something that does not fit');
    await said(page, 'もう一度、領収書').waitFor();
    await bar.getByText('Filtered: 2 entries.').waitFor();
    await soon(async () => assert.equal(await said(page, 'Something that does not fit').count(), 0));
    await bar.getByRole('button', { name: 'Clear filters' }).click();
    await said(page, 'Something that does not fit').waitFor();
    await bar.getByRole('button', { name: 'Kind' }).click();
    await page.getByRole('menuitemcheckbox', { name: 'Call' }).click();
    await page.keyboard.press('Escape');
    await bar.getByText('Nothing fits these filters.').waitFor();
    await bar.getByRole('button', { name: 'Close the filters' }).click();
    await said(page, 'Something that does not fit').waitFor();
  });

  it('travels by the journey’s keys, comes closer, and shows all again', async () => {
    const strip = page.getByRole('slider', { name: 'Journey through time' });
    await strip.focus();
    await page.keyboard.press('Home');
    await waitFor('the beginning is in view', () => inView('Number 0 of'));
    const ticks = () => strip.locator('span').allTextContents();
    const whole = (await ticks()).join();
    await page.getByRole('button', { name: 'Zoom in' }).click();
    await waitFor('the axis tells less time', async () => (await ticks()).join() !== whole);
    await strip.focus();
    await page.keyboard.press('0');
    await waitFor('the axis tells all of it', async () => (await ticks()).join() === whole);
    await page.getByRole('button', { name: 'To now' }).click();
    await said(page, 'Something that does not fit').waitFor();
    await page.getByRole('table', { name: 'Contacts by month' }).waitFor({ state: 'attached' });
  });

  it('makes order numbers links, with what the order is now and was then', async () => {
    const { server } = desk;
    const shop = (await server.channel('api', 'Shop')).id;
    const order = (state: 'paid' | 'delivered', ago: number) => ({
      identities: [VERA],
      order: {
        external_id: 'o1',
        number: '#5512',
        state,
        place: 'web' as const,
        currency: 'EUR',
        total: '40.00',
        placed_at: new Date(Date.now() - 9 * DAY).toISOString(),
        updated_at: new Date(Date.now() - ago).toISOString(),
        items: [{ name: 'Teapot', quantity: 1, price: '40.00' }],
      },
    });
    await server.api('orders.put', { channel_id: shop, orders: [order('paid', 8 * DAY), order('delivered', 2 * DAY)] });
    await wrote(server, mail, VERA, 'Where is my order 5512?', { occurred_at: new Date(Date.now() - 5 * DAY).toISOString() });
    await goTo(page, `#/person/${vera}`);
    await page.reload();
    await said(page, 'Where is my order').getByRole('button', { name: '5512' }).click();
    const shown = page.getByRole('dialog', { name: 'Order 5512' });
    await shown.getByText('When this was written').waitFor();
    await shown.getByText('Paid', { exact: true }).first().waitFor();
    await shown.getByText('Delivered', { exact: true }).waitFor();
    await page.keyboard.press('Escape');
    const placed = page.getByRole('button', { name: /Order #5512 · Paid/ });
    await placed.click();
    await page.getByRole('article').filter({ hasText: 'Order #5512' }).getByText('Today: Delivered').waitFor();
    const tom = await personBy(server, 'tom@customer.example');
    await goTo(page, `#/person/${tom}`);
    await said(page, 'Somebody else asks').getByRole('button', { name: '#5512' }).click();
    await shown.getByRole('link', { name: 'Vera Lindqvist' }).waitFor();
    await page.keyboard.press('Escape');
  });

  it('shows what one may not read as a closed stub, and does not find it', async () => {
    const { server } = desk;
    const board = (await server.channel('api', 'Board')).id;
    await server.api('channel.update', { id: board, readers: 'admin' });
    await wrote(server, board, VERA, 'Only for the board: Geheimnis');
    await server.newAgent('Nils Agent');
    const agent = await desk.console({}, { email: 'nilsagent@example.com', password: PASSWORD }, `#/person/${vera}`);
    await agent.getByRole('article').filter({ hasText: 'your role may not read it' }).waitFor();
    await soon(async () => assert.equal(await agent.getByText('Geheimnis').count(), 0));
    await goTo(agent, '#/search?q=Geheimnis');
    await agent.getByText('Nothing found for “Geheimnis”').waitFor();
    await agent.context().close();
  });
});
