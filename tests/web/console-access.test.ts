// For everybody: what axe finds, both languages, small screens; and small to load.
import assert from 'node:assert/strict';
import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { after, before, describe, it } from 'node:test';
import { fileURLToPath } from 'node:url';
import { gzipSync } from 'node:zlib';
import axe from 'axe-core';
import type { Page } from 'playwright-core';
import { ADMIN, randomUUID, waitFor } from '../system/harness.ts';
import { Desk, row, soon } from './lib/browser.ts';
import { LineFriend, MailBox } from './lib/people.ts';

const DIST = fileURLToPath(new URL('../../agent-web/console/dist', import.meta.url));
const FIRST_LOAD_MAX = 250_000;

async function findings(page: Page): Promise<string[]> {
  // By the debugger, since the page's own policy lets no foreign script in.
  await page.evaluate(axe.source);
  const result = await page.evaluate(() => (globalThis as unknown as { axe: typeof axe }).axe.run(document, { resultTypes: ['violations'] }));
  assert.ok(result.passes.length > 5, 'axe has looked');
  return result.violations.map(
    (one) =>
      `${one.id}: ${one.nodes
        .map((node) => `${node.html.slice(0, 160)} ${node.any.map((check) => check.message).join('; ')}`)
        .slice(0, 4)
        .join('\n   ')}`,
  );
}

