// One scroll of a life: every kind of entry in its own way, older ones without a jump, travel by the journey strip.
import assert from 'node:assert/strict';
import { after, before, describe, it } from 'node:test';
import type { Locator, Page } from 'playwright-core';
import type { PutEntry } from '../../agent-web/protocol/src/index.ts';
import { waitFor } from '../system/harness.ts';
import { Desk, soon } from './lib/browser.ts';

const DAY = 86_400_000;
const MANY = 300;
const WHO = { kind: 'email', value: 'vera@customer.example', name: 'Vera Long' } as const;
const at = (ago: number) => new Date(Date.now() - ago).toISOString();

const KINDS: PutEntry[] = [
  { kind: 'message', direction: 'in', subject: 'Hello', text: 'A message from Vera', identity: WHO, external_id: 'k1' },
  { kind: 'message', direction: 'out', text: 'An answer to Vera', delivery: 'delivered', identity: WHO, external_id: 'k2' },
  { kind: 'note', direction: 'internal', text: 'A note about Vera', identity: WHO, external_id: 'k3' },
  {
    kind: 'call',
    direction: 'in',
    payload: { state: 'completed', duration_s: 192, from: '+49301', transcript: 'She asked for Anna.' },
    identity: WHO,
    external_id: 'k4',
  },
  { kind: 'points', payload: { delta: 40, balance: 140, tier: 'Gold', reason: 'Purchase' }, identity: WHO, external_id: 'k5' },
  { kind: 'visit', payload: { url: 'https://shop.example/chairs', title: 'Chairs' }, identity: WHO, external_id: 'k6' },
  { kind: 'campaign', payload: { name: 'Spring sale' }, identity: WHO, external_id: 'k7' },
  { kind: 'survey', payload: { question: 'Were you content?', score: 4, answer: 'Mostly' }, identity: WHO, external_id: 'k8' },
  { kind: 'message', direction: 'in', text: 'Odd payload', payload: { type: 'location', latitude: 'x', attachments: 7 }, identity: WHO, external_id: 'k9' },
  { kind: 'call', direction: 'in', payload: {}, identity: WHO, external_id: 'k10' },
].map((entry, index) => ({ ...entry, occurred_at: at(DAY / 2 - index * 60_000) }) as PutEntry);

