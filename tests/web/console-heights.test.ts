// What the list guesses of rows that it has not drawn yet, against what they measure: each kind, three widths.
import assert from 'node:assert/strict';
import { after, before, describe, it } from 'node:test';
import { guessHeight } from '../../agent-web/console/src/timeline/heights.ts';
import { buildRows } from '../../agent-web/console/src/timeline/rows.ts';
import type { Entry, PutEntry } from '../../agent-web/protocol/src/index.ts';
import { ADMIN, allPut, waitFor } from '../system/harness.ts';
import { Desk } from './lib/browser.ts';
import { email, personBy } from './lib/desk.ts';
import { MailBox } from './lib/people.ts';

const OFF_MAX = 0.08; // of all heights
const DAYS_AGO_MS = 10 * 86_400_000;

describe('console, heights of rows', () => {
  let desk: Desk;
  let id: string;
  let serial = 0;

  const words = (n: number): string => 'Some more words of it. '.repeat(n);
  const put = (more: Partial<PutEntry>): PutEntry => {
    const n = serial++;
    const occurred_at = new Date(Date.now() - DAYS_AGO_MS + n * 3_600_000).toISOString();
    return { identity: email('kinds@example.net', 'Kinds'), external_id: `k${n}`, occurred_at, kind: 'message', direction: 'in', ...more };
  };

  before(async () => {
    desk = await Desk.open();
    const mail = await MailBox.of(desk.server);
    const channel_id = (await desk.server.channel('api', 'Old system')).id;
    const entries = [0, 1, 2, 4, 8, 16].flatMap((n) => [
      put({ text: `In. ${words(n)}` }),
      put({ direction: 'out', text: `Out. ${words(n)}` }),
      put({ text: `日本語の文。${'これは長い文です。'.repeat(n * 3)}` }),
    ]);
    entries.push(put({ text: 'a\nb\nc\nd\ne\nf' }));
    for (const n of [1, 20]) entries.push(put({ kind: 'note', direction: 'internal', text: words(n) }));
    for (const state of ['ended', 'missed']) entries.push(put({ kind: 'call', payload: { state, duration_s: 65 } }));
    entries.push(
      put({ kind: 'visit', text: 'Page', payload: { url: 'https://shop.example/1', title: 'Page' } }),
      put({ kind: 'points', payload: { balance: 5, change: 5 } }),
    );
    entries.push(put({ kind: 'survey', text: 'Fine', payload: { question: 'How was it?', answer: 'Fine', score: 5 } }));
    allPut(await desk.server.api('entries.put', { channel_id, entries, history: 'yes' }));
    for (const n of [1, 8, 40]) await mail.receive({ from: 'kinds@example.net', fromName: 'Kinds', subject: `Mail of ${n}`, text: words(n) });
    await mail.receive({ from: 'kinds@example.net', fromName: 'Kinds', subject: 'Paragraphs', text: Array.from({ length: 6 }, () => words(5)).join('\n\n') });
    const now = new Date().toISOString();
    const order = (n: number) => ({
      identities: [{ kind: 'email' as const, value: 'kinds@example.net' }],
      order: {
        external_id: `o${n}`,
        number: `10${n}`,
        state: 'shipped' as const,
        place: 'web' as const,
        currency: 'EUR',
        total: '9.00',
        placed_at: now,
        updated_at: now,
        items: Array.from({ length: n }, () => ({ name: 'Chair', quantity: 1, price: '9.00' })),
      },
    });
    await desk.server.api('orders.put', { channel_id, orders: [order(1), order(3)] });
    id = await personBy(desk.server, 'kinds@example.net');
  });
  after(() => desk.end());

  for (const width of [1280, 1920, 390])
    it(`are guessed well at ${width}`, async (t) => {
      const page = await desk.page({ width, height: 6000 });
      await page.request.post(`${desk.server.url}/api/v1/session.login`, { data: ADMIN });
      await page.goto(`${desk.server.url}/#/person/${id}`);
      await page.locator('[data-phase=live]').waitFor();
      const { entries } = await desk.server.api('timeline.page', { customer_id: id, limit: 200 });
      const rows = buildRows([...entries].reverse() as Entry[], [], false, Date.now());
      const measure = (): Promise<[string, number][]> =>
        page.evaluate(() => [...document.querySelectorAll<HTMLElement>('[data-row]')].map((row) => [row.dataset['row']!, row.getBoundingClientRect().height]));
      const real = new Map(await waitFor('the rows stand', async () => ((await page.locator('article').count()) > 20 ? measure() : null)));
      const column = await page
        .locator('[role=log] > div')
        .first()
        .evaluate((element) => element.clientWidth);
      const pairs = rows.filter(({ key }) => real.has(key)).map((row) => [guessHeight(row, column), real.get(row.key)!] as const);
      const off = pairs.reduce((sum, [guess, height]) => sum + Math.abs(guess - height), 0) / pairs.reduce((sum, [, height]) => sum + height, 0);
      t.diagnostic(`${pairs.length} rows, off by ${(off * 100).toFixed(1)} % of their height`);
      assert.ok(pairs.length > 30 && off < OFF_MAX, `${off}`);
      await page.context().close();
    });
});