describe('console, for everybody', () => {
  let desk: Desk;

  before(async () => {
    desk = await Desk.open();
    const line = await LineFriend.of(desk.server);
    const mail = await MailBox.of(desk.server);
    await line.write('明日の午前中だと助かります。');
    await mail.receive({ from: 'anna@customer.example', fromName: 'Anna Lindqvist', subject: 'Chair', text: 'One leg is loose.\n\nAnna' });
    await mail.receive({ from: 'anna@other.example', fromName: 'Anna Other', subject: 'Lamp', text: 'Another Anna.' });
    const chat = await desk.server.channel('chat', 'Chat');
    const visitor = await desk.server.visitor();
    await visitor.call('chat.hello', { channel_id: chat.id });
    await visitor.call('chat.send', { client_id: randomUUID(), text: 'It is me, Anna' });
    await visitor.call('chat.identify', { email: 'anna@customer.example', name: 'Anna' });
    visitor.close();
    await desk.server.api('attribute.put', { key: 'size', label: 'Size', type: 'number' });
    const shop = await desk.server.channel('api', 'Shop');
    await desk.server.api('orders.put', {
      channel_id: shop.id,
      orders: [
        {
          identities: [{ kind: 'email', value: 'anna@customer.example' }],
          order: {
            external_id: '1',
            number: '1042',
            state: 'shipped',
            place: 'web',
            currency: 'EUR',
            total: '249.00',
            placed_at: new Date().toISOString(),
            updated_at: new Date().toISOString(),
            items: [{ name: 'Chair', quantity: 1, price: '249.00' }],
          },
        },
      ],
    });
  });
  after(() => desk.end());

  for (const theme of ['light', 'dark'] as const) {
    it(`axe finds nothing serious in the ${theme} appearance`, async () => {
      const login = await desk.page({ theme });
      await login.goto(desk.server.url);
      await login.getByLabel('Email').waitFor();
      assert.deepEqual(await findings(login), [], 'login');
      await login.context().close();

      const page = await desk.console({ theme });
      await row(page, 'Anna Lindqvist').click();
      await page.getByRole('article').filter({ hasText: 'Order 1042' }).waitFor();
      assert.deepEqual(await findings(page), [], 'inbox');
      await page.keyboard.press('n');
      await page.getByRole('textbox', { name: 'Your note' }).fill(`For us in ${theme}.`);
      await page.keyboard.press('Control+Enter');
      await page
        .getByRole('article')
        .filter({ hasText: `For us in ${theme}.` })
        .waitFor();
      await page.keyboard.press('Control+k');
      await page.getByRole('combobox').waitFor();
      assert.deepEqual(await findings(page), [], 'palette');
      await page.keyboard.press('Escape');
      await page.keyboard.press('f');
      await page.getByRole('region', { name: 'Filter the timeline' }).waitFor();
      assert.deepEqual(await findings(page), [], 'filters');
      await page.getByRole('button', { name: 'Close the filters' }).click();
      await page.keyboard.press('i');
      await page
        .getByRole('dialog', { name: /came from/ })
        .getByRole('checkbox')
        .first()
        .waitFor();
      assert.deepEqual(await findings(page), [], 'where identities came from');
      await page.keyboard.press('Escape');
      await page.getByRole('dialog').waitFor({ state: 'detached' });
      await page.keyboard.press('m');
      await page.getByRole('combobox').fill('Anna Other');
      await page.getByRole('option').filter({ hasText: 'Anna Other' }).waitFor();
      await page.keyboard.press('Enter');
      await page.getByRole('button', { name: 'Merge', exact: true }).waitFor();
      assert.deepEqual(await findings(page), [], 'merge preview');
      await page.keyboard.press('Escape');
      await page.getByRole('dialog').waitFor({ state: 'detached' });
      for (const [hash, shown] of [
        ['#/duplicates', 'anna@customer.example'],
        ['#/search?q=loose', 'One leg is loose'],
      ] as const) {
        await page.evaluate((next) => {
          location.hash = next;
        }, hash);
        await page.getByRole('listitem').filter({ hasText: shown }).first().waitFor();
        assert.deepEqual(await findings(page), [], hash);
      }
      for (const section of [
        'channels',
        'channels/new',
        'channels/new/email',
        'agents',
        'tokens',
        'attributes',
        'keys',
        'import',
        'privacy',
        'blocked',
        'you',
      ]) {
        await page.evaluate((hash) => {
          location.hash = hash;
        }, `#/settings/${section}`);
        await page.getByRole('heading', { level: 2 }).waitFor();
        assert.deepEqual(await findings(page), [], section);
      }
      await page.context().close();
    });
  }

  it('speaks Japanese throughout', async () => {
    const page = await desk.console({ language: 'ja' });
    await soon(async () => assert.equal(await page.locator('html').getAttribute('lang'), 'ja'));
    await page.getByRole('heading', { name: '対応中の会話' }).waitFor();
    await page.getByRole('link').filter({ hasText: 'Anna Lindqvist' }).first().click();
    await page.getByRole('article').first().waitFor();
    await page.getByRole('button', { name: '解決済みにする' }).waitFor();
    await page.getByRole('textbox', { name: '返信の内容' }).waitFor();
    await page.context().close();
  });

  for (const width of [1920, 1280, 1000, 390]) {
    it(`fits at ${width} pixels: nothing runs out of the page`, async () => {
      const page = await desk.console({ width, height: 800 }, ADMIN);
      await row(page, 'Anna Lindqvist').click();
      await page.getByRole('article').first().waitFor();
      await page.getByRole('textbox', { name: 'Your answer' }).waitFor();
      const wide = await page.evaluate(() =>
        [...document.querySelectorAll('button, input, textarea, article, h1, h2, nav')]
          .filter((element) => element.getClientRects().length > 0 && getComputedStyle(element).visibility !== 'hidden')
          .filter((element) => element.getBoundingClientRect().right > innerWidth + 1)
          .map((element) => element.outerHTML.slice(0, 120)),
      );
      assert.deepEqual(wide, []);
      await page.context().close();
    });
  }

  it('loads at most 250 kB of script at first, gzipped', () => {
    const html = readFileSync(join(DIST, 'index.html'), 'utf8');
    const first = [...html.matchAll(/(?:src|href)="\.\/(assets\/[^"]+\.js)"/g)].map((match) => match[1]!);
    assert.ok(first.length > 0, 'index.html names its script');
    const size = first.reduce((sum, name) => sum + gzipSync(readFileSync(join(DIST, name))).length, 0);
    assert.ok(size <= FIRST_LOAD_MAX, `${size} bytes`);
    assert.ok(
      readdirSync(join(DIST, 'assets')).some((name) => name.startsWith('Settings-')),
      'the settings are loaded when asked for',
    );
  });

  it('is reached by the keyboard: the answer in few stops, the list as one, entries by name', async () => {
    const page = await desk.console();
    await row(page, 'Anna Lindqvist').click();
    await page.getByRole('article').first().waitFor();
    assert.match(await page.title(), /Anna Lindqvist · Throughline$/);
    await soon(async () =>
      assert.match(
        (await page.getByRole('article').filter({ hasText: 'One leg is loose' }).getAttribute('aria-label')) ?? '',
        /^Anna Lindqvist, Email, .*\d:\d\d/,
      ),
    );
    const focused = (): Promise<string> => page.evaluate(() => document.activeElement?.getAttribute('aria-label') ?? document.activeElement?.textContent ?? '');
    const begin = (): Promise<void> => page.evaluate(() => (document.activeElement as HTMLElement).blur());
    await page.reload();
    await page.getByRole('article').first().waitFor();
    let tabs = 0;
    for (; tabs < 10 && (await focused()) !== 'To the answer'; tabs++) await page.keyboard.press('Tab');
    assert.ok(tabs <= 3, `${tabs} tabs`);
    await page.keyboard.press('Enter');
    await waitFor('the box has the focus', async () => (await focused()) === 'Your answer');
    await begin();
    await page.getByRole('button', { name: 'To the list' }).focus();
    await page.keyboard.press('Enter');
    const rows = page.locator('[data-conversation] a');
    assert.equal(await rows.evaluateAll((all) => all.filter((one) => (one as HTMLElement).tabIndex === 0).length), 1, 'one stop for all rows');
    const held = (): Promise<string | undefined> =>
      page.evaluate(() => document.activeElement?.closest<HTMLElement>('[data-conversation]')?.dataset['conversation']);
    const from = await waitFor('a row has the focus', held);
    await page.keyboard.press('ArrowDown');
    const next = await waitFor('the next one has it', async () => ((await held()) === from ? null : await held()));
    await page.keyboard.press('ArrowUp');
    await waitFor('the first has it again', async () => (await held()) === from);
    assert.notEqual(next, from);
    assert.match(page.url(), /inbox/);
    await page.getByRole('button', { name: 'To the timeline' }).focus();
    await page.keyboard.press('Enter');
    await waitFor('the timeline has the focus', async () => (await focused()) === 'Timeline');
    await page.context().close();
  });
});