describe('console, timeline', () => {
  let desk: Desk;
  let person = '';
  let page: Page;
  let scroller: Locator;

  before(async () => {
    desk = await Desk.open();
    const shop = await desk.server.channel('api', 'Shop');
    const history: PutEntry[] = Array.from({ length: MANY }, (_, index) => ({
      kind: 'message',
      direction: index % 3 ? 'in' : 'out',
      identity: WHO,
      external_id: `h${index}`,
      text: `Message number ${index}. ${'It goes on for a while. '.repeat(index % 7)}`,
      occurred_at: at((MANY - index) * 0.7 * DAY + DAY),
    }));
    for (let from = 0; from < history.length; from += 200)
      await desk.server.api('entries.put', { channel_id: shop.id, entries: history.slice(from, from + 200), history: 'yes' });
    await desk.server.api('entries.put', { channel_id: shop.id, entries: KINDS });
    await desk.server.api('orders.put', {
      channel_id: shop.id,
      orders: (['placed', 'shipped'] as const).map((state, index) => ({
        identities: [WHO],
        order: {
          external_id: 'o1',
          number: '1042',
          state,
          place: 'web',
          currency: 'EUR',
          total: '249.00',
          placed_at: at(DAY / 4),
          updated_at: at(DAY / 4 - index * 60_000),
          items: [{ name: 'Chair', quantity: 2, price: '124.50' }],
          tracking: index ? [{ carrier: 'DHL', number: '0034', url: 'https://dhl.example/0034' }] : [],
        },
      })),
    });
    const { hits } = await desk.server.api('customer.search', { query: 'vera@customer.example' });
    person = hits[0]!.id;
    page = await desk.console({}, undefined, `#/inbox/all/${person}`);
    scroller = page.getByRole('log', { name: 'Timeline' });
    await page.getByRole('article').first().waitFor();
  });
  after(() => desk.end());

  const top = () => scroller.evaluate((element) => element.scrollTop);
  const distanceToEnd = () => scroller.evaluate((element) => element.scrollHeight - element.clientHeight - element.scrollTop);

  /** Scrolls to the text, from the end upwards, and gives what holds it. */
  async function find(text: string): Promise<Locator> {
    const found = scroller.getByText(text, { exact: false }).first();
    await waitFor(`"${text}" is shown`, async () => {
      if (await found.isVisible()) return true;
      await scroller.evaluate((element) => {
        element.scrollTop -= 150;
      });
      return false;
    });
    return found;
  }

  it('begins at the newest and draws each kind in its own way', async () => {
    await waitFor('it is at the end', async () => (await distanceToEnd()) < 4);
    const order = page.getByRole('article').filter({ hasText: 'Order 1042' });
    await order.getByRole('list', { name: 'Order is: Shipped' }).waitFor();
    await soon(async () => assert.equal(await order.getByRole('link', { name: 'Track' }).getAttribute('href'), 'https://dhl.example/0034'));
    await find('Order 1042 · Placed');
    await find('Odd payload');
    await find('Were you content?');
    await find('Received “Spring sale”');
    await find('Looked at Chairs');
    await find('Earned 40 points · Purchase · balance 140 · Gold');
    await find('Answered · 3:12 · +49301');
    await page.getByRole('button', { name: 'Transcript' }).click();
    await find('She asked for Anna.');
    await find('A note about Vera');
    await (await find('An answer to Vera')).waitFor();
    await page.getByText('Delivered', { exact: true }).first().waitFor();
    await find('A message from Vera');
  });

  it('keeps few rows in the page however many there are', async () => {
    const rows = scroller.locator('[data-index]');
    await waitFor('more than the first page is known', async () => Number(await rows.last().getAttribute('data-index')) > 150);
    await soon(async () => assert.ok((await rows.count()) < 60));
  });

  it('loads older entries without a jump', async () => {
    await page.reload();
    await page.getByRole('article').first().waitFor();
    // The row that is looked at must move by the distance of each pull, and between the pulls not at all.
    let worst = 0;
    let lost = 0;
    let last: { text: string; y: number } | null = null;
    const oldest = scroller.getByText('First contact');
    await waitFor(
      'the first contact is reached',
      async () => {
        const step: { now: { text: string; y: number } | null; jumps: number[]; missing: number } = await scroller.evaluate(async (element, before) => {
          const rows = () => [...element.querySelectorAll<HTMLElement>('[data-index]')];
          const find = (text: string) =>
            rows()
              .find((row) => row.innerText === text)
              ?.getBoundingClientRect().top;
          const jumps: number[] = [];
          let missing = 0;
          const check = (text: string, ...wanted: number[]) => {
            const y = find(text);
            if (y === undefined) missing++;
            else jumps.push(Math.min(...wanted.map((place) => Math.abs(y - place))));
          };
          if (before) check(before.text, before.y);
          const middle = element.getBoundingClientRect().top + element.clientHeight / 2;
          const row = rows().find((one) => one.getBoundingClientRect().bottom > middle && one.innerText.length > 20);
          if (!row) return { now: null, jumps, missing };
          const text = row.innerText;
          const y = row.getBoundingClientRect().top;
          const pull = Math.min(element.scrollTop, 400);
          element.scrollTop -= pull;
          for (let frame = 0; frame < 4; frame++) await new Promise(requestAnimationFrame);
          // A pull in the very frame in which older rows come may be lost; then nothing moves.
          check(text, y + pull, y);
          return { now: { text, y: find(text) ?? 0 }, jumps, missing };
        }, last);
        last = step.now;
        lost += step.missing;
        worst = Math.max(worst, ...step.jumps);
        return oldest.isVisible();
      },
      60_000,
    );
    assert.equal(lost, 0, 'a row that was looked at went away');
    assert.ok(worst <= 3, `a row jumped by ${worst} px`);
    await soon(async () => assert.equal(await page.getByText('Message number 0.').count(), 1));
  });

  it('goes to a time by the journey strip and back to now by its button', async () => {
    const strip = page.getByRole('slider', { name: 'Journey through time' });
    const box = (await strip.boundingBox())!;
    await strip.click({ position: { x: box.width / 2, y: 10 } });
    await waitFor('it is half a life back', async () => {
      const shown = await scroller.locator('article').first().innerText();
      const number = Number(/Message number (\d+)/.exec(shown)?.[1] ?? NaN);
      return Math.abs(number - MANY / 2) < 20;
    });
    assert.ok((await top()) > 0);
    await page.getByRole('button', { name: 'To now' }).click();
    await waitFor('it is at the end again', async () => (await distanceToEnd()) < 4);
    await page.getByRole('article').filter({ hasText: 'Order 1042' }).waitFor();
  });

  it('goes to the conversation that is asked for', async () => {
    const { conversations } = await desk.server.api('conversation.of_customer', { customer_id: person });
    const old = conversations.at(-1)!;
    const { entries } = await desk.server.api('timeline.page', { customer_id: person, limit: 500 });
    const text = entries.filter((entry) => entry.conversation_id === old.id).at(-1)?.text ?? '';
    const shown = scroller.getByText(text.slice(0, 22)).first();
    await soon(async () => assert.equal(await shown.count(), 0));
    await page.evaluate((hash) => {
      location.hash = hash;
    }, `#/inbox/all/${person}/${old.id}`);
    await waitFor('its first entry is in view', async () => {
      const [entry, view] = [await shown.boundingBox(), await scroller.boundingBox()];
      return entry && view && entry.y >= view.y && entry.y < view.y + view.height;
    });
    await page.getByRole('button', { name: 'To now' }).click();
    await waitFor('it is at the end again', async () => (await distanceToEnd()) < 4);
  });

  it('shows everything known of an entry', async () => {
    const article = page.getByRole('article').filter({ hasText: 'Order 1042' });
    await article.getByRole('button', { name: 'Details' }).click();
    const details = page.getByRole('dialog', { name: 'Details' });
    await details.getByText('vera@customer.example').waitFor();
    const { entries } = await desk.server.api('timeline.page', { customer_id: person, limit: 5 });
    const newest = entries.find((entry) => entry.kind === 'order')!;
    await details.getByText(newest.id).waitFor();
    await page.keyboard.press('Escape');
  });
});
